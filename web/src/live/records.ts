/** Records of `dkn view` (src/serve/shown_frame.h) from bytes that come in parts of any size. */

export interface PlaneHeader {
  readonly name: string;
  readonly type: "uint8" | "uint16" | "float32";
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bytes: number;
}

export interface Controls {
  model: string;
  invalid: string;
  holes: string;
  fidelity: number;
  confidence: boolean;
  paused: boolean;
}

export interface FrameHeader {
  readonly planes: readonly PlaneHeader[];
  /** All below is absent of records without a frame. */
  readonly number?: number;
  readonly name: string;
  readonly method: string;
  readonly fps: number;
  readonly ms: Readonly<Record<"read" | "guide" | "network" | "other" | "page", number>>;
  readonly send_ms: number;
  readonly dropped: number;
  readonly holes_percent: number;
  readonly wild_values: number;
  readonly residual: number | null;
  readonly hole: number | null;
  readonly unit: string;
  readonly place: readonly [number, number, number, number] | null;
  readonly failure: string | null;
  readonly ended: boolean;
  readonly notes: readonly string[];
  readonly controls: Controls;
  readonly command: string;
}

export interface Plane extends PlaneHeader {
  readonly data: Uint8Array | Uint16Array | Float32Array;
}

export interface FrameRecord {
  readonly header: FrameHeader;
  readonly planes: ReadonlyMap<string, Plane>;
}

const MAGIC = [0x44, 0x4b, 0x4e, 0x46]; // DKNF

/** Gives numbers of bytes, whatever the parts are that they come in. */
class ByteQueue {
  private part: Uint8Array = new Uint8Array(0);
  private at = 0;

  constructor(private readonly reader: ReadableStreamDefaultReader<Uint8Array>) {}

  /** So many bytes, in memory of their own; null at the end of the stream. */
  async take(count: number): Promise<Uint8Array<ArrayBuffer> | null> {
    const bytes = new Uint8Array(count);
    for (let done = 0; done < count; ) {
      if (this.at === this.part.length) {
        const { done: ended, value } = await this.reader.read();
        if (ended) {
          return null;
        }
        this.part = value;
        this.at = 0;
      }
      const some = this.part.subarray(this.at, this.at + count - done);
      bytes.set(some, done);
      done += some.length;
      this.at += some.length;
    }
    return bytes;
  }
}

function arrayOf(type: PlaneHeader["type"], bytes: Uint8Array<ArrayBuffer>): Plane["data"] {
  switch (type) {
    case "uint8":
      return bytes;
    case "uint16":
      return new Uint16Array(bytes.buffer);
    case "float32":
      return new Float32Array(bytes.buffer);
  }
}

/** Reads records until the stream ends. Throws Error where what comes are none. */
export async function* readRecords(stream: ReadableStream<Uint8Array>): AsyncGenerator<FrameRecord> {
  const queue = new ByteQueue(stream.getReader());
  for (;;) {
    const start = await queue.take(8);
    if (start === null) {
      return;
    }
    if (MAGIC.some((byte, i) => start[i] !== byte)) {
      throw new Error("what the server sends are no frames");
    }
    const text = await queue.take(new DataView(start.buffer).getUint32(4, true));
    if (text === null) {
      return;
    }
    const header = JSON.parse(new TextDecoder().decode(text)) as FrameHeader;
    const planes = new Map<string, Plane>();
    for (const plane of header.planes) {
      const bytes = await queue.take(plane.bytes);
      if (bytes === null) {
        return;
      }
      planes.set(plane.name, { ...plane, data: arrayOf(plane.type, bytes) });
    }
    yield { header, planes };
  }
}
