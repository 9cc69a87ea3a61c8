import { context2d } from "./dom";
import type { Picture, Values } from "./frame";
import { type Palette, PALETTE_STEPS, paletteWords } from "./palette";
import type { Range } from "./scale";

const MOST_KEPT = 1 << 24; // bytes beside the canvas, of 4 megapixels

/**
 * A canvas of an image's own size, kept from frame to frame. Holes are transparent: what lies
 * behind tells of them.
 */
export class Painting {
  readonly canvas = document.createElement("canvas");
  private image: ImageData | null = null; // while painting; of small images kept for the next one

  /** Values of one channel in the palette's colours. */
  values(values: Values, range: Range, palette: Palette) {
    const words = this.words(values.width, values.height);
    const colours = paletteWords(palette);
    const last = PALETTE_STEPS - 1;
    const scale = range.high > range.low ? last / (range.high - range.low) : 0;
    const { data, channels } = values;
    for (let i = 0, at = 0; i < words.length; ++i, at += channels) {
      const value = data[at] ?? NaN;
      // An infinite value is a hole as well.
      const step = (value - range.low) * scale + 0.5;
      words[i] =
        value - value === 0 ? (colours[step < 0 ? 0 : step > last ? last : step | 0] ?? 0) : 0;
    }
    this.put();
  }

  /** 3 channels, or 4 with the opacity, from black to white in the range. */
  colours(values: Values, range: Range) {
    this.words(values.width, values.height);
    const bytes = this.image?.data ?? new Uint8ClampedArray();
    const scale = 255 / (range.high - range.low);
    const { data, channels } = values;
    for (let i = 0, at = 0; i < bytes.length; i += 4, at += channels) {
      let known = true;
      for (let c = 0; c < 3; ++c) {
        const value = data[at + c] ?? NaN;
        known &&= Number.isFinite(value);
        bytes[i + c] = (value - range.low) * scale;
      }
      bytes[i + 3] = known ? (channels > 3 ? ((data[at + 3] ?? 0) - range.low) * scale : 255) : 0;
    }
    this.put();
  }

  picture(picture: Picture) {
    this.words(picture.width, picture.height);
    this.image?.data.set(picture.data);
    this.put();
  }

  /** White, opaque where the confidence is 0. */
  veil(confidence: Values) {
    const words = this.words(confidence.width, confidence.height);
    for (let i = 0; i < words.length; ++i) {
      const value = confidence.data[i] ?? NaN;
      const sure = value > 0 ? (value < 1 ? value : 1) : 0;
      words[i] = ((Math.round(255 * (1 - sure)) << 24) | 0xffffff) >>> 0;
    }
    this.put();
  }

  private words(width: number, height: number): Uint32Array {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.image = null;
    }
    this.image ??= new ImageData(width, height);
    return new Uint32Array(this.image.data.buffer);
  }

  private put() {
    if (this.image !== null) {
      context2d(this.canvas).putImageData(this.image, 0, 0);
      if (this.image.data.length > MOST_KEPT) {
        this.image = null;
      }
    }
  }
}

const hatches = new Map<string, HTMLCanvasElement>();

/** Fills with what stands for holes: grey with lighter lines, the same at any zoom. */
export function fillHatch(
  context: CanvasRenderingContext2D,
  ratio: number,
  [x, y, width, height]: readonly [number, number, number, number],
) {
  const side = Math.max(4, Math.round(8 * ratio));
  const key = String(side);
  let tile = hatches.get(key);
  if (tile === undefined) {
    tile = document.createElement("canvas");
    tile.width = tile.height = side;
    const pen = context2d(tile);
    pen.fillStyle = "#6f7278";
    pen.fillRect(0, 0, side, side);
    pen.strokeStyle = "#a4a8ae";
    pen.lineWidth = 1.2 * ratio;
    pen.beginPath();
    for (const shift of [-side, 0, side]) {
      pen.moveTo(shift - 1, side + 1);
      pen.lineTo(shift + side + 1, -1);
    }
    pen.stroke();
    hatches.set(key, tile);
  }
  const pattern = context.createPattern(tile, "repeat");
  if (pattern !== null) {
    context.fillStyle = pattern;
    context.fillRect(x, y, width, height);
  }
}
