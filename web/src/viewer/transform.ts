import type { Size } from "./images";

/**
 * Where the image lies on the stage: a pixel's left upper corner (x, y) is shown at
 * (left + x * scale, top + y * scale), in CSS pixels.
 */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

const MOST_SCALE = 64;

/** The whole image, as large as the stage allows, in its middle. */
export function fitted(image: Size, stage: Size): Placement {
  const scale = Math.min(stage.width / image.width, stage.height / image.height);
  return {
    scale,
    left: (stage.width - image.width * scale) / 2,
    top: (stage.height - image.height * scale) / 2,
  };
}

/** Not smaller than fitted, and no gap at a border where there is image to fill it. */
export function limited(place: Placement, image: Size, stage: Size): Placement {
  const fit = fitted(image, stage);
  const scale = Math.min(Math.max(MOST_SCALE, fit.scale), Math.max(fit.scale, place.scale));
  const along = (start: number, length: number, room: number) =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, start));
  return {
    scale,
    left: along(place.left, image.width * scale, stage.width),
    top: along(place.top, image.height * scale, stage.height),
  };
}

/** `factor` times as large; what is shown at (x, y) stays there. */
export function zoomed(place: Placement, factor: number, x: number, y: number): Placement {
  return {
    scale: place.scale * factor,
    left: x - (x - place.left) * factor,
    top: y - (y - place.top) * factor,
  };
}

export function moved(place: Placement, dx: number, dy: number): Placement {
  return { ...place, left: place.left + dx, top: place.top + dy };
}

/** So that the pixel's middle is in sight, a little away from the borders. */
export function revealing(place: Placement, x: number, y: number, stage: Size): Placement {
  const margin = Math.min(24, stage.width / 4, stage.height / 4);
  const shift = (at: number, room: number) =>
    Math.min(room - margin, Math.max(margin, at)) - at;
  return moved(
    place,
    shift(place.left + (x + 0.5) * place.scale, stage.width),
    shift(place.top + (y + 0.5) * place.scale, stage.height),
  );
}
