/**
 * The colours of values: those of src/figures/palette.cpp, computed the same way (CIELAB curves at
 * equal steps), so that figures, reports and this viewer agree.
 */

export const PALETTE_STEPS = 256;

/** 256 colours, R,G,B in 8 bits each. */
export type Palette = Uint8Array;

/** L (0 black to 100 white), a (green to red), b (blue to yellow); white point D65. */
type Lab = readonly [number, number, number];

// CIE 15 and IEC 61966-2-1. What sRGB cannot show is limited to it.
function toSrgb([l, a, b]: Lab): [number, number, number] {
  const knee = 6 / 29;
  const linear = (t: number) => (t > knee ? t * t * t : 3 * knee * knee * (t - 4 / 29));
  const f = (l + 16) / 116;
  const x = 0.95047 * linear(f + a / 500);
  const y = linear(f);
  const z = 1.08883 * linear(f - b / 200);
  const byte = (v: number) => {
    const share = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, share)));
  };
  return [
    byte(3.2406 * x - 1.5372 * y - 0.4986 * z),
    byte(-0.9689 * x + 1.8758 * y + 0.0415 * z),
    byte(0.0557 * x - 0.204 * y + 1.057 * z),
  ];
}

// A smooth curve (Catmull and Rom, 1974) through the points, at equal steps.
function curveAt(points: readonly Lab[], share: number): Lab {
  const last = points.length - 1;
  const i = Math.min(last - 1, Math.max(0, Math.trunc(share * last)));
  const t = share * last - i;
  const part = (c: 0 | 1 | 2) => {
    const at = (k: number) => points[Math.min(last, Math.max(0, k))]?.[c] ?? 0;
    const slope = (at(i + 1) - at(i - 1)) / 2;
    const next = (at(i + 2) - at(i)) / 2;
    const rise = at(i + 1) - at(i);
    return at(i) + t * (slope + t * (3 * rise - 2 * slope - next + t * (slope + next - 2 * rise)));
  };
  return [part(0), part(1), part(2)];
}

// The curve at steps that are equal in what `measure` says of near colours.
function equalSteps(points: readonly Lab[], measure: (from: Lab, to: Lab) => number): Palette {
  const fine = 4096;
  const sums = [0];
  for (let i = 1; i <= fine; ++i) {
    const step = measure(curveAt(points, (i - 1) / fine), curveAt(points, i / fine));
    sums.push((sums[i - 1] ?? 0) + step);
  }
  const whole = sums[fine] ?? 0;
  const colours = new Uint8Array(3 * PALETTE_STEPS);
  let place = 0;
  for (let step = 0; step < PALETTE_STEPS; ++step) {
    const wanted = (whole * step) / (PALETTE_STEPS - 1);
    while (place < fine && (sums[place] ?? 0) < wanted) {
      ++place;
    }
    colours.set(toSrgb(curveAt(points, place / fine)), 3 * step);
  }
  return colours;
}

const distance = (p: Lab, q: Lab) => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);

/**
 * For depth: dark blue, light in the middle, dark red. Neighbouring steps are equally different, so
 * that no edge of the map stands out that is none of the values.
 */
export const SPECTRUM = equalSteps(
  [
    [22, 30, -50], [42, 22, -62], [60, -10, -42], [74, -32, -14], [83, -40, 35],
    [88, -14, 72], [76, 24, 68], [56, 56, 50], [32, 48, 32],
  ],
  distance,
);

/** For errors: black to pale yellow; lightness is proportional to the value. */
export const GLOW = equalSteps(
  [
    [0, 0, 0], [20, 32, -38], [38, 52, -12], [54, 58, 30],
    [72, 30, 62], [86, 2, 66], [97, -3, 22],
  ],
  (from, to) => to[0] - from[0],
);

/** Black to white. */
export const GREYS: Palette = Uint8Array.from({ length: 3 * PALETTE_STEPS }, (_, i) =>
  Math.floor(i / 3),
);

const words = new WeakMap<Palette, Uint32Array>();

/** The colours as words for the RGBA bytes of an ImageData, opaque. */
export function paletteWords(palette: Palette): Uint32Array {
  let table = words.get(palette);
  if (table === undefined) {
    const bytes = new Uint8Array(4 * PALETTE_STEPS);
    for (let i = 0; i < PALETTE_STEPS; ++i) {
      bytes.set(palette.subarray(3 * i, 3 * i + 3), 4 * i);
      bytes[4 * i + 3] = 255;
    }
    table = new Uint32Array(bytes.buffer);
    words.set(palette, table);
  }
  return table;
}
