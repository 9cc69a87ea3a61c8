import type { Values, ViewedFrame } from "./frame";
import { GUIDE, type Size, absoluteDifference, frameSize, isPicture } from "./images";
import { Painting } from "./paint";
import { GLOW, SPECTRUM } from "./palette";
import {
  type Range, fullRange, pictureRange, quantile, robustRange, sortedSample, stillFits,
} from "./scale";

/** Who chooses the values at the ends of the colours. */
export type RangeChoice = "auto" | "full" | "fixed";

interface Kept {
  readonly painting: Painting;
  stamp: string;
}

/** The frame's images in colour, painted when they are asked for and kept while they hold. */
export class Pictures {
  size: Size = { width: 1, height: 1 };
  range: Range = { low: 0, high: 1 };
  choice: RangeChoice = "auto";
  private frame: ViewedFrame = { views: [], unit: "" };
  private serial = 0;
  private readonly kept = new Map<string, Kept>();
  private readonly compares = new Map<string, { values: Values; serial: number }>();
  private readonly limits = new Map<string, { limit: number; serial: number }>();

  /** A range chosen by hand stays; one that was computed adapts where it no longer fits. */
  show(frame: ViewedFrame) {
    const first = this.serial++ === 0;
    this.frame = frame;
    this.size = frameSize(frame);
    if (this.choice !== "fixed") {
      const wanted = this.wantedRange();
      if (first || this.choice === "full" || !stillFits(this.range, wanted)) {
        this.range = wanted;
      }
    }
  }

  choose(choice: RangeChoice, range?: Range) {
    this.choice = choice;
    this.range = range ?? this.wantedRange();
  }

  private wantedRange(): Range {
    const { range, views } = this.frame;
    const depth = views.find(({ values }) => !isPicture(values))?.values;
    if (depth === undefined) {
      return { low: 0, high: 1 };
    }
    if (this.choice === "full") {
      return fullRange(depth.data);
    }
    return range === undefined ? robustRange(depth.data) : { low: range[0], high: range[1] };
  }

  /** Whether the palette and its legend tell of the view. */
  hasColours(index: number): boolean {
    const values = this.frame.views[index]?.values;
    return values !== undefined && !isPicture(values);
  }

  /** A view, or the guide. */
  image(index: number): HTMLCanvasElement {
    const { guide, views } = this.frame;
    const values = views[index]?.values;
    if (index === GUIDE && guide !== undefined) {
      return this.keep("guide", "", (painting) => {
        painting.picture(guide);
      });
    }
    if (values === undefined) {
      throw new Error(`the frame has no view ${index}`);
    }
    const { low, high } = this.range;
    return this.keep(`view ${index}`, `${low} ${high}`, (painting) => {
      if (isPicture(values)) {
        painting.colours(values, pictureRange(values.data));
      } else {
        painting.values(values, this.range, SPECTRUM);
      }
    });
  }

  /** |b - a|; of the guide, and where channels differ, all is a hole. */
  difference(a: number, b: number): HTMLCanvasElement {
    return this.compared(`difference ${a} ${b}`, a, b, this.differenceLimit(a, b));
  }

  differenceLimit(a: number, b: number): number {
    return this.limit(`difference ${a} ${b}`, () => [[a, b]]);
  }

  /** |view - truth|. */
  errors(index: number): HTMLCanvasElement {
    const truth = this.frame.truth ?? GUIDE;
    return this.compared(`errors ${index}`, truth, index, this.errorLimit());
  }

  errorLimit(): number {
    const { truth = GUIDE, views, errorLimit } = this.frame;
    return errorLimit ?? this.limit("errors", () => views.map((_, index) => [truth, index]));
  }

  veil(): HTMLCanvasElement | null {
    const { confidence } = this.frame;
    return confidence === undefined
      ? null
      : this.keep("veil", "", (painting) => {
          painting.veil(confidence);
        });
  }

  private compared(key: string, a: number, b: number, limit: number): HTMLCanvasElement {
    return this.keep(key, String(limit), (painting) => {
      painting.values(this.differences(a, b), { low: 0, high: limit }, GLOW);
    });
  }

  private differences(a: number, b: number): Values {
    const key = `${a} ${b}`;
    const known = this.compares.get(key);
    if (known?.serial === this.serial) {
      return known.values;
    }
    const from = this.frame.views[a]?.values;
    const to = this.frame.views[b]?.values;
    const { width, height } = this.size;
    const values = from === undefined || to === undefined
      ? { width, height, channels: 1, data: new Float32Array(width * height).fill(NaN) }
      : absoluteDifference(from, to, this.size);
    this.compares.set(key, { values, serial: this.serial });
    return values;
  }

  /** The largest 98th percentile of the pairs' differences. */
  private limit(key: string, pairs: () => [number, number][]): number {
    const known = this.limits.get(key);
    if (known?.serial === this.serial) {
      return known.limit;
    }
    const wanted = pairs().reduce((most, [a, b]) => {
      const limit = quantile(sortedSample(this.differences(a, b).data), 0.98);
      return limit > most ? limit : most;
    }, 0) || 1;
    const fits = known !== undefined &&
      stillFits({ low: 0, high: known.limit }, { low: 0, high: wanted });
    const limit = fits ? known.limit : wanted;
    this.limits.set(key, { limit, serial: this.serial });
    return limit;
  }

  private keep(key: string, stamp: string, paint: (painting: Painting) => void) {
    let kept = this.kept.get(key);
    if (kept === undefined) {
      kept = { painting: new Painting(), stamp: "" };
      this.kept.set(key, kept);
    }
    const wanted = `${this.serial} ${stamp}`;
    if (kept.stamp !== wanted) {
      paint(kept.painting);
      kept.stamp = wanted;
    }
    return kept.painting.canvas;
  }
}
