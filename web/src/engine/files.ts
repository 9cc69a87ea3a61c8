/** Image files from and to frames. */
import { convertIndexedToRgb, decode, encode, hasPngSignature } from "fast-png";

import { readExr, writeExr } from "./exr";
import { mostPixels, writtenAs, type FileFormat, type Frame, type OpenedFile, type Role } from "./frames";
import type { Library, LibraryFormat } from "./library";
import { arrayOf } from "./npz";
import { readTiff, writeTiff } from "./tiff";

function beginsWith(bytes: Uint8Array, ...values: number[]): boolean {
  return values.every((value, i) => bytes[i] === value);
}

/** What the content says, not the name; null: none that the page knows. */
function formatOf(bytes: Uint8Array): FileFormat | null {
  if (bytes.length > 8 && hasPngSignature(bytes)) {
    return "png";
  }
  if (beginsWith(bytes, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)) {
    return "npy";
  }
  if (beginsWith(bytes, 0x50, 0x46) || beginsWith(bytes, 0x50, 0x66)) {
    return "pfm";
  }
  if (beginsWith(bytes, 0x76, 0x2f, 0x31, 0x01)) {
    return "exr";
  }
  if (beginsWith(bytes, 0x50, 0x4b, 3, 4)) {
    return "npz";
  }
  if (beginsWith(bytes, 0x49, 0x49, 42, 0) || beginsWith(bytes, 0x4d, 0x4d, 0, 42)) {
    return "tiff";
  }
  if (beginsWith(bytes, 0x50, 0x49, 0x45, 0x48)) {
    return "dpt";
  }
  const [letter, digit = 0] = bytes;
  if (letter === 0x50 && digit >= 0x31 && digit <= 0x36) {
    return "pnm";
  }
  const jpeg = beginsWith(bytes, 0xff, 0xd8, 0xff);
  const webp = beginsWith(bytes, 0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57;
  const bmp = beginsWith(bytes, 0x42, 0x4d);
  return jpeg || webp || bmp ? "picture" : null;
}

/** Without alpha, the last of 2 or 4 channels. */
function withoutAlpha(frame: Frame): Frame {
  const { type, width, height, channels, data } = frame;
  const kept = channels <= 2 ? 1 : 3;
  if (channels === kept) {
    return frame;
  }
  const values = type === "uint8" ? new Uint8Array(width * height * kept) : new Uint16Array(width * height * kept);
  for (let i = 0; i < width * height; ++i) {
    for (let c = 0; c < kept; ++c) {
      values[i * kept + c] = data[i * channels + c] ?? 0;
    }
  }
  return { type, width, height, channels: kept, data: values };
}

/** The values of a grey picture with fewer than 8 bits, packed in each row, stretched to 0..255. */
function unpacked(data: ArrayLike<number>, width: number, height: number, bits: number): Uint8Array {
  const rowBytes = Math.ceil((width * bits) / 8);
  const most = (1 << bits) - 1;
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const byte = data[y * rowBytes + ((x * bits) >> 3)] ?? 0;
      const value = (byte >> (8 - bits - ((x * bits) & 7))) & most;
      values[y * width + x] = (value * 255) / most;
    }
  }
  return values;
}

function readPng(bytes: Uint8Array): Frame {
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  if (bytes.length >= 24 && header.getUint32(16) * header.getUint32(20) > mostPixels) {
    throw new Error(`the picture has more than ${mostPixels} pixels`);
  }
  const png = decode(bytes, { checkCrc: true });
  const { width, height, depth } = png;
  if (png.palette !== undefined) {
    const colours = convertIndexedToRgb(png);
    const channels = colours.length / (width * height);
    return withoutAlpha({ type: "uint8", width, height, channels, data: new Uint8Array(colours) });
  }
  if (depth < 8) {
    const data = unpacked(png.data, width, height, depth);
    return { type: "uint8", width, height, channels: 1, data };
  }
  const type = depth === 16 ? "uint16" : "uint8";
  const data = depth === 16 ? new Uint16Array(png.data) : new Uint8Array(png.data);
  return withoutAlpha({ type, width, height, channels: png.channels, data });
}

