// The viewer's parts that need no browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { importSource } from "./browser.mjs";

const source = (name) =>
  importSource(fileURLToPath(new URL(`../src/viewer/${name}.ts`, import.meta.url)));
const palette = await source("palette");
const scale = await source("scale");
const images = await source("images");
const transform = await source("transform");
const geometry = await source("kernel_geometry");
const { Latest } = await source("latest");

test("the palettes are those of the C++ figures", async () => {
  const golden = new URL("../../tests/golden/palettes.txt", import.meta.url);
  const text = await readFile(golden, "utf8");
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  const hex = (colours) => Array.from({ length: 256 }, (_, i) =>
    Buffer.from(colours.subarray(3 * i, 3 * i + 3)).toString("hex"));
  assert.deepEqual(lines.slice(0, 256),
                   hex(palette.SPECTRUM).map((colour, i) => `${colour} ${hex(palette.GLOW)[i]}`));
});

test("a robust range leaves outliers and holes out", () => {
  const data = Float32Array.from({ length: 10000 }, (_, i) => 1000 + (i % 100));
  data[17] = 60000;
  data[18] = -5;
  data[19] = NaN;
  data[20] = Infinity;
  const robust = scale.robustRange(data);
  assert.ok(robust.low >= 1000 && robust.low <= 1002, robust.low);
  assert.ok(robust.high <= 1099 && robust.high >= 1097, robust.high);
  assert.deepEqual(scale.fullRange(data), { low: -5, high: 60000 });
});

test("a range is never empty", () => {
  for (const data of [[], [NaN], [3, 3], [0]]) {
    const { low, high } = scale.robustRange(Float32Array.from(data));
    assert.ok(high > low);
    assert.ok(data.length === 0 || Number.isNaN(data[0]) || (low < data[0] && high > data[0]));
  }
});

test("quantiles lie between their neighbours", () => {
  const sorted = Float32Array.from([1, 2, 4]);
  assert.equal(scale.quantile(sorted, 0), 1);
  assert.equal(scale.quantile(sorted, 0.75), 3);
  assert.equal(scale.quantile(sorted, 1), 4);
  assert.ok(Number.isNaN(scale.quantile(new Float32Array(), 0.5)));
});

test("a large map is sampled from everywhere", () => {
  const data = Float32Array.from({ length: 300000 }, (_, i) => i);
  const sorted = scale.sortedSample(data);
  assert.ok(sorted.length <= 65536 && sorted.length > 30000);
  assert.ok(sorted[0] < 10 && sorted.at(-1) > 299990);
});

test("what black and white are of a picture", () => {
  const end = (...data) => scale.pictureRange(Float32Array.from(data));
  assert.deepEqual(end(0, 0.7), { low: 0, high: 1 });
  assert.deepEqual(end(0, 200), { low: 0, high: 255 });
  assert.deepEqual(end(0, 4000), { low: 0, high: 65535 });
  assert.deepEqual(end(-1, 0.5), { low: -1, high: 1 });
});

