/** TIFF: read by geotiff.js, which is loaded when the first such file comes; written as the plainest files. */
import type { GeoTIFFImage } from "geotiff";

import { mostPixels, type Frame, type Samples } from "./frames";

/** What of it would not be what it looks like; null: nothing. */
async function refusal(image: GeoTIFFImage): Promise<string | null> {
  const directory = image.getFileDirectory();
  const kind = (await directory.loadValue("PhotometricInterpretation")) ?? 1;
  const orientation = (await directory.loadValue("Orientation")) ?? 1;
  const bits = image.getBitsPerSample();
  if (kind !== 1 && kind !== 2) {
    const names: Readonly<Record<number, string>> = { 0: "where 0 is white", 3: "with a palette", 5: "of CMYK", 6: "of Y,Cb,Cr" };
    return `a TIFF ${names[kind] ?? `of kind ${kind}`}`;
  }
  if (bits < 8) {
    return `a TIFF of ${bits} bits`;
  }
  return orientation === 1 ? null : "a TIFF that is turned by its tag 274";
}

/** As the library reads integers and floats of other types. */
function typed(data: ArrayLike<number> & Iterable<number>): { type: Frame["type"]; data: Samples; notes: string[] } {
  if (data instanceof Uint8Array) {
    return { type: "uint8", data, notes: [] };
  }
  if (data instanceof Uint16Array) {
    return { type: "uint16", data, notes: [] };
  }
  if (data instanceof Float32Array) {
    return { type: "float32", data, notes: [] };
  }
  const values = Float32Array.from(data);
  const integers = !(data instanceof Float64Array);
  if (integers && values.every((value) => value >= 0 && value <= 65535)) {
    return { type: "uint16", data: Uint16Array.from(data), notes: [] };
  }
  const notes = integers ? ["its integers do not fit into 16 bits: they are read as floats"] : [];
  return { type: "float32", data: values, notes };
}

/** GDAL's value for no data becomes what counts as a hole; whether there was one. */
function markNoData(value: number | null, type: Frame["type"], data: Samples): boolean {
  const stored = value === null ? NaN : type === "float32" ? Math.fround(value) : value;
  let found = false;
  for (let i = 0; i < data.length; ++i) {
    if (data[i] === stored) {
      data[i] = type === "float32" ? NaN : 0;
      found = true;
    }
  }
  return found;
}

/** The first page, without alpha. Throws where the page does not read it. */
export async function readTiff(bytes: Uint8Array): Promise<{ frame: Frame; notes: string[] }> {
  const { fromArrayBuffer } = await import("geotiff");
  const file = await fromArrayBuffer(bytes.slice().buffer);
  const image = await file.getImage(0);
  const [width, height, given] = [image.getWidth(), image.getHeight(), image.getSamplesPerPixel()];
  if (!(width * height * given <= 4 * mostPixels)) {
    throw new Error(`the picture has more than ${mostPixels} pixels`);
  }
  const reason = await refusal(image);
  if (reason !== null) {
    throw new Error(`${reason}, which \`dkn upsample\` may read`);
  }
  const alpha = given === 2 || given === 4;
  const channels = alpha ? given - 1 : given;
  const raster = await image.readRasters({ interleave: true, samples: Array.from({ length: channels }, (_, i) => i) });
  const { type, data, notes } = typed(raster);
  if (channels === 1 && markNoData(image.getGDALNoData(), type, data)) {
    notes.push("its value for no data (GDAL’s tag) counts as holes");
  }
  return { frame: { type, width, height, channels, data }, notes };
}

/** A file of one strip without compression, little-endian: of uint8, uint16 or float32. */
export function writeTiff(frame: Frame): Uint8Array {
  const { type, width, height, channels, data } = frame;
  const float = type === "float32";
  const bytes = data.BYTES_PER_ELEMENT;
  const short = 3;
  const long = 4;
  const at = 8 + data.byteLength + (data.byteLength % 2); // of the list of fields
  const count = 11;
  const listEnd = at + 2 + 12 * count + 4;
  const several = channels > 2; // two shorts lie in their field
  const fields: (readonly [tag: number, kind: number, number: number, value: number])[] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, channels, several ? listEnd : 8 * bytes * (channels === 2 ? 65537 : 1)],
    [259, short, 1, 1], // no compression
    [262, short, 1, channels === 3 ? 2 : 1],
    [273, long, 1, 8], // where the strip begins
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, data.byteLength],
    [284, short, 1, 1], // channels side by side
    [339, short, channels, several ? listEnd + 2 * channels : (float ? 3 : 1) * (channels === 2 ? 65537 : 1)],
  ];
  const file = new Uint8Array(listEnd + (several ? 4 * channels : 0));
  file.set([0x49, 0x49, 42, 0]);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 8);
  const view = new DataView(file.buffer);
  view.setUint32(4, at, true);
  view.setUint16(at, count, true);
  fields.forEach(([tag, kind, number, value], i) => {
    const field = at + 2 + 12 * i;
    view.setUint16(field, tag, true);
    view.setUint16(field + 2, kind, true);
    view.setUint32(field + 4, number, true);
    view.setUint32(field + 8, value, true);
  });
  for (let channel = 0; several && channel < channels; ++channel) {
    view.setUint16(listEnd + 2 * channel, 8 * bytes, true);
    view.setUint16(listEnd + 2 * (channels + channel), float ? 3 : 1, true);
  }
  return file;
}
