import type { Kernel } from "./frame";
import { largestWeight, sampleRadius } from "./kernel_geometry";

/** Fill of weights above 0 and below. */
export const PLUS = "#ff8a00";
export const MINUS = "#2f7bff";

/** Outlines of samples from each level; of levels beyond, as the last. */
const LEVEL_COLOURS = ["#ffffff", "#ffe500", "#5dff8f", "#ff9df0", "#7fe3ff"] as const;

export function levelColour(level: number): string {
  return LEVEL_COLOURS[Math.max(0, Math.round(level))] ?? LEVEL_COLOURS[4];
}

/** From pixels of the guide to those of the canvas. */
export interface Mapping {
  readonly x: (pixel: number) => number;
  readonly y: (pixel: number) => number;
}

/**
 * A mark for each sample: a circle, of coarser levels a square; its area tells |weight|, its fill
 * the sign, its outline the level. The heaviest lie below.
 */
export function drawSamples(
  context: CanvasRenderingContext2D,
  kernel: Kernel,
  place: Mapping,
  mostRadius: number,
  ratio: number,
) {
  const largest = largestWeight(kernel);
  const order = [...kernel.weight.keys()].sort(
    (a, b) => Math.abs(kernel.weight[b] ?? 0) - Math.abs(kernel.weight[a] ?? 0),
  );
  context.save();
  for (const i of order) {
    const weight = kernel.weight[i] ?? 0;
    const level = kernel.level?.[i] ?? 0;
    const radius = sampleRadius(weight, largest, mostRadius);
    const [x, y] = [place.x(kernel.x[i] ?? 0), place.y(kernel.y[i] ?? 0)];
    context.beginPath();
    if (level > 0) {
      const side = radius * Math.sqrt(Math.PI);
      context.rect(x - side / 2, y - side / 2, side, side);
    } else {
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.lineWidth = 3.5 * ratio;
    context.strokeStyle = "rgb(0 0 0 / 60%)";
    context.stroke();
    context.lineWidth = 1.5 * ratio;
    context.strokeStyle = levelColour(level);
    context.stroke();
    context.fillStyle = weight >= 0 ? PLUS : MINUS;
    context.fill();
  }
  context.restore();
}

/** A square around a pixel, seen on any ground. */
export function drawPixelFrame(
  context: CanvasRenderingContext2D,
  [x, y, side]: readonly [number, number, number],
  ratio: number,
  colour = "#fff",
) {
  context.save();
  const line = Math.max(1, Math.round(ratio));
  context.lineWidth = line;
  context.strokeStyle = "#000";
  context.strokeRect(x - 1.5 * line, y - 1.5 * line, side + 3 * line, side + 3 * line);
  context.strokeStyle = colour;
  context.strokeRect(x - 0.5 * line, y - 0.5 * line, side + line, side + line);
  context.restore();
}
