/** Images as files and the library hold them: a pixel's channels side by side, row by row. */

export type SampleType = "uint8" | "uint16" | "float16" | "float32";
export type Samples = Uint8Array | Uint16Array | Float32Array;

/** Of files that are read: as the library's ReadOptions::max_pixels. */
export const mostPixels = 1 << 28;

export interface Frame {
  readonly type: SampleType;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Halves (float16) as their bits, in 16-bit integers. */
  readonly data: Samples;
}

/** What a format's files can hold; a result is written as the target's file was. */
export type FileFormat =
  | "png" | "npy" | "npz" | "pfm" | "exr" | "tiff" | "pnm" | "dpt" | "picture";

/** A file that was read. */
export interface OpenedFile {
  readonly name: string;
  readonly format: FileFormat;
  readonly frame: Frame;
  /** What was not kept as the file has it, a line each. */
  readonly notes: readonly string[];
}

/** What a file is to the page. */
export type Role = "guide" | "target" | "mask";

/** The format that results of such targets are written in. */
export function writtenAs(format: FileFormat): "png" | "npy" | "pfm" | "exr" | "tiff" {
  switch (format) {
    case "npz":
      return "npy";
    case "dpt":
      return "pfm";
    case "pnm":
    case "picture":
      return "png";
    default:
      return format;
  }
}

/** Whether results of such targets are written as floats. */
export function holdsFloats(format: FileFormat): boolean {
  return writtenAs(format) !== "png";
}

export function samplesOf(type: SampleType, buffer: ArrayBuffer): Samples {
  switch (type) {
    case "uint8":
      return new Uint8Array(buffer);
    case "uint16":
    case "float16":
      return new Uint16Array(buffer);
    case "float32":
      return new Float32Array(buffer);
  }
}

const halves = new Float32Array(65536);

/** The value of an IEEE half with these bits. */
export function halfValue(bits: number): number {
  if (halves[0x3c00] !== 1) {
    for (let i = 0; i < 65536; ++i) {
      const exponent = (i >> 10) & 31;
      const fraction = i & 1023;
      const size =
        exponent === 31
          ? fraction === 0
            ? Infinity
            : NaN
          : exponent === 0
            ? fraction * 2 ** -24
            : (1 + fraction / 1024) * 2 ** (exponent - 15);
      halves[i] = i & 0x8000 ? -size : size;
    }
  }
  return halves[bits] ?? NaN;
}

/** The values of a frame as floats; `mark`, where there is one, stands for a hole, which is NaN. */
export function floatsOf(frame: Frame, mark: number | null): Float32Array {
  if (frame.data instanceof Float32Array && mark === null) {
    return frame.data;
  }
  const values = new Float32Array(frame.data.length);
  const half = frame.type === "float16";
  frame.data.forEach((stored, i) => {
    const value = half ? halfValue(stored) : stored;
    values[i] = value === mark ? NaN : value;
  });
  return values;
}
