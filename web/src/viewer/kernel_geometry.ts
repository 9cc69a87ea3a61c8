import type { Kernel } from "./frame";

/** The sum of the weights. */
export function weightSum(kernel: Kernel): number {
  return kernel.weight.reduce((sum, weight) => sum + weight, 0);
}

/** The largest |weight|, above 0. */
export function largestWeight(kernel: Kernel): number {
  return kernel.weight.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-9);
}

/** Its area grows with |weight|; `most` is the radius of the largest. Visible at the least. */
export function sampleRadius(weight: number, largest: number, most: number): number {
  return Math.max(1.2, most * Math.sqrt(Math.abs(weight) / largest));
}

/**
 * Pixels from the middle to the border of the enlarged square: of few sizes, so that it does not
 * breathe while the pointer moves.
 */
export function loupeRadius(kernel: Kernel, x: number, y: number): number {
  let reach = 3;
  for (let i = 0; i < kernel.weight.length; ++i) {
    reach = Math.max(reach, Math.abs((kernel.x[i] ?? x) - x), Math.abs((kernel.y[i] ?? y) - y));
  }
  return [4, 8, 16, 32, 64, 128].find((size) => size >= reach + 0.5) ?? 256;
}

/** The samples of one level, in the kernel's order. */
export interface LevelSamples {
  readonly level: number;
  readonly samples: readonly number[];
}

/** Finest first; a kernel without levels is all of level 0. */
export function byLevel(kernel: Kernel): LevelSamples[] {
  const groups = new Map<number, number[]>();
  for (let i = 0; i < kernel.weight.length; ++i) {
    const level = Math.round(kernel.level?.[i] ?? 0);
    const group = groups.get(level);
    if (group === undefined) {
      groups.set(level, [i]);
    } else {
      group.push(i);
    }
  }
  return [...groups]
    .map(([level, samples]) => ({ level, samples }))
    .sort((a, b) => a.level - b.level);
}

/** Columns of a table of the samples: k of a k x k kernel that is small enough, else none. */
export function tableColumns(count: number): number | null {
  const side = Math.round(Math.sqrt(count));
  return side * side === count && side <= 7 ? side : null;
}

/** The heaviest samples, heaviest first. */
export function heaviest(kernel: Kernel, samples: readonly number[], count: number): number[] {
  const size = (i: number) => Math.abs(kernel.weight[i] ?? 0);
  return [...samples].sort((a, b) => size(b) - size(a)).slice(0, count);
}
