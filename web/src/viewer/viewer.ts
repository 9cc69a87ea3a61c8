import { element, setText } from "./dom";
import type { Kernel, KernelField, Pixel, ViewedFrame } from "./frame";
import { listen } from "./gestures";
import { Grounds } from "./grounds";
import { GUIDE, checkFrame } from "./images";
import { KernelPanel } from "./kernel_panel";
import { Latest } from "./latest";
import { Legend } from "./legend";
import { GLOW, SPECTRUM } from "./palette";
import { Pictures, type RangeChoice } from "./pictures";
import { type Cloud, type LoadScene, PointsView } from "./points_view";
import { Readout, ValueTable, valueDigits } from "./readout";
import type { Range } from "./scale";
import { type Layers, Stage } from "./stage";
import { adoptStyles } from "./styles";
import { type Mode, Toolbar } from "./toolbar";

/** Shows frames, one after the other; what its user chose holds for all. */
export interface Viewer {
  /** Cheap enough for live frames. Throws Error where the frame contradicts itself. */
  show(frame: ViewedFrame): void;
  destroy(): void;
}

/** Makes a viewer at the end of `container`. Without `loadScene` it has no 3-D view. */
export function createViewer(container: HTMLElement, loadScene?: LoadScene): Viewer {
  return new FrameViewer(container, loadScene);
}

class FrameViewer implements Viewer {
  private frame: ViewedFrame | null = null;
  private a = 0;
  private b = 0;
  private mode: Mode = "values";
  private confidence = false;
  private kernelOn = true;
  private field = 0;
  private kernel: Kernel | null = null;
  private readonly pictures = new Pictures();
  private readonly grounds = new Grounds();
  private readonly node = element("div", { class: "dkv" });
  private readonly body = element("div", { class: "dkv-body" });
  private readonly stage: Stage;
  private readonly toolbar: Toolbar;
  private readonly readout = new Readout();
  private readonly table = new ValueTable();
  private readonly legend: Legend;
  private readonly panel: KernelPanel;
  private readonly points: PointsView | null;
  private readonly spoken = element("p", { class: "dkv-hidden", role: "status" });
  private readonly latest: Latest<Kernel>;
  private readonly resized = new ResizeObserver(() => {
    this.render();
  });

  constructor(container: HTMLElement, loadScene?: LoadScene) {
    adoptStyles();
    this.stage = new Stage(() => {
      this.toolbar.showZoom(this.stage.zoom);
    });
    this.toolbar = new Toolbar(this.actions());
    this.legend = new Legend((choice, range) => {
      this.chooseRange(choice, range);
    });
    this.panel = new KernelPanel(() => {
      this.field = this.panel.method.selectedIndex;
      this.askKernel();
    });
    this.points = loadScene === undefined ? null : new PointsView(loadScene, () => {
      this.render();
    });
    this.latest = new Latest(
      (kernel) => {
        this.kernel = kernel;
        this.showKernel();
      },
      (reason) => {
        this.kernel = null;
        this.panel.fail(reason instanceof Error ? reason.message : String(reason));
        this.draw();
      },
    );
    listen(this.stage, {
      pixel: (pixel, pinned, byKey) => {
        this.movePixel(pixel, pinned, byKey);
      },
    });
    const screen = element("div", { class: "dkv-screen" }, this.stage.node);
    if (this.points !== null) {
      screen.append(this.points.node);
    }
    screen.append(this.readout.node, this.legend.node);
    const side = element(
      "aside", { class: "dkv-panel", "aria-label": "Values at the pixel" },
      this.table.node, this.panel.node, this.spoken,
    );
    this.body.append(screen, side);
    this.node.append(this.toolbar.node, this.body);
    container.append(this.node);
    this.resized.observe(this.node);
  }

  show(frame: ViewedFrame) {
    checkFrame(frame);
    const last = this.frame;
    const names = [this.a, this.b].map((index) => last?.views[index]?.name);
    this.pictures.show(frame);
    const { width, height } = this.pictures.size;
    const other = last === null || last.unit !== frame.unit ||
      width !== this.stage.image.width || height !== this.stage.image.height;
    this.frame = frame;
    const [firstA, firstB] = frame.shownFirst ?? [0, Math.min(1, frame.views.length - 1)];
    this.a = sameView(frame, this.a, names[0], firstA);
    this.b = sameView(frame, this.b, names[1], firstB);
    this.field = Math.min(this.field, Math.max(0, fieldsOf(frame).length - 1));
    if (this.mode === "errors" && frame.truth === undefined) {
      this.mode = "values";
    }
    // Two views and no kernels: the readout tells all that the panel would.
    const alone = fieldsOf(frame).length === 0 && frame.views.length < 3;
    this.body.classList.toggle("dkv-alone", alone);
    if (other) {
      this.pictures.choose("auto");
      this.stage.pinned = false;
      this.stage.pixel = frame.start ?? { x: width >> 1, y: height >> 1 };
    }
    this.render();
    this.askKernel();
  }

  destroy() {
    this.latest.cancel();
    this.resized.disconnect();
    this.stage.destroy();
    this.points?.destroy();
    this.node.remove();
  }

  private actions() {
    const change = (set: () => void) => {
      set();
      this.render();
    };
    return {
      choose: (a: number, b: number) => {
        change(() => { [this.a, this.b] = [a, b]; });
      },
      setMode: (mode: Mode) => {
        change(() => { this.mode = mode; });
      },
      setConfidence: (on: boolean) => {
        change(() => { this.confidence = on; });
      },
      setKernel: (on: boolean) => {
        change(() => { this.kernelOn = on; });
        this.askKernel();
      },
      zoomBy: (factor: number) => { this.stage.zoomBy(factor); },
      fit: () => { this.stage.fit(); },
    };
  }

