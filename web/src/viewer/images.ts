import type { Picture, Pixel, Values, ViewedFrame } from "./frame";

/** What is chosen where the guide is shown instead of a view. */
export const GUIDE = -1;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The guide's size; without a guide that of the largest view. */
export function frameSize(frame: ViewedFrame): Size {
  if (frame.guide !== undefined) {
    return frame.guide;
  }
  const area = ({ width, height }: Size) => width * height;
  return frame.views
    .map(({ values }) => values)
    .reduce((largest: Size, values) => (area(values) > area(largest) ? values : largest), {
      width: 1,
      height: 1,
    });
}

/** The index of the first channel of the values at a pixel of the frame, of the nearest pixel. */
export function indexAt(values: Values, { x, y }: Pixel, size: Size): number {
  const column = Math.min(values.width - 1, Math.floor((x * values.width) / size.width));
  const row = Math.min(values.height - 1, Math.floor((y * values.height) / size.height));
  return (row * values.width + column) * values.channels;
}

/** The channels at a pixel of the frame. */
export function valuesAt(values: Values, pixel: Pixel, size: Size): Float32Array {
  const at = indexAt(values, pixel, size);
  return values.data.subarray(at, at + values.channels);
}

/** b - a, the mean over the channels; NaN where either has none or the channels differ. */
export function differenceAt(a: Values, b: Values, pixel: Pixel, size: Size): number {
  if (a.channels !== b.channels) {
    return NaN;
  }
  const from = indexAt(a, pixel, size);
  const to = indexAt(b, pixel, size);
  let sum = 0;
  for (let c = 0; c < a.channels; ++c) {
    sum += (b.data[to + c] ?? NaN) - (a.data[from + c] ?? NaN);
  }
  return sum / a.channels;
}

/** |b - a|, the mean over the channels, at the frame's size; NaN where either is a hole. */
export function absoluteDifference(a: Values, b: Values, size: Size): Values {
  const { width, height } = size;
  const data = new Float32Array(width * height).fill(NaN);
  if (a.channels === b.channels) {
    const columnsOfA = columns(a, width);
    const columnsOfB = columns(b, width);
    for (let y = 0, i = 0; y < height; ++y) {
      const rowOfA = indexAt(a, { x: 0, y }, size);
      const rowOfB = indexAt(b, { x: 0, y }, size);
      for (let x = 0; x < width; ++x, ++i) {
        const from = rowOfA + (columnsOfA[x] ?? 0);
        const to = rowOfB + (columnsOfB[x] ?? 0);
        let sum = 0;
        for (let c = 0; c < a.channels; ++c) {
          sum += Math.abs((b.data[to + c] ?? NaN) - (a.data[from + c] ?? NaN));
        }
        data[i] = sum / a.channels;
      }
    }
  }
  return { width, height, channels: 1, data };
}

function columns(values: Values, width: number): Int32Array {
  return Int32Array.from({ length: width }, (_, x) =>
    indexAt(values, { x, y: 0 }, { width, height: 1 }) % (values.width * values.channels),
  );
}

/** A part of the values, and where it lies in pixels of the frame. */
export interface Part {
  readonly values: Values;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What covers the square from (left, top) of the frame, as far as there are values. */
export function cutOut(values: Values, left: number, top: number, side: number, size: Size): Part {
  const along = (start: number, count: number, length: number) => {
    const scale = length / count;
    const from = Math.max(0, Math.floor(start / scale));
    const to = Math.min(count, Math.ceil((start + side) / scale));
    return { from, count: Math.max(0, to - from), scale };
  };
  const across = along(left, values.width, size.width);
  const down = along(top, values.height, size.height);
  const row = across.count * values.channels;
  const data = new Float32Array(row * down.count);
  for (let y = 0; y < down.count; ++y) {
    const at = ((down.from + y) * values.width + across.from) * values.channels;
    data.set(values.data.subarray(at, at + row), y * row);
  }
  return {
    values: { width: across.count, height: down.count, channels: values.channels, data },
    left: across.from * across.scale,
    top: down.from * down.scale,
    width: across.count * across.scale,
    height: down.count * down.scale,
  };
}

/** Depth is drawn in colours, 3 or more channels as a picture. */
export function isPicture(values: Values): boolean {
  return values.channels >= 3;
}

/** Throws where the frame contradicts itself: whoever made it is wrong. */
export function checkFrame(frame: ViewedFrame) {
  const check = (name: string, image: Values | Picture, channels: number) => {
    const { width, height, data } = image;
    if (width < 1 || height < 1 || data.length !== width * height * channels) {
      throw new Error(
        `${name} is ${width} x ${height} with ${channels} channels, but has ${data.length} values`,
      );
    }
  };
  if (frame.views.length === 0) {
    throw new Error("a frame has no view");
  }
  for (const { name, values } of frame.views) {
    check(name, values, values.channels);
  }
  if (frame.guide !== undefined) {
    check("the guide", frame.guide, 4);
  }
  if (frame.confidence !== undefined) {
    check("the confidence", frame.confidence, 1);
  }
}