test("ticks are round and in the range", () => {
  assert.deepEqual(scale.ticks({ low: 812, high: 4105 }, 6),
                   [1000, 1500, 2000, 2500, 3000, 3500, 4000]);
  assert.deepEqual(scale.ticks({ low: 0, high: 1 }, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(scale.ticks({ low: -0.3, high: 0.3 }, 3), [-0.2, 0, 0.2]);
  assert.deepEqual(scale.ticks({ low: 5, high: 5 }, 3), []);
  for (const high of [1e-4, 7, 123456]) {
    const found = scale.ticks({ low: 0, high }, 6);
    assert.ok(found.length >= 3 && found.length <= 8, `${high}: ${found}`);
  }
});

test("numbers are shown as their scale deserves", () => {
  assert.equal(scale.digitsOf(0.5), 1);
  assert.equal(scale.digitsOf(0.01), 2);
  assert.equal(scale.digitsOf(20), 0);
  assert.equal(scale.fixed(-0.001, 2), "0.00");
  assert.equal(scale.fixed(NaN, 2), "–");
  assert.equal(scale.signed(3.14, 1), "+3.1");
  assert.equal(scale.signed(-3.14, 1), "-3.1");
});

test("live colours stay until they no longer fit", () => {
  const chosen = { low: 500, high: 1500 };
  assert.ok(scale.stillFits(chosen, { low: 600, high: 1400 }));
  assert.ok(!scale.stillFits(chosen, { low: 500, high: 1700 }));
});

const map = (width, height, data, channels = 1) =>
  ({ width, height, channels, data: Float32Array.from(data) });

test("a smaller view is read by its nearest pixel", () => {
  const small = map(2, 1, [1, 2]);
  const size = { width: 5, height: 3 };
  const read = [0, 2, 3, 4].map((x) => images.valuesAt(small, { x, y: 2 }, size)[0]);
  assert.deepEqual(read, [1, 1, 2, 2]);
});

test("differences of two maps", () => {
  const size = { width: 2, height: 2 };
  const a = map(1, 1, [5]);
  const b = map(2, 2, [5, 7, 2, NaN]);
  assert.deepEqual([...images.absoluteDifference(a, b, size).data], [0, 2, 3, NaN]);
  assert.equal(images.differenceAt(a, b, { x: 0, y: 1 }, size), -3);
  const colours = map(1, 1, [1, 2, 3], 3);
  const others = map(2, 2, [1, 2, 6, 1, 2, 3, 0, 0, 0, 4, 5, 6], 3);
  assert.deepEqual([...images.absoluteDifference(colours, others, size).data], [1, 0, 2, 3]);
  assert.ok([...images.absoluteDifference(a, others, size).data].every(Number.isNaN));
});

test("a cut-out covers its square", () => {
  const values = map(4, 4, Array.from({ length: 16 }, (_, i) => i));
  const whole = { width: 8, height: 8 };
  const part = images.cutOut(values, 3, -2, 4, whole); // columns 3 to 6, rows -2 to 1
  assert.deepEqual([...part.values.data], [1, 2, 3]);
  assert.deepEqual([part.left, part.top, part.width, part.height], [2, 0, 6, 2]);
  assert.equal(images.cutOut(values, 20, 0, 4, whole).values.data.length, 0);
});

test("a frame that contradicts itself is refused", () => {
  const view = (values) => ({ name: "depth", values });
  assert.throws(() => images.checkFrame({ views: [], unit: "" }), /no view/);
  const short = { views: [view(map(2, 2, [1, 2, 3]))], unit: "" };
  assert.throws(() => images.checkFrame(short), /depth/);
  images.checkFrame({ views: [view(map(2, 2, [1, 2, 3, 4]))], unit: "" });
});

const IMAGE = { width: 200, height: 100 };
const STAGE = { width: 400, height: 400 };

test("fitted images lie in the middle", () => {
  assert.deepEqual(transform.fitted(IMAGE, STAGE), { scale: 2, left: 0, top: 100 });
});

test("zooming keeps the place under the pointer, and the borders closed", () => {
  const zoomed = transform.zoomed(transform.fitted(IMAGE, STAGE), 4, 300, 200);
  assert.equal((300 - zoomed.left) / zoomed.scale, 150);
  assert.equal((200 - zoomed.top) / zoomed.scale, 50);
  assert.deepEqual(transform.limited({ scale: 8, left: 50, top: -9999 }, IMAGE, STAGE),
                   { scale: 8, left: 0, top: -400 });
  assert.deepEqual(transform.limited({ scale: 0.1, left: 7, top: 7 }, IMAGE, STAGE),
                   transform.fitted(IMAGE, STAGE));
  assert.equal(transform.limited({ scale: 1e9, left: 0, top: 0 }, IMAGE, STAGE).scale, 64);
});

test("a pixel that leaves is brought back in sight", () => {
  const place = { scale: 8, left: 0, top: 0 };
  assert.deepEqual(transform.revealing(place, 10, 10, STAGE), place);
  const moved = transform.revealing(place, 100, 10, STAGE);
  assert.equal(moved.left + 100.5 * 8, 376);
});

const kernel = {
  x: Float32Array.from([10, 14, 10]), y: Float32Array.from([20, 20, 13.25]),
  weight: Float32Array.from([0.9, -0.4, 0.1]), level: Float32Array.from([0, 0, 2]),
};

test("kernels as they are drawn", () => {
  assert.ok(Math.abs(geometry.weightSum(kernel) - 0.6) < 1e-6);
  assert.ok(Math.abs(geometry.largestWeight(kernel) - 0.9) < 1e-6);
  assert.equal(geometry.loupeRadius(kernel, 10, 20), 8);
  assert.equal(geometry.sampleRadius(-0.4, 0.4, 10), 10);
  assert.equal(geometry.sampleRadius(0.1, 0.4, 10), 5); // a quarter of the area
  assert.deepEqual(geometry.byLevel(kernel),
                   [{ level: 0, samples: [0, 1] }, { level: 2, samples: [2] }]);
  assert.deepEqual(geometry.byLevel({ ...kernel, level: undefined }),
                   [{ level: 0, samples: [0, 1, 2] }]);
  assert.deepEqual(geometry.heaviest(kernel, [2, 1, 0], 2), [0, 1]);
  assert.deepEqual([9, 25, 49, 64, 8].map(geometry.tableColumns), [3, 5, 7, null, null]);
});

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Busy machines take their time. */
async function until(condition) {
  for (const end = performance.now() + 30000; !condition() && performance.now() < end;) {
    await wait(5);
  }
}

test("of many questions the last is answered, and none that is stale", async () => {
  const asked = [];
  const answered = [];
  const failed = [];
  const latest = new Latest((value) => answered.push(value), (reason) => failed.push(reason), 1);
  const question = (name) => async () => {
    asked.push(name);
    await wait(10);
    if (name === "bad") {
      throw new Error("no kernel");
    }
    return name;
  };
  for (const name of ["first", "second", "third"]) {
    latest.ask(question(name));
  }
  await until(() => answered.length > 0);
  assert.deepEqual(asked, ["first", "third"]);
  assert.deepEqual(answered, ["third"]);
  latest.ask(question("bad"));
  await until(() => failed.length > 0);
  assert.equal(failed[0].message, "no kernel");
  latest.ask(question("left"));
  latest.cancel();
  await wait(40);
  assert.deepEqual(answered, ["third"]);
});
