'use strict';
// Numbers that the report keeps as grey PNGs of 8 or 16 bits. They are decoded here, to the bit: a
// canvas would give 8 bits, and some browsers change what is read back from one.

const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));

// What the parts of a zlib stream expand to.
async function inflate(parts) {
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  const written = Promise.all([...parts.map((part) => writer.write(part)), writer.close()]);
  written.catch(() => {});  // what fails here fails for the reader too
  const chunks = [];
  const reader = stream.readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    chunks.push(next.value);
  }
  await written;
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

// The PNG's compressed pixels, size and bits.
function readChunks(png) {
  const view = new DataView(png.buffer);
  const image = {width: 0, height: 0, bits: 0, parts: []};
  for (let at = 8; at + 12 <= png.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...png.subarray(at + 4, at + 8));
    if (type === 'IHDR') {
      image.width = view.getUint32(at + 8);
      image.height = view.getUint32(at + 12);
      image.bits = png[at + 16];
    } else if (type === 'IDAT') {
      image.parts.push(png.subarray(at + 8, at + 8 + length));
    }
    at += 12 + length;
  }
  return image;
}

function paeth(a, b, c) {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

// Undoes the filters of the PNG specification, section 9: each row begins with its filter's number.
function unfilter(raw, stride, height, bytesPerPixel) {
  const out = new Uint8Array(stride * height);
  const above = (at, y) => (y > 0 ? out[at - stride] : 0);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)];
    for (let x = 0; x < stride; ++x) {
      const at = y * stride + x;
      const left = x >= bytesPerPixel ? out[at - bytesPerPixel] : 0;
      const up = above(at, y);
      let predicted = 0;
      if (filter === 1) {
        predicted = left;
      } else if (filter === 2) {
        predicted = up;
      } else if (filter === 3) {
        predicted = (left + up) >> 1;
      } else if (filter === 4) {
        predicted = paeth(left, up, x >= bytesPerPixel ? above(at - bytesPerPixel, y) : 0);
      }
      out[at] = raw[y * (stride + 1) + 1 + x] + predicted;
    }
  }
  return out;
}

// {width, height, data}: a Uint8Array or Uint16Array, row by row.
async function decodeGreyPng(base64) {
  const image = readChunks(fromBase64(base64));
  const bytesPerPixel = image.bits / 8;
  const raw = await inflate(image.parts);
  const bytes = unfilter(raw, image.width * bytesPerPixel, image.height, bytesPerPixel);
  let data = bytes;
  if (image.bits === 16) {
    data = new Uint16Array(bytes.length / 2);
    for (let i = 0; i < data.length; ++i) {
      data[i] = bytes[2 * i] << 8 | bytes[2 * i + 1];
    }
  }
  return {width: image.width, height: image.height, data};
}

// A picture's values in its unit, NaN where there is none.
async function decodeValues(picture) {
  const png = await decodeGreyPng(picture.png);
  const values = Float32Array.from(
      png.data, (code) => (code === 65535 ? NaN : picture.low + code * picture.step));
  return {width: png.width, height: png.height, values};
}

// A field of kernels: at(x, y) gives {x, y, taps: [{weight, x, y}...]} of the nearest pixel that the
// report keeps. The PNG holds weights, xs and ys below each other, taps side by side.
async function decodeKernels(field) {
  const png = await decodeGreyPng(field.png);
  const taps = field.size * field.size;
  const across = png.width / taps;
  const down = png.height / 3;
  const at = (pixelX, pixelY) => {
    const column = Math.min(across - 1, Math.round(pixelX / field.every));
    const row = Math.min(down - 1, Math.round(pixelY / field.every));
    const code = (part, tap) =>
        png.data[(part * down + row) * png.width + tap * across + column] - 128;
    const list = Array.from({length: taps}, (_, tap) => ({
      weight: code(0, tap) * field.weightStep,
      x: code(1, tap) * field.positionStep,
      y: code(2, tap) * field.positionStep,
    }));
    return {x: column * field.every, y: row * field.every, taps: list};
  };
  return {...field, png: null, at};
}
