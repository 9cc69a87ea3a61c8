import type { ViewedFrame } from "./frame";
import { GUIDE, cutOut, isPicture } from "./images";
import type { Ground } from "./kernel_panel";
import { Painting } from "./paint";
import { GREYS } from "./palette";
import type { Pictures } from "./pictures";
import { fixed, fullRange, pictureRange } from "./scale";

/**
 * The images that enlarged kernels are drawn on: the guide, and the first view in grey from its
 * smallest to its largest value there, so that the marks' colours are not among its own.
 */
export class Grounds {
  private readonly painting = new Painting();

  of(
    frame: ViewedFrame, pictures: Pictures, digits: number,
    [left, top, side]: readonly [number, number, number],
  ): Ground[] {
    const { size } = pictures;
    const grounds: Ground[] = [];
    if (frame.guide !== undefined) {
      const whole = { left: 0, top: 0, width: size.width, height: size.height };
      grounds.push({ canvas: pictures.image(GUIDE), ...whole, caption: "on the guide" });
    }
    const view = frame.views[0];
    if (view === undefined) {
      return grounds;
    }
    const { values, ...place } = cutOut(view.values, left, top, side, size);
    const { canvas } = this.painting;
    if (values.data.length === 0) {
      return grounds;
    }
    if (isPicture(values)) {
      this.painting.colours(values, pictureRange(view.values.data));
      grounds.push({ canvas, ...place, caption: `on ${view.name}` });
    } else {
      const range = fullRange(values.data);
      this.painting.values(values, range, GREYS);
      const ends = `${fixed(range.low, digits)} to ${fixed(range.high, digits)} ${frame.unit}`;
      grounds.push({ canvas, ...place, caption: `on ${view.name}, grey from ${ends}`.trim() });
    }
    return grounds;
  }
}
