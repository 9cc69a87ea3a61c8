import { element, setText } from "./dom";
import type { Pixel, Values, View, ViewedFrame } from "./frame";
import { GUIDE, type Size, differenceAt, frameSize, isPicture, valuesAt } from "./images";
import { type Range, digitsOf, fixed, signed } from "./scale";

/** Decimals for the frame's values: finer than what the eye can tell from colours. */
export function valueDigits(frame: ViewedFrame, range: Range): number {
  const step = frame.errorLimit === undefined
    ? (range.high - range.low) / 10000
    : frame.errorLimit / 200;
  return Math.min(6, digitsOf(step));
}

/** "12.5", or for pictures "0.1, 0.2, 0.3". */
export function valueText(values: Values, pixel: Pixel, size: Size, digits: number): string {
  const channels = [...valuesAt(values, pixel, size)];
  const few = isPicture(values) && channels.some((value) => Math.abs(value) > 2) ? 0 : digits;
  return channels.some(Number.isFinite)
    ? channels.map((value) => fixed(value, few)).join(", ")
    : "–";
}

function guideText(frame: ViewedFrame, { x, y }: Pixel): string {
  const { guide } = frame;
  if (guide === undefined) {
    return "–";
  }
  const at = 4 * (y * guide.width + x);
  return guide.data.subarray(at, at + 3).join(", ");
}

/** One line: where, the values of A and B and how they differ, and the confidence. */
export class Readout {
  readonly node = element("div", { class: "dkv-readout" });
  private readonly where = element("span", { class: "dkv-where" });
  private readonly parts = element("span", { class: "dkv-parts" });

  constructor() {
    this.node.append(this.where, this.parts);
  }

  show(
    frame: ViewedFrame, pixel: Pixel, [a, b]: readonly [number, number], pinned: boolean,
    digits: number,
  ) {
    const size = frameSize(frame);
    const held = pinned ? " (held; click or Escape frees it)" : "";
    setText(this.where, `x ${pixel.x}, y ${pixel.y}${held}`);
    const side = (name: string, index: number) => {
      const values = frame.views[index]?.values;
      const text = values === undefined ? guideText(frame, pixel)
        : valueText(values, pixel, size, digits);
      return part(name, text === "–" ? "no value" : text, unitOf(frame, index));
    };
    const parts = [side("A", a), side("B", b)];
    const from = frame.views[a]?.values;
    const to = frame.views[b]?.values;
    if (a !== b && from !== undefined && to !== undefined && from.channels === to.channels) {
      const difference = signed(differenceAt(from, to, pixel, size), digits);
      parts.push(part("B − A", difference, unitOf(frame, b)));
    }
    if (frame.confidence !== undefined) {
      const [share = NaN] = valuesAt(frame.confidence, pixel, size);
      parts.push(part("confidence", fixed(share, 2), ""));
    }
    this.parts.replaceChildren(...parts);
  }
}

function unitOf(frame: ViewedFrame, index: number): string {
  return index === GUIDE ? "" : frame.unit;
}

function part(name: string, value: string, unit: string): HTMLElement {
  const shown = unit === "" || /[^-+.\d]/.test(value) ? value : `${value} ${unit}`;
  return element("span", {}, element("i", {}, name), " ", element("b", {}, shown));
}

/** The table of all views at a pixel; with a truth their errors, the least one marked. */
export class ValueTable {
  readonly node: HTMLTableElement;
  private readonly head = element("tr");
  private readonly body = element("tbody");

  constructor() {
    const head = element("thead", {}, this.head);
    this.node = element("table", { class: "dkv-values" }, head, this.body);
  }

  show(frame: ViewedFrame, pixel: Pixel, digits: number) {
    const size = frameSize(frame);
    const truth = frame.truth === undefined ? undefined : frame.views[frame.truth];
    const unit = frame.unit === "" ? "value" : frame.unit;
    const heads = truth === undefined ? ["view", unit] : ["view", unit, "error"];
    this.head.replaceChildren(...heads.map((text) => element("th", { scope: "col" }, text)));
    const errors = frame.views.map(({ values }, index) =>
      truth === undefined || index === frame.truth
        ? NaN : differenceAt(truth.values, values, pixel, size));
    const least = leastError(errors);
    this.body.replaceChildren(...frame.views.map((view, index) => {
      const value = valueText(view.values, pixel, size, digits);
      const error = errors[index] ?? NaN;
      const cells = [nameCell(view), element("td", {}, value)];
      if (truth !== undefined) {
        cells.push(element("td", {}, Number.isFinite(error) ? signed(error, digits) : ""));
      }
      const best = index !== 0 && Math.abs(error) === least;
      return element("tr", best ? { class: "dkv-best" } : {}, ...cells);
    }));
  }

  /** For who moves by keys and listens. */
  spoken(): string {
    return [...this.body.rows]
      .map((row) => `${row.cells[0]?.textContent ?? ""} ${row.cells[1]?.textContent ?? ""}`)
      .join(", ");
  }
}

// The first view is what the others were made from: it does not compete.
function leastError(errors: readonly number[]): number {
  const others = errors.slice(1).map(Math.abs).filter(Number.isFinite);
  return others.length > 1 ? Math.min(...others) : NaN;
}

function nameCell({ name }: View): HTMLTableCellElement {
  return element("td", { title: name }, name);
}
