// How the report's script reads what C++ wrote.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";
import { importSource } from "./browser.mjs";

const source = (name) =>
  importSource(fileURLToPath(new URL(`../src/report/${name}.ts`, import.meta.url)));
const { decodePng } = await source("png");
const { bestMethod, decodeKernels } = await source("data");

function chunk(type, bytes) {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(bytes.length, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, bytes, Buffer.alloc(4)]); // the reader takes no notice of checksums
}

// Base64 of a PNG of the given rows, each with its filter's number in front.
function png(width, bits, colourType, rows) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(rows.length, 4);
  head.set([bits, colourType], 8);
  const packed = deflateSync(Buffer.from(rows.flat()));
  const parts = [packed.subarray(0, 5), packed.subarray(5)]; // in two chunks, as writers may
  return Buffer.concat([
    Buffer.alloc(8), chunk("IHDR", head), ...parts.map((part) => chunk("IDAT", part)),
    chunk("IEND", Buffer.alloc(0)),
  ]).toString("base64");
}

test("every filter of a PNG is undone", async () => {
  const rows = [
    [0, 10, 20, 30], // none
    [1, 10, 1, 1], // the left one: 10 11 12
    [2, 1, 1, 255], // above: 11 12 11
    [3, 5, 0, 1], // the mean of both: 10 11 12
    [4, 1, 2, 3], // Paeth: 11, then 13 and 16 from what is nearest
  ];
  const { data, ...size } = await decodePng(png(3, 8, 0, rows));
  assert.deepEqual(size, { width: 3, height: 5, channels: 1 });
  assert.deepEqual([...data], [10, 20, 30, 10, 11, 12, 11, 12, 11, 10, 11, 12, 11, 13, 16]);
});

test("16 bits, grey and in colours", async () => {
  const grey = await decodePng(png(2, 16, 0, [[1, 1, 2, 0, 1]]));
  assert.deepEqual([...grey.data], [0x0102, 0x0103]);
  const colours = await decodePng(png(1, 16, 2, [[0, 0, 1, 0, 2, 255, 255]]));
  assert.deepEqual([colours.channels, ...colours.data], [3, 1, 2, 65535]);
});

test("a damaged PNG is told", async () => {
  await assert.rejects(decodePng(png(3, 8, 0, [[0, 1, 2]])), /3 x 1 has 3 bytes/);
  const whole = Buffer.from(png(2, 8, 0, [[0, 1, 2]]), "base64");
  whole[43] ^= 255; // the first byte after those of zlib
  await assert.rejects(decodePng(whole.toString("base64")));
});

test("kernels of every second pixel", async () => {
  // One tap; 2 x 1 kernels: weights, then xs, then ys.
  const field = {
    method: "DKN", size: 1, every: 2, weightStep: 0.5, positionStep: 0.25,
    png: png(2, 8, 0, [[0, 130, 127], [0, 128, 132], [0, 124, 128]]),
  };
  const { name, at } = await decodeKernels(field);
  assert.equal(name, "DKN");
  const first = await at(0, 0);
  assert.deepEqual([first.weight[0], first.x[0], first.y[0]], [1, 0, -1]);
  assert.match(first.note, /^The page keeps the kernels of every second column and row\.$/);
  const nearest = await at(3, 1);
  assert.deepEqual([nearest.weight[0], nearest.x[0], nearest.y[0]], [-0.5, 3, 0]);
  assert.deepEqual(nearest.centre, { x: 2, y: 0 });
  assert.match(nearest.note, /this is the one at x 2, y 0\.$/);
});

test("the best method is shown first", () => {
  const picture = (kind, score) => ({ kind, score });
  const best = (...pictures) => bestMethod({ pictures });
  const [input, truth] = [picture("input"), picture("truth")];
  assert.equal(best(input, picture("method", 3), picture("method", 2), truth), 2);
  assert.equal(best(input, picture("method", null), picture("method", null), truth), 1);
  assert.equal(best(input, picture("method", null), picture("method", 5), truth), 2);
});
