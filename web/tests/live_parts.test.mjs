// What the page of `dkn view` makes of the server's bytes.
import assert from "node:assert/strict";
import { ReadableStream } from "node:stream/web";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { importSource } from "./browser.mjs";

const source = (name) =>
  importSource(fileURLToPath(new URL(`../src/live/${name}.ts`, import.meta.url)));
const { readRecords } = await source("records");
const frames = await source("frames");

/** A record as the server writes it. */
function record(header, ...planes) {
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.write("DKNF");
  start.writeUInt32LE(text.length, 4);
  return Buffer.concat([start, text, ...planes.map((data) => Buffer.from(data.buffer))]);
}

const plane = (name, type, width, height, channels, bytes) =>
  ({ name, type, width, height, channels, bytes });

function streamOf(bytes, size) {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) {
        controller.enqueue(new Uint8Array(bytes.subarray(at, at + size)));
      }
      controller.close();
    },
  });
}

async function read(bytes, size) {
  const all = [];
  for await (const one of readRecords(streamOf(bytes, size))) {
    all.push(one);
  }
  return all;
}

const TWO = Buffer.concat([
  record({ number: 1, planes: [plane("result", "uint16", 2, 1, 1, 4),
                               plane("input", "float32", 1, 1, 1, 4)] },
         Uint16Array.of(7, 60000), Float32Array.of(2.5)),
  record({ planes: [] }),
]);

test("records are read whatever parts they come in", async () => {
  for (const size of [1, 3, 8, 1000]) {
    const [first, second, ...more] = await read(TWO, size);
    assert.deepEqual([...first.planes.get("result").data], [7, 60000]);
    assert.deepEqual([...first.planes.get("input").data], [2.5]);
    assert.equal(second.header.number, undefined);
    assert.deepEqual(more, []);
  }
});

test("a record that is cut short is none", async () => {
  const one = TWO.length - record({ planes: [] }).length;
  for (const length of [0, 5, 20, one - 1]) {
    assert.deepEqual(await read(TWO.subarray(0, length), 7), []);
  }
  assert.equal((await read(TWO.subarray(0, one), 7)).length, 1);
});

test("what is no record is refused", async () => {
  await assert.rejects(read(Buffer.from("<!doctype html>"), 4), /no frames/);
});

test("holes become NaN, grey guides grey pictures", () => {
  const map = { ...plane("result", "uint16", 3, 1, 1, 6), data: Uint16Array.of(0, 5, 9) };
  assert.deepEqual([...frames.valuesOf(map, 0).data], [NaN, 5, 9]);
  assert.deepEqual([...frames.valuesOf(map).data], [0, 5, 9]);
  const guide = { ...plane("guide", "uint8", 2, 1, 1, 2), data: Uint8Array.of(3, 200) };
  assert.deepEqual([...frames.pictureOf(guide).data], [3, 3, 3, 255, 200, 200, 200, 255]);
});

test("a map on a part of the guide lies there", () => {
  const map = { width: 2, height: 1, channels: 1, data: Float32Array.of(1, 2) };
  const whole = frames.placed(map, [1, 1, 4, 2], { width: 6, height: 4 });
  const rows = Array.from({ length: 4 }, (_, y) => [...whole.data.subarray(6 * y, 6 * y + 6)]);
  const row = [NaN, 1, 1, 2, 2, NaN];
  const none = Array(6).fill(NaN);
  assert.deepEqual(rows, [none, row, row, none]);
});

test("a kernel's samples become columns", () => {
  const kernel = frames.kernelOf({ x: 1, y: 2, taps: [{ x: 1.5, y: 2.5, weight: -0.25, level: 1 }] });
  assert.deepEqual([kernel.x[0], kernel.y[0], kernel.weight[0], kernel.level[0]],
                   [1.5, 2.5, -0.25, 1]);
});
