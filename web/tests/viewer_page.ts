/** A page for viewer.test.mjs: the viewer with frames whose values are known. */
import { mountViewer } from "../src/viewer";
import type { Kernel, ViewedFrame } from "../src/viewer";

const WIDTH = 160;
const HEIGHT = 120;

/** 1000 + 10 x at the left of a disc at 700; the first 20 x 20 pixels are a hole. */
function depth(offset: number): Float32Array {
  return Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const x = i % WIDTH;
    const y = Math.floor(i / WIDTH);
    const inDisc = Math.hypot(x - 100, y - 60) < 30;
    return x < 20 && y < 20 ? NaN : (inDisc ? 700 : 1000 + 10 * x) + offset;
  });
}

function guide(): Uint8ClampedArray {
  return Uint8ClampedArray.from({ length: 4 * WIDTH * HEIGHT }, (_, i) => {
    const x = (i >> 2) % WIDTH;
    const y = Math.floor((i >> 2) / WIDTH);
    const inDisc = Math.hypot(x - 100, y - 60) < 30;
    const checks = ((x >> 3) + (y >> 3)) % 2 === 0 ? 150 : 90;
    return i % 4 === 3 ? 255 : inDisc ? [220, 120, 60][i % 4] ?? 0 : checks;
  });
}

/** 3 x 3 samples 2 pixels apart on two levels; the middle adds, the others subtract. */
function kernelAt(x: number, y: number): Promise<Kernel> {
  const taps = Array.from({ length: 18 }, (_, tap) => tap);
  const step = (tap: number) => (tap < 9 ? 2 : 4);
  return Promise.resolve({
    x: Float32Array.from(taps, (tap) => x + step(tap) * ((tap % 3) - 1)),
    y: Float32Array.from(taps, (tap) => y + step(tap) * (Math.floor((tap % 9) / 3) - 1)),
    weight: Float32Array.from(taps, (tap) => (tap === 4 ? 0.8 : tap < 9 ? -0.1 : 0.05)),
    level: Float32Array.from(taps, (tap) => (tap < 9 ? 0 : 1)),
  });
}

export function knownFrame(shift = 0): ViewedFrame {
  const map = (offset: number) =>
    ({ width: WIDTH, height: HEIGHT, channels: 1, data: depth(offset + shift) });
  return {
    guide: { width: WIDTH, height: HEIGHT, data: guide() },
    views: [
      { name: "input", values: map(0) },
      { name: "result", values: map(-4.5), note: "0.2 s" },
      { name: "another", values: map(20) },
    ],
    confidence: {
      width: WIDTH, height: HEIGHT, channels: 1,
      data: Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH) / WIDTH),
    },
    unit: "mm",
    kernelAt,
  };
}

const place = document.querySelector("main");
if (place !== null) {
  const viewer = mountViewer(place);
  viewer.show(knownFrame());
  Object.assign(window, { viewer, knownFrame });
}
