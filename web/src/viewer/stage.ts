import { context2d, element, fitToScreen, setText } from "./dom";
import type { Kernel, Pixel } from "./frame";
import type { Size } from "./images";
import { drawPixelFrame, drawSamples } from "./kernel_marks";
import { fillHatch } from "./paint";
import { type Placement, fitted, limited, moved, revealing, zoomed } from "./transform";

/** What the stage shows; without `right` the left image takes it all. */
export interface Layers {
  readonly left: HTMLCanvasElement;
  readonly right: HTMLCanvasElement | null;
  readonly leftName: string;
  readonly rightName: string;
  readonly veil: HTMLCanvasElement | null;
  readonly kernel: Kernel | null;
}

const HELP =
  "The picture. Arrow keys move the pixel that is read, with Shift by ten; " +
  "plus and minus zoom, 0 shows all, comma and full stop move the wipe, Escape frees the pixel.";

/** The picture with its wipe, zoom and the marked pixel. Knows nothing of values. */
export class Stage {
  readonly node: HTMLElement;
  readonly canvas = element("canvas", { class: "dkv-canvas", "aria-hidden": true });
  pixel: Pixel | null = null;
  pinned = false;
  wipe = 0.5;
  image: Size = { width: 1, height: 1 };
  private place: Placement = { left: 0, top: 0, scale: 1 };
  private fits = true;
  private box: Size = { width: 1, height: 1 };
  private layers: Layers | null = null;
  private waiting = 0;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private readonly tags = [
    element("span", { class: "dkv-tag dkv-left" }),
    element("span", { class: "dkv-tag dkv-right" }),
  ] as const;
  readonly divider = element(
    "div",
    {
      class: "dkv-divider", role: "slider", tabindex: 0, "aria-label": "Wipe between A and B",
      "aria-valuemin": 0, "aria-valuemax": 100,
    },
    element("span", { "aria-hidden": true }, "◂▸"),
  );
  private readonly hint = element("span", { class: "dkv-hint", "aria-hidden": true });
  private readonly resized = new ResizeObserver(() => {
    this.resize();
  });

  constructor(private readonly onZoom: () => void) {
    this.node = element(
      "div",
      { class: "dkv-stage", tabindex: 0, role: "application", "aria-label": HELP },
      this.canvas, this.divider, ...this.tags, this.hint,
    );
    this.resized.observe(this.node);
  }

  destroy() {
    this.resized.disconnect();
    cancelAnimationFrame(this.waiting);
  }

  show(layers: Layers, image: Size) {
    const other = image.width !== this.image.width || image.height !== this.image.height;
    this.layers = layers;
    if (other) {
      this.image = { width: image.width, height: image.height };
      this.fits = true;
      this.node.style.aspectRatio = `${image.width} / ${image.height}`;
      this.resize();
    }
    this.divider.hidden = layers.right === null;
    setText(this.tags[0], layers.leftName);
    setText(this.tags[1], layers.rightName);
    this.tags[1].hidden = layers.right === null;
    this.setWipe(this.wipe);
  }

  /** Relative to the whole image on the stage: 1 and above. */
  get zoom(): number {
    return this.place.scale / fitted(this.image, this.box).scale;
  }

  /** CSS pixels that a pixel of the image takes. */
  get scale(): number {
    return this.place.scale;
  }

  /** Around a place on the stage; without one around the marked pixel in sight, else the middle. */
  zoomBy(factor: number, at?: { x: number; y: number }) {
    this.setPlace(zoomed(this.place, factor, at?.x ?? this.focus().x, at?.y ?? this.focus().y));
  }

  moveBy(dx: number, dy: number) {
    this.setPlace(moved(this.place, dx, dy));
  }

  fit() {
    this.setPlace(fitted(this.image, this.box));
  }

  reveal({ x, y }: Pixel) {
    if (!this.fits) {
      this.setPlace(revealing(this.place, x, y, this.box));
    }
  }

  setWipe(share: number) {
    this.wipe = Math.min(1, Math.max(0, share));
    this.divider.style.left = `${100 * this.wipe}%`;
    this.divider.setAttribute("aria-valuenow", String(Math.round(100 * this.wipe)));
    const both = !this.divider.hidden;
    this.tags[0].style.opacity = both && this.wipe < 0.04 ? "0" : "1";
    this.tags[1].style.opacity = this.wipe > 0.96 ? "0" : "1";
    this.draw();
  }

