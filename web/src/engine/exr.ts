/** OpenEXR: read by three.js's loader, written as the format's plainest files. */
import { FloatType, RedFormat } from "three";
import { EXRLoader } from "three/examples/jsm/loaders/EXRLoader.js";

import type { Frame } from "./frames";

const floatPixels = 2; // of the pixel types: unsigned integer, half, float

interface Attribute {
  readonly kind: string;
  /** Where its value begins. */
  readonly at: number;
  readonly size: number;
}

/** The attributes of the file's first part, by name. */
function attributesOf(bytes: Uint8Array): Map<string, Attribute> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number): string => {
    let end = at;
    while (end < bytes.length && bytes[end] !== 0) {
      ++end;
    }
    return new TextDecoder("latin1").decode(bytes.subarray(at, end));
  };
  const attributes = new Map<string, Attribute>();
  for (let at = 8; at + 9 < bytes.length && bytes[at] !== 0; ) {
    const name = text(at);
    const kind = text(at + name.length + 1);
    const value = at + name.length + kind.length + 6;
    const size = view.getInt32(value - 4, true);
    attributes.set(name, { kind, at: value, size });
    at = value + Math.max(size, 0);
  }
  return attributes;
}

/** Where the one channel's name lies, if the file has one channel whose name is one letter. */
function soleChannelName(channels: Attribute | undefined): number | null {
  const nameAndValues = 2 + 16;
  return channels?.size === nameAndValues + 1 ? channels.at : null;
}

interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function windowAt(bytes: Uint8Array, attribute: Attribute | undefined): Window | null {
  if (attribute?.size !== 16) {
    return null;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + attribute.at, 16);
  const [x, y, right, bottom] = [0, 4, 8, 12].map((at) => view.getInt32(at, true)) as [
    number, number, number, number,
  ];
  return { x, y, width: right - x + 1, height: bottom - y + 1 };
}

const mostPixels = 1 << 28; // as the library's ReadOptions::max_pixels

/** One channel of any name, as depth has it, or R, G and B; as floats, NaN where nothing is stored. */
export function readExr(file: Uint8Array): Frame {
  const bytes = file.slice();
  const attributes = attributesOf(bytes);
  const name = soleChannelName(attributes.get("channels"));
  const stored = windowAt(bytes, attributes.get("dataWindow"));
  const shown = windowAt(bytes, attributes.get("displayWindow"));
  if (stored === null || shown === null || Math.max(stored.width * stored.height, shown.width * shown.height) > mostPixels) {
    throw new Error(`without a size, or of more than ${mostPixels} pixels`);
  }
  if (name !== null) {
    bytes[name] = "Y".charCodeAt(0); // the one name of a lone channel that the loader knows
  }
  const loader = new EXRLoader().setDataType(FloatType);
  if (name !== null) {
    loader.setOutputFormat(RedFormat);
  }
  const values = (loader.parse(bytes.buffer) as unknown as { data: Float32Array }).data;
  return inWindow(values, stored, shown);
}

/** The loader's rows go up, and may have an alpha. */
function inWindow(values: Float32Array, stored: Window, shown: Window): Frame {
  const given = values.length / (stored.width * stored.height);
  const channels = given === 1 ? 1 : 3;
  const { width, height } = shown;
  const data = new Float32Array(width * height * channels).fill(NaN);
  for (let y = 0; y < height; ++y) {
    const row = y + shown.y - stored.y;
    if (row < 0 || row >= stored.height) {
      continue;
    }
    const from = (stored.height - 1 - row) * stored.width * given;
    for (let x = 0; x < width; ++x) {
      const column = x + shown.x - stored.x;
      for (let c = 0; c < channels && column >= 0 && column < stored.width; ++c) {
        data[(y * width + x) * channels + c] = values[from + column * given + c] ?? NaN;
      }
    }
  }
  return { type: "float32", width, height, channels, data };
}

/** A file of scan lines without compression, of floats: one channel, Y, or R, G and B. */
export function writeExr(frame: Frame): Uint8Array {
  const { width, height, channels, data } = frame;
  const names = channels === 1 ? ["Y"] : ["B", "G", "R"]; // sorted, as files have them
  const bytes: number[] = [0x76, 0x2f, 0x31, 0x01, 2, 0, 0, 0];
  const integer = (value: number): void => {
    bytes.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
  };
  const float = (value: number): void => {
    bytes.push(...new Uint8Array(new Float32Array([value]).buffer));
  };
  const text = (value: string): void => {
    bytes.push(...new TextEncoder().encode(value), 0);
  };
  const attribute = (name: string, kind: string, size: number): void => {
    text(name);
    text(kind);
    integer(size);
  };
  attribute("channels", "chlist", 18 * names.length + 1);
  for (const name of names) {
    text(name);
    integer(floatPixels);
    integer(0); // not perceptually linear
    integer(1); // a sample for each pixel
    integer(1);
  }
  bytes.push(0);
  attribute("compression", "compression", 1);
  bytes.push(0);
  for (const name of ["dataWindow", "displayWindow"]) {
    attribute(name, "box2i", 16);
    [0, 0, width - 1, height - 1].forEach(integer);
  }
  attribute("lineOrder", "lineOrder", 1);
  bytes.push(0);
  attribute("pixelAspectRatio", "float", 4);
  float(1);
  attribute("screenWindowCenter", "v2f", 8);
  float(0);
  float(0);
  attribute("screenWindowWidth", "float", 4);
  float(1);
  bytes.push(0);

  const lineBytes = 4 * width * names.length;
  const offsets = bytes.length;
  const lines = offsets + 8 * height;
  const file = new Uint8Array(lines + height * (8 + lineBytes));
  file.set(bytes);
  const view = new DataView(file.buffer);
  for (let y = 0; y < height; ++y) {
    let at = lines + y * (8 + lineBytes);
    view.setBigUint64(offsets + 8 * y, BigInt(at), true);
    view.setInt32(at, y, true);
    view.setInt32(at + 4, lineBytes, true);
    at += 8;
    for (let i = 0; i < names.length; ++i) {
      const channel = channels - 1 - i;
      for (let x = 0; x < width; ++x, at += 4) {
        view.setFloat32(at, data[(y * width + x) * channels + channel] ?? NaN, true);
      }
    }
  }
  return file;
}
