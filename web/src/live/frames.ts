import type { Kernel, Picture, Values, ViewedFrame } from "../viewer/frame";
import type { FrameHeader, FrameRecord, Plane } from "./records";

/** What `/kernel` answers. */
export interface KernelAnswer {
  readonly x: number;
  readonly y: number;
  readonly taps: readonly {
    readonly x: number;
    readonly y: number;
    readonly weight: number;
    readonly level: number;
  }[];
}

export function kernelOf(answer: KernelAnswer): Kernel {
  const column = (key: "x" | "y" | "weight" | "level") =>
    Float32Array.from(answer.taps, (tap) => tap[key]);
  return { x: column("x"), y: column("y"), weight: column("weight"), level: column("level") };
}

/** R,G,B and alpha of a picture with 1 or 3 channels of 8 bits. */
export function pictureOf(plane: Plane): Picture {
  const pixels = plane.width * plane.height;
  const data = new Uint8ClampedArray(4 * pixels);
  const from = plane.data;
  for (let i = 0; i < pixels; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      data[4 * i + c] = from[plane.channels === 3 ? 3 * i + c : i] ?? 0;
    }
    data[4 * i + 3] = 255;
  }
  return { width: plane.width, height: plane.height, data };
}

/** Values as floats, `hole` as NaN, times `factor`. */
export function valuesOf(plane: Plane, hole: number | null = null, factor = 1): Values {
  const data =
    plane.data instanceof Float32Array && factor === 1
      ? plane.data
      : Float32Array.from(plane.data, (value) => (value === hole ? NaN : value * factor));
  return { width: plane.width, height: plane.height, channels: plane.channels, data };
}

/** A map that covers a part of the guide alone, by its nearest samples; NaN around it. */
export function placed(
  map: Values,
  place: readonly [number, number, number, number],
  size: { readonly width: number; readonly height: number },
): Values {
  const [left, top, width, height] = place;
  const data = new Float32Array(size.width * size.height * map.channels).fill(NaN);
  for (let y = 0; y < height; y += 1) {
    const row = Math.floor(((y + 0.5) * map.height) / height);
    for (let x = 0; x < width; x += 1) {
      const column = Math.floor(((x + 0.5) * map.width) / width);
      for (let c = 0; c < map.channels; c += 1) {
        data[((top + y) * size.width + left + x) * map.channels + c] =
          map.data[(row * map.width + column) * map.channels + c] ?? NaN;
      }
    }
  }
  return { ...size, channels: map.channels, data };
}

/**
 * What the viewer shows of a record. `guide` is the picture that is known, where the record has
 * none of its own.
 */
export function viewedFrame(
  record: FrameRecord,
  guide: Picture,
  kernelAt: ((x: number, y: number) => Promise<Kernel>) | undefined,
): ViewedFrame {
  const { header, planes } = record;
  const input = planes.get("input");
  const result = planes.get("result");
  if (input === undefined || result === undefined) {
    throw new Error("a frame without input or result");
  }
  const confidence = planes.get("confidence");
  const measured = valuesOf(input);
  return {
    guide,
    views: [
      { name: "input", values: header.place === null ? measured : placed(measured, header.place, guide) },
      { name: resultName(header), values: valuesOf(result, header.hole) },
    ],
    unit: header.unit,
    ...(confidence === undefined ? {} : { confidence: valuesOf(confidence, null, 1 / 65535) }),
    ...(kernelAt === undefined ? {} : { kernelAt }),
  };
}

function resultName(header: FrameHeader): string {
  return header.method === "" ? "result" : header.method;
}
