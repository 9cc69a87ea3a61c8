/** Ranges of values, ticks and digits. */

export interface Range {
  readonly low: number;
  readonly high: number;
}

const MOST_SAMPLES = 1 << 16;

/** Up to 65536 of the finite values, evenly from all, in rising order. */
export function sortedSample(data: Float32Array): Float32Array {
  const every = Math.max(1, Math.ceil(data.length / MOST_SAMPLES));
  const sample = new Float32Array(Math.ceil(data.length / every));
  let count = 0;
  for (let i = 0; i < data.length; i += every) {
    const value = data[i] ?? NaN;
    if (Number.isFinite(value)) {
      sample[count++] = value;
    }
  }
  return sample.subarray(0, count).sort();
}

/** Between the two nearest of `sorted`; NaN where it is empty. `share` is 0 to 1. */
export function quantile(sorted: Float32Array, share: number): number {
  if (sorted.length === 0) {
    return NaN;
  }
  const place = Math.min(1, Math.max(0, share)) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN;
  return low + (place - below) * (high - low);
}

function notEmpty(low: number, high: number): Range {
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    return { low: 0, high: 1 };
  }
  if (high > low) {
    return { low, high };
  }
  const half = Math.max(0.5, Math.abs(low) * 1e-3);
  return { low: low - half, high: low + half };
}

/** Without the lowest and the highest hundredth: a few outliers do not take the colours. */
export function robustRange(data: Float32Array): Range {
  const sorted = sortedSample(data);
  return notEmpty(quantile(sorted, 0.01), quantile(sorted, 0.99));
}

/** From the smallest to the largest finite value. */
export function fullRange(data: Float32Array): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const value of data) {
    if (Number.isFinite(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return notEmpty(low, high);
}

/** What black and white are of a picture's channels: 0 to 1, 8 or 16 bits, or around 0. */
export function pictureRange(data: Float32Array): Range {
  const { low, high } = fullRange(data);
  if (low < 0) {
    const most = Math.max(-low, high);
    return { low: -most, high: most };
  }
  const scale = [1, 255, 65535].find((end) => high <= 1.02 * end) ?? high;
  return { low: 0, high: scale };
}

/**
 * Whether colours chosen for `chosen` still do for a frame that wants `wanted`: a live view that
 * adapted to each frame would flicker.
 */
export function stillFits(chosen: Range, wanted: Range): boolean {
  const slack = 0.15 * (chosen.high - chosen.low);
  return Math.abs(chosen.low - wanted.low) <= slack && Math.abs(chosen.high - wanted.high) <= slack;
}

/** Round numbers (1, 2 or 5 times a power of ten apart) in the range, about `count` of them. */
export function ticks({ low, high }: Range, count: number): number[] {
  if (!(high > low) || count < 1) {
    return [];
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factors = [[1.5, 1], [3.5, 2], [7.5, 5]] as const;
  const step = power * (factors.find(([end]) => rough < end * power)?.[1] ?? 10);
  const found: number[] = [];
  const digits = digitsOf(step);
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; ++k) {
    found.push(Number((k * step).toFixed(digits)));
  }
  return found;
}

/** Decimals at which numbers `step` apart differ, 0 to 9. */
export function digitsOf(step: number): number {
  return Math.min(9, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}

/** Never "-0". A dash where there is no value. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) {
    return "–";
  }
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/** With its sign, a true minus; of a difference. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return Number(text) > 0 ? `+${text}` : text;
}
