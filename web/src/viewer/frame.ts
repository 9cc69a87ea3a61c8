/**
 * What the viewer shows. It knows neither where images come from (a file dropped on the page, a
 * report, a live stream) nor how they were made.
 */

/** A map of one or more channels, row by row, the channels of a pixel side by side. */
export interface Values {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** NaN where a pixel is a hole. */
  readonly data: Float32Array;
}

/** A picture of 8 bits, RGBA, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** One learned kernel: the samples whose weighted sum is a pixel of the result. */
export interface Kernel {
  /** Of each sample: position in pixels of the guide, pixel centres at integers. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly weight: Float32Array;
  /** The pyramid's level that a sample is read from, 0 the finest; absent where there is none. */
  readonly level?: Float32Array;
  /** Weights are rounded to multiples of it; absent: not rounded. */
  readonly weightStep?: number;
  /** The pixel that it belongs to, where that is not the one that was asked for. */
  readonly centre?: Pixel;
  /** A sentence about it, shown beside it. */
  readonly note?: string;
}

/** Of the guide; whole numbers. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** The kernels of one method. */
export interface KernelField {
  readonly name: string;
  at(x: number, y: number): Promise<Kernel>;
}

/** One of the images that can be compared: the input, a result, another method's. */
export interface View {
  readonly name: string;
  readonly values: Values;
  /** Shown beside the name, for instance a score. */
  readonly note?: string;
}

/**
 * Images that belong together; the guide may be absent (a depth map on its own). All cover the
 * same scene; a view that is smaller than the guide is shown by its nearest pixels.
 */
export interface ViewedFrame {
  readonly guide?: Picture;
  /** At least one; the first two are what the wipe shows at first, unless `shownFirst` is there. */
  readonly views: readonly View[];
  readonly shownFirst?: readonly [number, number];
  /** How much each pixel of the result rests on what was measured, 0 to 1. */
  readonly confidence?: Values;
  /** Unit of the values, for instance "mm"; empty where it is not known. */
  readonly unit: string;
  /** Values at the ends of the colours; absent: the viewer chooses. */
  readonly range?: readonly [number, number];
  /** Which of the views is the truth, from which errors are taken. */
  readonly truth?: number;
  /** The error at the end of the colours; absent: the viewer chooses. */
  readonly errorLimit?: number;
  /** The pixel to begin with. */
  readonly start?: Pixel;
  /** Of the pixel in the result; absent where the method has no explicit kernels. */
  kernelAt?(x: number, y: number): Promise<Kernel>;
  /** The same of several methods, among which one can choose; instead of `kernelAt`. */
  readonly kernels?: readonly KernelField[];
}
