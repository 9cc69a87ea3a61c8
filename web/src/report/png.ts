/**
 * Numbers that the report keeps as PNGs of 8 or 16 bits, grey or R,G,B. They are decoded here, to
 * the bit: a canvas would give 8 bits, and some browsers change what is read back from one.
 */

export interface DecodedPng {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Row by row, the channels of a pixel side by side. */
  readonly data: Uint8Array | Uint16Array;
}

interface Chunks {
  width: number;
  height: number;
  bits: number;
  channels: number;
  parts: Uint8Array<ArrayBuffer>[];
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** Throws where the file is damaged. */
export async function decodePng(base64: string): Promise<DecodedPng> {
  const { width, height, bits, channels, parts } = readChunks(fromBase64(base64));
  const bytesPerPixel = (channels * bits) / 8;
  const raw = await inflate(parts);
  const stride = width * bytesPerPixel;
  if (raw.length !== (stride + 1) * height) {
    throw new Error(`a PNG of ${width} x ${height} has ${raw.length} bytes`);
  }
  const bytes = unfilter(raw, stride, height, bytesPerPixel);
  if (bits === 8) {
    return { width, height, channels, data: bytes };
  }
  const data = new Uint16Array(bytes.length / 2);
  for (let i = 0; i < data.length; ++i) {
    data[i] = ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0);
  }
  return { width, height, channels, data };
}

// What the parts of a zlib stream expand to.
async function inflate(parts: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array> {
  const stream = new Blob([...parts]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// The compressed pixels, size, bits and channels.
function readChunks(png: Uint8Array<ArrayBuffer>): Chunks {
  const view = new DataView(png.buffer);
  const image: Chunks = { width: 0, height: 0, bits: 8, channels: 1, parts: [] };
  for (let at = 8; at + 12 <= png.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === "IHDR") {
      image.width = view.getUint32(at + 8);
      image.height = view.getUint32(at + 12);
      image.bits = png[at + 16] ?? 8;
      image.channels = png[at + 17] === 2 ? 3 : 1;
    } else if (type === "IDAT") {
      image.parts.push(png.subarray(at + 8, at + 8 + length));
    }
    at += 12 + length;
  }
  return image;
}

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

function predicted(filter: number, left: number, up: number, upLeft: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, upLeft);
    default:
      return 0;
  }
}

// Undoes the filters of the PNG specification, section 9: each row begins with its filter's number.
function unfilter(raw: Uint8Array, stride: number, height: number, bytesPerPixel: number) {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; ++x) {
      const at = y * stride + x;
      const inside = x >= bytesPerPixel;
      const left = inside ? (out[at - bytesPerPixel] ?? 0) : 0;
      const up = y > 0 ? (out[at - stride] ?? 0) : 0;
      const upLeft = inside && y > 0 ? (out[at - stride - bytesPerPixel] ?? 0) : 0;
      out[at] = (raw[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, left, up, upLeft);
    }
  }
  return out;
}
