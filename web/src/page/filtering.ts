/** From two files to what the viewer shows and what is downloaded. */
import type { Engine } from "../engine/client";
import { floatsOf, type Frame, type OpenedFile } from "../engine/frames";
import type { Requests } from "../engine/messages";
import type { Options } from "../engine/library";
import type { Kernel, Picture, Values, View, ViewedFrame } from "../viewer/index";

export interface OpenedPair {
  readonly guide: OpenedFile;
  readonly target: OpenedFile;
  /** 0 where the target is not measured. */
  readonly mask?: OpenedFile | undefined;
}

export type Result = NonNullable<Requests["upsample"]["answer"]>;

function ask(
  engine: Engine, { guide, target, mask }: OpenedPair, options: Options, views: boolean, mostMb: number | null,
): Promise<Result | null> {
  const frames = { guide: guide.frame, target: target.frame, mask: mask?.frame ?? null };
  return engine.ask("upsample", { ...frames, views, options, mostMb });
}

/** With `views` it holds what the viewer shows, and the engine tells its kernels. */
export async function filter(
  engine: Engine,
  pair: OpenedPair,
  options: Options,
  views: boolean,
): Promise<Result> {
  const result = await ask(engine, pair, options, views, null);
  if (result === null) {
    throw new Error("the frame is too large");
  }
  return result;
}

function valuesOf(frame: Frame, mark: number | null): Values {
  const { width, height, channels } = frame;
  return { width, height, channels, data: floatsOf(frame, mark) };
}

/** What else the same frame could become, to compare. */
const rivals: readonly (readonly [string, string])[] = [
  ["guided", "Guided filter"],
  ["bicubic", "Bicubic"],
];

/** Fewer where they are no longer wanted, or would take more memory than networks may. */
export async function rivalViews(
  engine: Engine,
  pair: OpenedPair,
  options: Options,
  wanted: () => boolean,
): Promise<View[]> {
  const views: View[] = [];
  for (const [method, name] of rivals) {
    if (method !== options.method && wanted()) {
      const how = { ...options, method, confidence: false };
      const result = await ask(engine, pair, how, false, options.maxMemoryMb);
      if (result === null) {
        continue;
      }
      views.push({ name, values: valuesOf(result.image, markOf(result, options)) });
    }
  }
  return views;
}

/** In results without holes the value that would stand for one is a value. */
function markOf(result: Result, options: Options): number | null {
  return options.holes === "fill" ? null : result.findings.mark;
}

function pictureOf(frame: Frame): Picture {
  const { width, height, data } = frame;
  return { width, height, data: new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length) };
}

export function viewedFrame(
  engine: Engine,
  pair: OpenedPair,
  result: Result,
  options: Options,
  unit: string,
  more: readonly View[],
): ViewedFrame {
  const { image, confidence, findings, picture, input } = result;
  return {
    unit,
    views: [
      { name: "Input", values: valuesOf(input ?? pair.target.frame, null) },
      { name: "DKN", values: valuesOf(image, markOf(result, options)) },
      ...more,
    ],
    ...(picture === null ? {} : { guide: pictureOf(picture) }),
    ...(confidence === null ? {} : { confidence: valuesOf(confidence, null) }),
    ...(findings.kernels && image.channels === 1
      ? { kernelAt: (x: number, y: number): Promise<Kernel> => kernelAt(engine, x, y) }
      : {}),
  };
}

async function kernelAt(engine: Engine, x: number, y: number): Promise<Kernel> {
  const kernel = await engine.ask("kernel", { x, y });
  return {
    x: Float32Array.from(kernel.x),
    y: Float32Array.from(kernel.y),
    weight: Float32Array.from(kernel.weight),
    ...(kernel.level.some((level) => level > 0) ? { level: Float32Array.from(kernel.level) } : {}),
  };
}

/** The name of a result's file. */
export function resultName(target: OpenedFile, what: string, ending: string): string {
  return `${target.name.replace(/\.[^.]*$/, "")}_${what}.${ending}`;
}
