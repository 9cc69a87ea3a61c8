import { context2d, element, fitToScreen, setOptions, setText } from "./dom";
import type { Kernel, Pixel } from "./frame";
import {
  byLevel, heaviest, largestWeight, loupeRadius, tableColumns, weightSum,
} from "./kernel_geometry";
import { drawPixelFrame, drawSamples, levelColour } from "./kernel_marks";
import { fillHatch } from "./paint";
import { fixed } from "./scale";

/** An image that kernels are drawn on, and where it lies in pixels of the guide. */
export interface Ground {
  readonly canvas: HTMLCanvasElement;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly caption: string;
}

const MOST_LISTED = 12;

/** The kernel of one pixel: enlarged on the guide and the depth, and its weights as numbers. */
export class KernelPanel {
  readonly node = element("section", { class: "dkv-kernel", "aria-label": "Learned kernel" });
  readonly method = element("select", { "aria-label": "Kernel of" });
  private readonly title = element("b", {}, "Kernel");
  private readonly sum = element("span", { class: "dkv-sum" });
  private readonly loupes: HTMLElement;
  private readonly legend = element("p", { class: "dkv-marks" });
  private readonly tables = element("div", { class: "dkv-weights" });
  private readonly note = element("p", { class: "dkv-note" });

  constructor(onMethod: () => void) {
    this.loupes = element("div", { class: "dkv-loupes" });
    const head = element("p", { class: "dkv-head" }, this.title, this.method, this.sum);
    const meaning = "What this pixel is made of: weighted samples of the depth";
    const what = element("p", { class: "dkv-quiet" }, meaning);
    this.node.append(head, what, this.loupes, this.legend, this.tables, this.note);
    this.method.addEventListener("change", onMethod);
  }

  setMethods(names: readonly string[], chosen: number) {
    this.method.hidden = names.length < 2;
    setText(this.title, names.length === 1 ? `Kernel of ${names[0] ?? ""}` : "Kernel");
    setOptions(this.method, names, chosen);
  }

  fail(reason: string) {
    setText(this.note, `No kernel here: ${reason}`);
    this.tables.replaceChildren();
    setText(this.sum, "");
  }

  /** `grounds` gives the images for the square of the kernel that it is told. */
  show(
    kernel: Kernel, at: Pixel,
    grounds: (left: number, top: number, side: number) => readonly Ground[],
  ) {
    const { x, y } = kernel.centre ?? at;
    const radius = loupeRadius(kernel, x, y);
    const shown = grounds(x - radius, y - radius, 2 * radius + 1);
    while (this.loupes.children.length < shown.length) {
      this.loupes.append(element(
        "figure", {}, element("canvas", { class: "dkv-loupe", "aria-hidden": true }),
        element("figcaption"),
      ));
    }
    [...this.loupes.children].forEach((figure, i) => {
      const ground = shown[i];
      const [canvas, caption] = figure.children;
      if (ground !== undefined && canvas instanceof HTMLCanvasElement && caption !== undefined) {
        setText(caption, ground.caption);
        drawLoupe(canvas, ground, { kernel, x, y, radius });
      }
    });
    const digits = kernel.weightStep === undefined ? 2 : 1;
    setText(this.sum, `weights sum to ${fixed(weightSum(kernel), digits)}`);
    this.showMarks(kernel);
    this.tables.replaceChildren(...weightTables(kernel, x, y));
    setText(this.note, kernel.note ?? "");
  }

  private showMarks(kernel: Kernel) {
    const dot = (kind: string) =>
      element("i", { class: `dkv-dot dkv-${kind}`, "aria-hidden": true });
    const marks = [
      element("span", {}, dot("plus"), "adds"),
      element("span", {}, dot("minus"), "subtracts"),
      element("span", {}, "area: how much"),
    ];
    if (kernel.level !== undefined) {
      for (const { level } of byLevel(kernel)) {
        const ring = dot(level === 0 ? "ring" : "ring dkv-square");
        ring.style.borderColor = levelColour(level);
        const pixels = 2 ** level;
        const what = level === 0 ? "single pixels" : `means of ${pixels} × ${pixels}`;
        marks.push(element("span", {}, ring, what));
      }
    }
    this.legend.replaceChildren(...marks);
  }
}

interface Loupe {
  readonly kernel: Kernel;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

function drawLoupe(canvas: HTMLCanvasElement, ground: Ground, loupe: Loupe) {
  const { kernel, x, y, radius } = loupe;
  const size = canvas.clientWidth || 180;
  const ratio = fitToScreen(canvas, size, size);
  const context = context2d(canvas);
  const scale = canvas.width / (2 * radius + 1);
  const place = (pixel: number, centre: number) => (pixel - centre + radius + 0.5) * scale;
  context.imageSmoothingEnabled = false;
  context.fillStyle = "#3a3d42";
  context.fillRect(0, 0, canvas.width, canvas.height);
  const left = (ground.left - x + radius) * scale;
  const top = (ground.top - y + radius) * scale;
  const box = [left, top, ground.width * scale, ground.height * scale] as const;
  fillHatch(context, ratio, box);
  context.drawImage(ground.canvas, ...box);
  drawPixelFrame(context, [radius * scale, radius * scale, scale], ratio);
  const mapping = { x: (px: number) => place(px, x), y: (py: number) => place(py, y) };
  drawSamples(context, kernel, mapping, Math.min(0.06 * canvas.width, 1.5 * scale), ratio);
}

function weightTables(kernel: Kernel, x: number, y: number): HTMLElement[] {
  const levels = byLevel(kernel);
  const largest = largestWeight(kernel);
  const at = (i: number) =>
    `${fixed((kernel.x[i] ?? 0) - x, 2)}, ${fixed((kernel.y[i] ?? 0) - y, 2)}`;
  return levels.map(({ level, samples }) => {
    const columns = tableColumns(samples.length);
    const total = samples.reduce((sum, i) => sum + (kernel.weight[i] ?? 0), 0);
    const named = kernel.level === undefined ? [] : [`level ${level}, sum ${fixed(total, 2)}`];
    const listed = Math.min(MOST_LISTED, samples.length);
    const what = columns === null ? [`the ${listed} heaviest of ${samples.length}`] : [];
    const caption = element("caption", {}, [...named, ...what].join(", ") || "weights");
    const cell = (i: number) => {
      const made = element("td", { title: `at ${at(i)} px` }, fixed(kernel.weight[i] ?? 0, 2));
      const share = Math.round((42 * Math.abs(kernel.weight[i] ?? 0)) / largest);
      made.style.setProperty("--share", `${share}%`);
      made.className = (kernel.weight[i] ?? 0) >= 0 ? "dkv-plus" : "dkv-minus";
      return made;
    };
    if (columns === null) {
      const rows = heaviest(kernel, samples, MOST_LISTED).map((i) =>
        element("tr", {}, cell(i), element("td", {}, `at ${at(i)} px`)));
      return element("table", { class: "dkv-list" }, caption, element("tbody", {}, ...rows));
    }
    const rows = Array.from({ length: columns }, (_, row) =>
      element("tr", {}, ...samples.slice(row * columns, (row + 1) * columns).map(cell)));
    return element("table", { class: "dkv-grid" }, caption, element("tbody", {}, ...rows));
  });
}
