// The page's sample: a room of `dkn synth`, and its depth as a structured-light camera of a quarter
// of the picture's size measures it: with noise, and without measurement beside edges.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode, encode } from "fast-png";

/** Every `step`th pixel, as a camera of fewer pixels sees it. */
export function thinned({ width, height, data }, step) {
  const columns = Math.floor(width / step);
  const rows = Math.floor(height / step);
  const first = Math.floor(step / 2);
  const values = Uint16Array.from({ length: columns * rows }, (_, i) =>
    data[(first + step * Math.floor(i / columns)) * width + first + step * (i % columns)]);
  return { width: columns, height: rows, data: values, depth: 16, channels: 1 };
}

export function writeSample(dkn, folder) {
  const work = mkdtempSync(join(tmpdir(), "dkn_sample_"));
  try {
    execFileSync(dkn, ["synth", "-o", work, "--seed", "1", "--sensor", "structured_light"]);
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(work, "room_rgb.png"), join(folder, "room_rgb.png"));
    const measured = decode(readFileSync(join(work, "room_measured.png")));
    writeFileSync(join(folder, "room_depth.png"), encode(thinned(measured, 4)));
  } finally {
    rmSync(work, { recursive: true });
  }
}
