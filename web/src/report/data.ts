import type { Kernel, KernelField, Picture, Values, View, ViewedFrame } from "../viewer/frame";
import { decodePng } from "./png";

/** What ViewerJson of src/report/viewer_data.h writes of an image. */
export interface ImageData {
  readonly unit: string;
  readonly metric: string;
  readonly width: number;
  readonly height: number;
  readonly guide: string;
  readonly depth: readonly [number, number];
  readonly errorLimit: number;
  readonly start: readonly [number, number];
  readonly pictures: readonly PictureData[];
  readonly kernels: readonly KernelData[];
}

interface PictureData {
  readonly name: string;
  readonly kind: "input" | "method" | "truth";
  readonly low: number;
  readonly step: number;
  readonly png: string;
  readonly score?: number | null;
}

interface KernelData {
  readonly method: string;
  readonly size: number;
  readonly every: number;
  readonly weightStep: number;
  readonly positionStep: number;
  readonly png: string;
}

const UNKNOWN = 65535; // the code of a value that is not known

/** The image with its methods' results, for the viewer. Throws where a picture is damaged. */
export async function decodeFrame(data: ImageData): Promise<ViewedFrame> {
  const views = Promise.all(data.pictures.map((picture) => decodeView(picture, data)));
  const kernels = Promise.all(data.kernels.map(decodeKernels));
  const indexOf = (wanted: string) => data.pictures.findIndex(({ kind }) => kind === wanted);
  const frame = {
    guide: await decodeGuide(data),
    views: await views,
    shownFirst: [indexOf("input"), bestMethod(data)] as const,
    unit: data.unit,
    range: data.depth,
    truth: indexOf("truth"),
    errorLimit: data.errorLimit,
    start: { x: data.start[0], y: data.start[1] },
  };
  const fields = await kernels;
  return fields.length > 0 ? { ...frame, kernels: fields } : frame;
}

/** That of the least score, the first where none has one. */
export function bestMethod({ pictures }: ImageData): number {
  let best = -1;
  let least = Infinity;
  pictures.forEach(({ kind, score }, index) => {
    const value = score ?? Infinity;
    if (kind === "method" && (best < 0 || value < least)) {
      best = index;
      least = value;
    }
  });
  return best;
}

async function decodeView(picture: PictureData, data: ImageData): Promise<View> {
  const { name, score } = picture;
  const values = await decodeValues(picture);
  if (score === undefined || score === null) {
    return { name, values };
  }
  const note = `${data.metric} ${Number(score.toPrecision(4))} ${data.unit}`.trim();
  return { name, values, note };
}

async function decodeValues({ png, low, step }: PictureData): Promise<Values> {
  const { data, ...size } = await decodePng(png);
  const values = Float32Array.from(data, (code) => (code === UNKNOWN ? NaN : low + code * step));
  return { ...size, data: values };
}

async function decodeGuide({ guide, width, height }: ImageData): Promise<Picture> {
  const image = new Image();
  image.src = guide;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) {
    throw new Error("the browser gives no 2-D canvas");
  }
  context.drawImage(image, 0, 0);
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}

/**
 * The PNG holds weights, xs and ys below each other, taps side by side, of every `every`th column
 * and row; a pixel between gets the kernel of the nearest.
 */
export async function decodeKernels(field: KernelData): Promise<KernelField> {
  const { size, every, weightStep, positionStep } = field;
  const png = await decodePng(field.png);
  const taps = size * size;
  const across = png.width / taps;
  const down = png.height / 3;
  const nth = ["", "", "second ", "third "][every] ?? `${every}th `;
  const at = (pixelX: number, pixelY: number): Promise<Kernel> => {
    const column = Math.min(across - 1, Math.round(pixelX / every));
    const row = Math.min(down - 1, Math.round(pixelY / every));
    const centre = { x: column * every, y: row * every };
    const part = (index: number, from: number, step: number) =>
      Float32Array.from({ length: taps }, (_, tap) => {
        const code = png.data[(index * down + row) * png.width + tap * across + column] ?? 128;
        return from + (code - 128) * step;
      });
    const elsewhere = centre.x !== pixelX || centre.y !== pixelY;
    const kernel = {
      weight: part(0, 0, weightStep),
      x: part(1, centre.x, positionStep),
      y: part(2, centre.y, positionStep),
      weightStep,
      centre,
    };
    const note = `The page keeps the kernels of every ${nth}column and row` +
      (elsewhere ? `; this is the one at x ${centre.x}, y ${centre.y}.` : ".");
    return Promise.resolve(every === 1 ? kernel : { ...kernel, note });
  };
  return { name: field.method, at };
}