/** What the browser knows: JPEG, WebP and BMP, turned as their cameras were held. */
async function readPicture(bytes: Uint8Array): Promise<Frame> {
  const bitmap = await createImageBitmap(new Blob([bytes.slice()]), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
    imageOrientation: "from-image",
  });
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) {
    throw new Error("the browser gives no canvas");
  }
  context.drawImage(bitmap, 0, 0);
  const data = new Uint8Array(context.getImageData(0, 0, width, height).data);
  return withoutAlpha({ type: "uint8", width, height, channels: 4, data });
}

/** Of colours that are all grey, as painting programs save depth, the grey. */
function greyOf(frame: Frame): Frame {
  const { width, height, channels, data } = frame;
  if (channels !== 3) {
    return frame;
  }
  for (let i = 0; i < data.length; i += 3) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) {
      return frame;
    }
  }
  return { ...frame, channels: 1, data: data.filter((_, i) => i % 3 === 0).subarray(0, width * height) };
}

const expected: Readonly<Record<Role, string>> = {
  guide: "picture that the page reads: expected JPEG, PNG, TIFF, WebP, BMP, PGM, PPM, OpenEXR, PFM or NPY",
  target: "depth map that the page reads: expected PNG, TIFF, NPY, NPZ, PFM, OpenEXR, PGM or DPT",
  mask: "mask that the page reads: expected PNG, TIFF, NPY, NPZ, PFM, OpenEXR or PGM",
};

interface ReadFile {
  readonly frame: Frame;
  readonly notes: readonly string[];
}

/** What the library reads throws for a person to read; all else is damaged where it throws. */
async function readFile(format: FileFormat, bytes: Uint8Array, role: Role, library: Library): Promise<ReadFile> {
  const byLibrary = (as: LibraryFormat, file: Uint8Array): ReadFile => library.read(as, role === "guide", file);
  const byPage = async (): Promise<ReadFile | Uint8Array> => {
    switch (format) {
      case "npz":
        return arrayOf(bytes);
      case "tiff":
        return await readTiff(bytes);
      case "png":
        return { frame: readPng(bytes), notes: [] };
      case "exr":
        return { frame: readExr(bytes), notes: [] };
      default:
        return { frame: await readPicture(bytes), notes: [] };
    }
  };
  if (format === "npy" || format === "pfm" || format === "pnm" || format === "dpt") {
    return byLibrary(format, bytes);
  }
  let read: ReadFile | Uint8Array;
  try {
    read = await byPage();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the file is damaged or of a kind that the page does not read (${reason})`, {
      cause: error,
    });
  }
  return read instanceof Uint8Array ? byLibrary("npy", read) : read;
}

/** Throws, with what the file lacks, where it is none that the page can use in this role. */
export async function openFile(
  name: string,
  bytes: Uint8Array,
  role: Role,
  library: Library,
): Promise<OpenedFile> {
  const format = formatOf(bytes);
  if (bytes.length === 0) {
    throw new Error("the file is empty");
  }
  if (format === null) {
    throw new Error(`this is no ${expected[role]}`);
  }
  const read = await readFile(format, bytes, role, library);
  const notes = [...read.notes];
  let { frame } = read;
  if (role === "guide" && frame.channels !== 1 && frame.channels !== 3) {
    throw new Error(`the picture has ${frame.channels} channels, expected 1 (grey) or 3 (colour)`);
  }
  if (role !== "guide") {
    const grey = greyOf(frame);
    if (grey !== frame && role === "target") {
      notes.push("its red, green and blue are equal everywhere: it is read as one channel");
    }
    frame = grey;
  }
  if (role === "target" && format === "picture") {
    notes.push("it comes from a picture’s format, which loses depth’s steps; better are PNG of 16 bits, TIFF, NPY, PFM or OpenEXR");
  }
  return { name, format, frame, notes };
}

/** A result's file in the format that its target came in, or the nearest that the page writes. */
export function fileBytes(frame: Frame, format: FileFormat, library: Library): Uint8Array {
  const written = writtenAs(format);
  switch (written) {
    case "npy":
    case "pfm":
      return library.write(written, frame);
    case "exr":
      return writeExr(frame);
    case "tiff":
      return writeTiff(frame);
    case "png": {
      const { width, height, channels, data } = frame;
      if (data instanceof Float32Array) {
        throw new Error("a PNG holds no floats");
      }
      return encode({ width, height, channels, data, depth: frame.type === "uint8" ? 8 : 16 });
    }
  }
}
