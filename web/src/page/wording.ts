/** What the page says of a result: as the command's notes do, in words for who sees no options. */
import type { OpenedFile } from "../engine/frames";
import type { Upsampled } from "../engine/library";
import type { Device } from "../engine/networks";
import { methodName } from "../engine/own_networks";

const number = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const value = new Intl.NumberFormat("en", { maximumSignificantDigits: 6, notation: "standard" });

export function sizeText({ width, height }: { width: number; height: number }): string {
  return `${width} × ${height}`;
}

function secondsText(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function deviceText({ provider, threads }: Device): string {
  return provider === "webgpu"
    ? "on the graphics processor (WebGPU)"
    : `on ${threads === 1 ? "one thread" : `${threads} threads`} of the processor (WebAssembly)`;
}

function shareText(pixels: number, file: OpenedFile): string {
  return `${number.format((100 * pixels) / (file.frame.width * file.frame.height))} %`;
}

/** What was done, in one sentence. */
export function doneText(
  target: OpenedFile,
  { image, findings }: Upsampled,
  device: Device,
  milliseconds: number,
): string {
  const ratio = Math.sqrt((image.width * image.height) / (target.frame.width * target.frame.height));
  const sizes =
    ratio === 1
      ? `${sizeText(image)}, the picture’s size`
      : `from ${sizeText(target.frame)} to ${sizeText(image)}, ${number.format(ratio)} times as large`;
  const where = findings.network ? ` ${deviceText(device)}` : "";
  return `Done in ${secondsText(milliseconds)}: ${sizes}, by ${methodName(findings.method) || "nothing, as nothing is measured"}${where}.`;
}

const mostStretch = 1.1; // as the library's

function shapeNotes(guide: OpenedFile, target: OpenedFile): string[] {
  const { width, height } = target.frame;
  const fits = (w: number, h: number): boolean => {
    const stretch = (guide.frame.width / w) * (h / guide.frame.height);
    return Math.max(stretch, 1 / stretch) <= mostStretch;
  };
  if (fits(width, height)) {
    return [];
  }
  const x = number.format(guide.frame.width / width);
  const y = number.format(guide.frame.height / height);
  const advice = fits(height, width)
    ? "Turned by a quarter it would fit."
    : "If it shows another part of the scene, cut both to the same part first.";
  return [
    `The depth map’s shape is not the picture’s: it was stretched ${x} times along x and ${y} times along y. ${advice}`,
  ];
}

/** What one should know of it, a sentence each. */
export function noteTexts(
  guide: OpenedFile,
  target: OpenedFile,
  { findings }: Upsampled,
  holes: string,
): string[] {
  const notes = [
    ...guide.notes.map((note) => `${guide.name}: ${note}.`),
    ...target.notes.map((note) => `${target.name}: ${note}.`),
    ...shapeNotes(guide, target),
  ];
  const found = findings;
  if (found.network && !found.kernels) {
    notes.push(
      `Which samples a pixel is made of cannot be shown: ${methodName(found.method)}, an ONNX file, gives its result alone. ` +
        "The .safetensors file that it was exported from shows it.",
    );
  }
  if (found.guideNote !== "") {
    notes.push(`${guide.name}: ${found.guideNote}.`);
  }
  if (found.reason !== "") {
    notes.push(`${found.method} was chosen because ${found.reason}.`);
  }
  if (found.holes > 0) {
    const became = holes === "fill" ? " and were filled" : holes === "keep" ? " and stay holes" : "";
    const zero = found.zeroHoles > 0 ? " (0 counts as one; write none under “No measurement is” if it is a value)" : "";
    notes.push(`${shareText(found.holes, target)} of the depth map’s pixels were holes${zero}${became}.`);
  }
  if (found.wildValues > 0) {
    const one = found.wildValues === 1;
    notes.push(
      `${found.wildValues} ${one ? "value" : "values"} far from all others (${one ? "" : "up to "}` +
        `${value.format(found.wildestValue)}) ${one ? "counts" : "count"} as ${one ? "a hole" : "holes"}.`,
    );
  }
  if (found.zeroValues > 0) {
    notes.push(
      `0 counts as a value, as in masks and labels: ${shareText(found.zeroValues, target)} of the pixels. ` +
        "Write 0 under “No measurement is” if it stands for a hole.",
    );
  }
  if (found.lonePixels > 0) {
    notes.push(
      `${shareText(found.lonePixels, target)} of the pixels are ${found.loneValues.join(" or ")}, far from all others. ` +
        "If that means no measurement, write it under “No measurement is”.",
    );
  }
  return notes;
}

/** A reason of the library's, where it names an option of the command by what the page calls it. */
export function pageReason(reason: string): string {
  return reason
    .replace(/--invalid/g, "“No measurement is”, under Options,")
    .replace(/ \(--[a-z-]+\)/g, "");
}
