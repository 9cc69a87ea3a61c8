import { element, setText } from "../viewer/dom";
import type { Controls, FrameHeader } from "./records";

/** What `/options` answers. */
export interface ViewState {
  readonly controls: Controls;
  readonly models: readonly string[];
  readonly methods: readonly { readonly name: string; readonly summary: string }[];
  readonly command: string;
  readonly name: string;
  readonly frames: number;
  readonly live: boolean;
}

export interface PageActions {
  change(controls: Partial<Controls>): void;
}

const STAGES = [
  ["read", "read"],
  ["guide", "guide"],
  ["network", "network"],
  ["other", "holes, ranges, other filters"],
  ["page", "for this page"],
] as const;

/** A row of the form: the name of a control and what changes it. */
function labelled(text: string, control: HTMLElement): HTMLElement {
  return element("label", { class: "live-control" }, element("span", {}, text), control);
}

/** Everything of the page but the viewer. */
export class LivePage {
  readonly viewerPlace = element("main", { class: "live-viewer" });
  private readonly title = element("h1", {}, "dkn view");
  private readonly source = element("p", { class: "live-source" });
  private readonly pause = element("button", { type: "button" }, "Pause");
  private readonly model = element("select", {});
  private readonly holes = element("select", {});
  private readonly invalid = element("input", { type: "text", size: "12", placeholder: "by the file's type" });
  private readonly fidelity = element("input", { type: "number", min: "0", max: "50", step: "1" });
  private readonly confidence = element("input", { type: "checkbox" });
  private readonly message = element("p", { class: "live-message", role: "alert", hidden: "" });
  private readonly times = element("dl", { class: "live-times" });
  private readonly counts = element("p", { class: "live-counts" });
  private readonly notes = element("ul", { class: "live-notes" });
  private readonly command = element("code", {});
  private readonly copied = element("span", { role: "status" });
  private readonly cells = new Map<string, HTMLElement>();
  private paused = false;

  constructor(container: HTMLElement, private readonly actions: PageActions) {
    const copy = element("button", { type: "button" }, "Copy the command");
    copy.addEventListener("click", () => {
      void this.copy();
    });
    for (const [key, name] of [["fps", "frames a second"], ...STAGES, ["send", "send"]] as const) {
      const cell = element("dd", {}, "-");
      this.cells.set(key, cell);
      this.times.append(element("div", {}, element("dt", {}, name), cell));
    }
    for (const [value, text] of [
      ["fill", "filled"],
      ["keep", "kept"],
      ["measured", "where measured"],
    ] as const) {
      this.holes.append(element("option", { value }, text));
    }
    container.append(
      element("header", { class: "live-head" }, this.title, this.source, this.pause),
      element(
        "form", { class: "live-form", "aria-label": "Options" },
        labelled("Method", this.model),
        labelled("Holes", this.holes),
        labelled("Values that are holes", this.invalid),
        labelled("Fidelity iterations", this.fidelity),
        labelled("Compute confidence", this.confidence),
      ),
      this.message,
      this.viewerPlace,
      element(
        "section", { class: "live-told", "aria-label": "Time and command" },
        this.times, this.counts, this.notes,
        element("div", { class: "live-command" }, this.command, copy, this.copied),
      ),
    );
    this.listen(container);
  }

  /** What can be chosen. */
  showState(state: ViewState) {
    const option = (value: string, text: string) => element("option", { value }, text);
    const group = (label: string, names: readonly string[]) =>
      element("optgroup", { label }, ...names.map((name) => option(name, name)));
    const { model } = state.controls;
    const known = ["", ...state.models, ...state.methods.map(({ name }) => name)];
    this.model.replaceChildren(
      option("", "automatic"),
      ...(known.includes(model) ? [] : [option(model, model)]),
      group("networks", state.models),
      group("classical filters", state.methods.map(({ name }) => name)),
    );
    const count = state.frames > 1 ? `, ${String(state.frames)} frames` : state.live ? ", live" : "";
    setText(this.source, state.name + count);
    this.showControls(state.controls);
    setText(this.command, state.command);
  }

  showHeader(header: FrameHeader, pauseForKernels: boolean) {
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    const set = (key: string, text: string) => {
      const cell = this.cells.get(key);
      if (cell !== undefined) {
        setText(cell, text);
      }
    };
    set("fps", header.fps > 0 ? header.fps.toFixed(1) : "-");
    for (const [key] of STAGES) {
      set(key, ms(header.ms[key]));
    }
    set("send", ms(header.send_ms));
    const parts = [
      header.name,
      header.method === "" ? "nothing measured" : `by ${header.method}`,
      `${header.holes_percent.toFixed(1)} % holes in the input`,
      `${String(header.dropped)} frames missed by this page`,
    ];
    if (header.residual !== null) {
      parts.push(`differs from the input by ${header.residual.toPrecision(3)} ${header.unit} (RMS)`);
    }
    if (header.ended) {
      parts.push("no further frames");
    }
    if (pauseForKernels) {
      parts.push("pause to see its kernels");
    }
    setText(this.counts, parts.join(" · "));
    this.notes.replaceChildren(...header.notes.map((note) => element("li", {}, note)));
    this.pause.hidden = header.ended;
    setText(this.command, header.command);
    this.showControls(header.controls);
    this.showMessage(header.failure ?? "", "frame");
  }

  /** An empty text ends the message of the same kind. */
  showMessage(text: string, kind: "frame" | "options" | "server") {
    if (text === "" && this.message.dataset.kind !== kind) {
      return;
    }
    this.message.hidden = text === "";
    this.message.dataset.kind = kind;
    setText(this.message, text);
  }

  /** Leaves alone what its user is at. */
  private showControls(controls: Controls) {
    const set = (control: HTMLInputElement | HTMLSelectElement, value: string) => {
      if (document.activeElement !== control) {
        control.value = value;
      }
    };
    set(this.model, controls.model);
    set(this.holes, controls.holes);
    set(this.invalid, controls.invalid);
    set(this.fidelity, String(controls.fidelity));
    this.confidence.checked = controls.confidence;
    this.paused = controls.paused;
    setText(this.pause, controls.paused ? "Go on" : "Pause");
  }

  private listen(container: HTMLElement) {
    container.querySelector("form")?.addEventListener("submit", (event) => {
      event.preventDefault();
    });
    this.model.addEventListener("change", () => {
      this.actions.change({ model: this.model.value });
    });
    this.holes.addEventListener("change", () => {
      this.actions.change({ holes: this.holes.value });
    });
    this.invalid.addEventListener("change", () => {
      this.actions.change({ invalid: this.invalid.value.trim() });
    });
    this.fidelity.addEventListener("change", () => {
      this.actions.change({ fidelity: Math.round(Number(this.fidelity.value)) });
    });
    this.confidence.addEventListener("change", () => {
      this.actions.change({ confidence: this.confidence.checked });
    });
    this.pause.addEventListener("click", () => {
      this.actions.change({ paused: !this.paused });
    });
  }

  private async copy() {
    try {
      await navigator.clipboard.writeText(this.command.textContent);
      setText(this.copied, "copied");
    } catch {
      getSelection()?.selectAllChildren(this.command);
      setText(this.copied, "selected; press Ctrl+C");
    }
  }
}
