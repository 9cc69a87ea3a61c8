import { element, setOptions } from "./dom";
import type { ViewedFrame } from "./frame";
import { GUIDE } from "./images";

/** What the stage shows of A and B. */
export type Mode = "values" | "difference" | "errors" | "points";

export interface ToolbarState {
  readonly a: number;
  readonly b: number;
  readonly mode: Mode;
  readonly confidence: boolean;
  readonly kernel: boolean;
}

/** What the toolbar's controls do. */
export interface ToolbarActions {
  choose(a: number, b: number): void;
  setMode(mode: Mode): void;
  setConfidence(on: boolean): void;
  setKernel(on: boolean): void;
  zoomBy(factor: number): void;
  fit(): void;
}

const MODES: readonly (readonly [Mode, string, string])[] = [
  ["values", "Wipe", "A at the left of the wipe, B at the right"],
  ["difference", "Difference", "How far A and B are apart"],
  ["errors", "Errors", "How far A and B are from the truth"],
  ["points", "3-D", "Both as points in space, coloured by the picture"],
];

let groups = 0;

/** The row of controls above the picture. */
export class Toolbar {
  readonly node: HTMLElement;
  private readonly a = element("select", { "aria-label": "A, at the left" });
  private readonly b = element("select", { "aria-label": "B, at the right" });
  private readonly modes = new Map<Mode, HTMLInputElement>();
  private readonly confidence = element("input", { type: "checkbox" });
  private readonly kernel = element("input", { type: "checkbox" });
  private readonly zoom = element("button", { type: "button", title: "Show all (0)" }, "100 %");
  private readonly zoomTools: HTMLElement;
  private indices: readonly number[] = [];

  constructor(actions: ToolbarActions) {
    const chosen = () => {
      actions.choose(this.index(this.a), this.index(this.b));
    };
    this.a.addEventListener("change", chosen);
    this.b.addEventListener("change", chosen);
    const swap = button("⇄", "Swap A and B", () => {
      actions.choose(this.index(this.b), this.index(this.a));
    });
    this.confidence.addEventListener("change", () => {
      actions.setConfidence(this.confidence.checked);
    });
    this.kernel.addEventListener("change", () => {
      actions.setKernel(this.kernel.checked);
    });
    this.zoom.addEventListener("click", () => {
      actions.fit();
    });
    const lettered = (letter: string, select: HTMLSelectElement) =>
      element("span", { class: "dkv-side" }, element("b", { "aria-hidden": true }, letter), select);
    this.zoomTools = element(
      "span", { class: "dkv-group", role: "group", "aria-label": "Zoom" },
      button("−", "Zoom out (-)", () => { actions.zoomBy(1 / 1.4); }),
      this.zoom,
      button("+", "Zoom in (+)", () => { actions.zoomBy(1.4); }),
    );
    this.node = element(
      "div", { class: "dkv-toolbar" },
      element("span", { class: "dkv-pair" }, lettered("A", this.a), swap, lettered("B", this.b)),
      this.modeGroup(actions),
      element(
        "label", { class: "dkv-check", title: "How much each pixel rests on what was measured" },
        this.confidence, "Confidence",
      ),
      element(
        "label", { class: "dkv-check", title: "The samples that the marked pixel is made of" },
        this.kernel, "Kernel",
      ),
      this.zoomTools,
    );
  }

  show(frame: ViewedFrame, state: ToolbarState, hasPoints: boolean) {
    const names = frame.views.map(({ name }) => name);
    const guide = frame.guide !== undefined;
    this.indices = [...(guide ? [GUIDE] : []), ...names.keys()];
    const options = guide ? ["guide", ...names] : names;
    setOptions(this.a, options, this.indices.indexOf(state.a));
    setOptions(this.b, options, this.indices.indexOf(state.b));
    for (const [mode, input] of this.modes) {
      input.checked = mode === state.mode;
      const label = input.parentElement;
      if (label !== null) {
        label.hidden = (mode === "errors" && frame.truth === undefined) ||
          (mode === "points" && !hasPoints);
      }
    }
    this.confidence.checked = state.confidence;
    setHidden(this.confidence, frame.confidence === undefined || state.mode === "points");
    this.kernel.checked = state.kernel;
    setHidden(this.kernel, frame.kernelAt === undefined && frame.kernels === undefined);
    this.zoomTools.hidden = state.mode === "points";
  }

  showZoom(zoom: number) {
    this.zoom.textContent = `${Math.round(100 * zoom)} %`;
  }

  private index(select: HTMLSelectElement): number {
    return this.indices[select.selectedIndex] ?? 0;
  }

  private modeGroup(actions: ToolbarActions): HTMLElement {
    const name = `dkv-mode-${groups++}`;
    const labels = MODES.map(([mode, text, title]) => {
      const input = element("input", { type: "radio", name, value: mode });
      input.addEventListener("change", () => {
        actions.setMode(mode);
      });
      this.modes.set(mode, input);
      return element("label", { title }, input, element("span", {}, text));
    });
    return element(
      "span", { class: "dkv-group dkv-modes", role: "radiogroup", "aria-label": "Compare by" },
      ...labels,
    );
  }
}

function setHidden(input: HTMLInputElement, hidden: boolean) {
  if (input.parentElement !== null) {
    input.parentElement.hidden = hidden;
  }
}

function button(text: string, title: string, act: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", title, "aria-label": title }, text);
  made.addEventListener("click", act);
  return made;
}
