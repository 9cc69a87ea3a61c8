import { context2d, element, setText } from "./dom";
import type { RangeChoice } from "./pictures";
import { type Palette, PALETTE_STEPS, paletteWords } from "./palette";
import { type Range, digitsOf, fixed, ticks } from "./scale";

/** What the colours mean: their values with the unit, holes, and the veil of confidence. */
export class Legend {
  readonly node = element("div", { class: "dkv-legend" });
  private readonly bar = element("canvas", {
    class: "dkv-bar", width: PALETTE_STEPS, height: 1, "aria-hidden": true,
  });
  private readonly ticks = element("div", { class: "dkv-ticks", "aria-hidden": true });
  private readonly scale: HTMLElement;
  private readonly label = element("span", { class: "dkv-label" });
  private readonly hole: HTMLElement;
  private readonly veil: HTMLElement;
  private readonly low: HTMLInputElement;
  private readonly high: HTMLInputElement;
  private readonly ends: HTMLElement;
  private shown = "";

  constructor(onRange: (choice: RangeChoice, range?: Range) => void) {
    this.scale = element("div", { class: "dkv-scale" }, this.bar, this.ticks);
    const swatch = (kind: string) =>
      element("i", { class: `dkv-swatch dkv-${kind}`, "aria-hidden": true });
    this.hole = element("span", { class: "dkv-key" }, swatch("hole"), "no value");
    this.veil = element(
      "span", { class: "dkv-key" }, swatch("veil"), "the whiter, the less it rests on measurements",
    );
    const box = (text: string) =>
      element("input", { type: "number", step: "any", "aria-label": `Value at the ${text} end` });
    this.low = box("low");
    this.high = box("high");
    const button = (text: string, title: string, choice: RangeChoice) => {
      const made = element("button", { type: "button", title }, text);
      made.addEventListener("click", () => {
        onRange(choice);
      });
      return made;
    };
    const typed = () => {
      const low = this.low.valueAsNumber;
      const high = this.high.valueAsNumber;
      const valid = high > low;
      this.low.setAttribute("aria-invalid", String(!valid));
      this.high.setAttribute("aria-invalid", String(!valid));
      if (valid) {
        onRange("fixed", { low, high });
      }
    };
    this.low.addEventListener("change", typed);
    this.high.addEventListener("change", typed);
    this.ends = element(
      "span", { class: "dkv-ends" }, "Colours from ", this.low, " to ", this.high,
      button("Auto", "As the picture came, or without its few lowest and highest values", "auto"),
      button("Min–max", "From the smallest to the largest value", "full"),
    );
    const keys = element("div", { class: "dkv-keys" }, this.label, this.hole, this.veil, this.ends);
    this.node.append(this.scale, keys);
  }

  /** `adjustable`: the ends can be chosen. `veil`: the confidence is drawn. */
  show(palette: Palette, range: Range, label: string, adjustable: boolean, veil: boolean) {
    this.veil.hidden = !veil;
    this.ends.hidden = !adjustable;
    this.scale.hidden = false;
    this.hole.hidden = false;
    setText(this.label, label);
    const width = this.node.clientWidth;
    const key = `${range.low} ${range.high} ${palette[100] ?? 0} ${width}`;
    if (key === this.shown) {
      return;
    }
    this.shown = key;
    const image = new ImageData(PALETTE_STEPS, 1);
    new Uint32Array(image.data.buffer).set(paletteWords(palette));
    context2d(this.bar).putImageData(image, 0, 0);
    this.drawTicks(range, width);
    const digits = digitsOf((range.high - range.low) / 1000);
    for (const [input, value] of [[this.low, range.low], [this.high, range.high]] as const) {
      if (document.activeElement !== input) {
        input.value = value.toFixed(digits);
      }
    }
  }

  /** Where nothing is drawn by colours. */
  showNone(label: string, veil: boolean) {
    this.scale.hidden = true;
    this.hole.hidden = true;
    this.ends.hidden = true;
    this.veil.hidden = !veil;
    setText(this.label, label);
  }

  private drawTicks(range: Range, width: number) {
    const places = ticks(range, Math.max(2, Math.min(10, Math.floor(width / 90))));
    const step = (places[1] ?? 1) - (places[0] ?? 0);
    const digits = digitsOf(step);
    this.ticks.replaceChildren(...places.map((value) => {
      const share = (value - range.low) / (range.high - range.low);
      const tick = element("span", {}, fixed(value, digits));
      tick.style.left = `${100 * share}%`;
      if (share < 0.03 || share > 0.97) {
        tick.classList.add(share < 0.5 ? "dkv-first" : "dkv-last");
      }
      return tick;
    }));
  }
}