  private chooseRange(choice: RangeChoice, range?: Range) {
    this.pictures.choose(choice, range);
    this.render();
  }

  private movePixel(pixel: Pixel, pinned: boolean, byKey: boolean) {
    const moved = pixel.x !== this.stage.pixel?.x || pixel.y !== this.stage.pixel.y;
    this.stage.pixel = pixel;
    this.stage.pinned = pinned;
    this.showPixel();
    this.stage.draw();
    if (byKey) {
      setText(this.spoken, `x ${pixel.x}, y ${pixel.y}: ${this.table.spoken()}`);
    }
    if (moved) {
      this.askKernel();
    }
  }

  private render() {
    const { frame } = this;
    if (frame === null) {
      return;
    }
    const { a, b, mode, confidence } = this;
    this.node.dataset.mode = mode;
    this.toolbar.show(
      frame, { a, b, mode, confidence, kernel: this.kernelOn }, this.points !== null,
    );
    this.draw();
    this.showLegend(frame);
    this.showPixel();
    if (mode === "points") {
      this.points?.show(this.clouds(frame), this.pictures.size.width / this.pictures.size.height);
    } else {
      this.points?.hide();
    }
    this.stage.node.hidden = mode === "points";
  }

  private draw() {
    if (this.frame !== null) {
      this.stage.show(this.layers(this.frame), this.pictures.size);
    }
  }

  private layers(frame: ViewedFrame): Layers {
    const { a, b, mode, pictures } = this;
    const bare = (index: number) => frame.views[index]?.name ?? "guide";
    const name = (index: number) =>
      [bare(index), frame.views[index]?.note ?? ""].join("  ").trim();
    const marks = {
      veil: this.confidence ? pictures.veil() : null,
      kernel: this.kernelOn ? this.kernel : null,
    };
    if (mode === "difference") {
      const title = `| ${bare(b)} − ${bare(a)} |`;
      const left = pictures.difference(a, b);
      return { left, right: null, leftName: title, rightName: "", ...marks };
    }
    const image = (index: number) =>
      mode === "errors" && index !== GUIDE ? pictures.errors(index) : pictures.image(index);
    return { left: image(a), right: image(b), leftName: name(a), rightName: name(b), ...marks };
  }

  private showLegend(frame: ViewedFrame) {
    const { a, b, mode, pictures, legend } = this;
    const veil = this.confidence && frame.confidence !== undefined && mode !== "points";
    const unit = frame.unit === "" ? "value" : frame.unit;
    if (mode === "difference") {
      const range = { low: 0, high: pictures.differenceLimit(a, b) };
      legend.show(GLOW, range, `${unit}, |B − A|, to its 98th percentile`, false, veil);
    } else if (mode === "errors") {
      const range = { low: 0, high: pictures.errorLimit() };
      const label = `${unit}, |result − truth|, to the worst's 98th percentile`;
      legend.show(GLOW, range, label, false, veil);
    } else if ((pictures.hasColours(a) || pictures.hasColours(b)) && !this.pictureColours(frame)) {
      legend.show(SPECTRUM, pictures.range, unit, true, veil);
    } else {
      legend.showNone("Colours of the picture", veil);
    }
  }

  // Points take the guide's colours where there is one.
  private pictureColours(frame: ViewedFrame): boolean {
    return this.mode === "points" && frame.guide !== undefined && !this.points?.byValue.checked;
  }

  private clouds(frame: ViewedFrame): Cloud[] {
    const chosen = [...new Set([this.a, this.b])].filter((index) =>
      this.pictures.hasColours(index));
    return chosen.flatMap((index) => {
      const view = frame.views[index];
      const colours = this.pictures.image(this.pictureColours(frame) ? GUIDE : index);
      return view === undefined ? [] : [{ name: view.name, values: view.values, colours }];
    });
  }

  private showPixel() {
    const { frame } = this;
    const { pixel } = this.stage;
    if (frame !== null && pixel !== null) {
      const digits = valueDigits(frame, this.pictures.range);
      this.readout.show(frame, pixel, [this.a, this.b], this.stage.pinned, digits);
      this.table.show(frame, pixel, digits);
    }
  }

  private askKernel() {
    const { frame } = this;
    const { pixel } = this.stage;
    const fields = frame === null ? [] : fieldsOf(frame);
    const field = fields[this.field];
    this.panel.node.hidden = field === undefined || !this.kernelOn;
    if (field === undefined || pixel === null || !this.kernelOn) {
      this.latest.cancel();
      this.kernel = null;
      this.draw();
      return;
    }
    this.panel.setMethods(fields.map(({ name }) => name).filter((name) => name !== ""), this.field);
    this.latest.ask(() => field.at(pixel.x, pixel.y));
  }

  private showKernel() {
    const { frame, kernel, pictures } = this;
    const { pixel } = this.stage;
    if (frame === null || kernel === null || pixel === null) {
      return;
    }
    const digits = valueDigits(frame, pictures.range);
    this.panel.show(kernel, pixel, (left, top, side) =>
      this.grounds.of(frame, pictures, digits, [left, top, side]));
    this.draw();
  }
}

function fieldsOf(frame: ViewedFrame): readonly KernelField[] {
  if (frame.kernels !== undefined) {
    return frame.kernels;
  }
  const at = frame.kernelAt?.bind(frame);
  return at === undefined ? [] : [{ name: "", at }];
}

// What was shown before by its name, else where it was, else the first choice.
function sameView(
  frame: ViewedFrame, index: number, name: string | undefined, first: number,
): number {
  if (index === GUIDE && frame.guide !== undefined) {
    return GUIDE;
  }
  const found = frame.views.findIndex((view) => view.name === name);
  return name !== undefined && found >= 0 ? found : first;
}