  /** The pixel under a place on the stage, the nearest where there is none. */
  pixelAt(x: number, y: number): Pixel {
    const nearest = (at: number, length: number) =>
      Math.min(length - 1, Math.max(0, Math.floor(at / this.place.scale)));
    return {
      x: nearest(x - this.place.left, this.image.width),
      y: nearest(y - this.place.top, this.image.height),
    };
  }

  /** Shows a sentence for a while. */
  tell(hint: string, milliseconds: number) {
    setText(this.hint, hint);
    this.hint.classList.add("dkv-told");
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.hint.classList.remove("dkv-told");
    }, milliseconds);
  }

  /** On the next frame of the screen. */
  draw() {
    if (this.waiting === 0) {
      this.waiting = requestAnimationFrame(() => {
        this.waiting = 0;
        this.drawNow();
      });
    }
  }

  private focus(): { x: number; y: number } {
    const { width, height } = this.box;
    if (this.pixel !== null) {
      const x = this.place.left + (this.pixel.x + 0.5) * this.place.scale;
      const y = this.place.top + (this.pixel.y + 0.5) * this.place.scale;
      if (x >= 0 && y >= 0 && x <= width && y <= height) {
        return { x, y };
      }
    }
    return { x: width / 2, y: height / 2 };
  }

  private setPlace(place: Placement) {
    this.place = limited(place, this.image, this.box);
    this.fits = this.zoom < 1.001;
    this.node.classList.toggle("dkv-zoomed", !this.fits);
    this.draw();
    this.onZoom();
  }

  private resize() {
    const { clientWidth: width, clientHeight: height } = this.node;
    if (width === 0 || height === 0) {
      return;
    }
    const middle = this.pixelAt(this.box.width / 2, this.box.height / 2);
    const zoom = this.zoom;
    this.box = { width, height };
    if (this.fits) {
      this.fit();
      return;
    }
    const scale = fitted(this.image, this.box).scale * zoom;
    this.setPlace({
      scale,
      left: width / 2 - (middle.x + 0.5) * scale,
      top: height / 2 - (middle.y + 0.5) * scale,
    });
  }

  private drawNow() {
    const { layers } = this;
    if (layers === null || this.node.clientWidth === 0) {
      return;
    }
    const context = context2d(this.canvas);
    const ratio = fitToScreen(this.canvas, this.box.width, this.box.height);
    const { width, height } = this.canvas;
    const left = this.place.left * ratio;
    const top = this.place.top * ratio;
    const wide = this.image.width * this.place.scale * ratio;
    const high = this.image.height * this.place.scale * ratio;
    context.clearRect(0, 0, width, height);
    fillHatch(context, ratio, [left, top, wide, high]);
    context.imageSmoothingEnabled = this.place.scale * ratio < 1;
    context.imageSmoothingQuality = "high";
    const cut = layers.right === null ? width : Math.round(this.wipe * width);
    const part = (image: HTMLCanvasElement, from: number, to: number) => {
      context.save();
      context.beginPath();
      context.rect(from, 0, to - from, height);
      context.clip();
      context.drawImage(image, left, top, wide, high);
      context.restore();
    };
    part(layers.left, 0, cut);
    if (layers.right !== null) {
      part(layers.right, cut, width);
    }
    if (layers.veil !== null) {
      context.globalAlpha = 0.85;
      context.drawImage(layers.veil, left, top, wide, high);
      context.globalAlpha = 1;
    }
    this.drawMarks(context, ratio);
  }

  private drawMarks(context: CanvasRenderingContext2D, ratio: number) {
    const scale = this.place.scale * ratio;
    const x = (pixel: number) => (pixel + 0.5) * scale + this.place.left * ratio;
    const y = (pixel: number) => (pixel + 0.5) * scale + this.place.top * ratio;
    const kernel = this.layers?.kernel ?? null;
    if (kernel !== null) {
      const most = Math.min(14, Math.max(5, 0.45 * this.place.scale)) * ratio;
      drawSamples(context, kernel, { x, y }, most, ratio);
    }
    if (this.pixel !== null) {
      const side = Math.max(scale, 9 * ratio);
      const frame = [x(this.pixel.x) - side / 2, y(this.pixel.y) - side / 2, side] as const;
      drawPixelFrame(context, frame, ratio, this.pinned ? "#ffd400" : "#fff");
    }
  }
}
