// Files that the tests write and read: by code of their own, so that the page's is held to it.
import { readFileSync, writeFileSync } from "node:fs";
import { decode, encode } from "fast-png";

/** {width, height, channels, data}. */
export function readPng(path) {
  const { width, height, channels, data } = decode(readFileSync(path));
  return { width, height, channels, data };
}

/** 16 bits of one channel, or 8 bits of colour. */
export function writePng(path, { width, height, channels = 1, data }) {
  writeFileSync(path, encode({ width, height, channels, data, depth: data instanceof Uint16Array ? 16 : 8 }));
}

const npyTypes = [["<f4", Float32Array], ["<u2", Uint16Array], ["|u1", Uint8Array]];

export function writeNpy(path, { width, height, data }) {
  const name = npyTypes.find(([, type]) => data instanceof type)[0];
  const text = `{'descr': '${name}', 'fortran_order': False, 'shape': (${height}, ${width}), }`;
  const header = `${text.padEnd(118 - 1)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
  writeFileSync(path, Buffer.concat([start, Buffer.from(header), Buffer.from(data.buffer)]));
}

/** {shape, data} of C order. */
export function parseNpy(bytes) {
  const length = bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, 10 + length);
  const type = npyTypes.find(([name]) => header.includes(`'${name}'`))[1];
  const shape = /\(([^)]*)\)/.exec(header)[1].split(",").filter((part) => part.trim()).map(Number);
  return { shape, data: new type(Uint8Array.from(bytes.subarray(10 + length)).buffer) };
}

export function writePfm(path, { width, height, data }) {
  const rows = new Float32Array(data.length);
  for (let y = 0; y < height; ++y) {
    rows.set(data.subarray(y * width, (y + 1) * width), (height - 1 - y) * width);
  }
  writeFileSync(path, Buffer.concat([Buffer.from(`Pf\n${width} ${height}\n-1.0\n`), Buffer.from(rows.buffer)]));
}

/** Values row by row from the top. */
function parsePfm(bytes) {
  const head = /^Pf\s(\d+) (\d+)\s(\S+)\s/.exec(bytes.toString("latin1", 0, 60));
  const [width, height] = [Number(head[1]), Number(head[2])];
  const rows = new Float32Array(Uint8Array.from(bytes.subarray(head[0].length)).buffer);
  const data = new Float32Array(rows.length);
  for (let y = 0; y < height; ++y) {
    data.set(rows.subarray(y * width, (y + 1) * width), (height - 1 - y) * width);
  }
  return data;
}

/** The values of a result's file. */
export function valuesOf(path) {
  const bytes = readFileSync(path);
  if (path.endsWith(".png")) {
    return decode(bytes).data;
  }
  return path.endsWith(".npy") ? parseNpy(bytes).data : parsePfm(bytes);
}

export function crop({ width, channels = 1, data }, columns, rows) {
  const kept = new data.constructor(columns * rows * channels);
  for (let y = 0; y < rows; ++y) {
    const from = y * width * channels;
    kept.set(data.subarray(from, from + columns * channels), y * columns * channels);
  }
  return { width: columns, height: rows, channels, data: kept };
}

/** The same sequence on every run, from 0 to 1. */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
