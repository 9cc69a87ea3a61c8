/** What an ONNX file tells of itself: protocol buffers, of which a few fields are read. */

export interface OnnxFile {
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly OnnxInput[];
}

export interface OnnxInput {
  readonly name: string;
  /** 0 where a size is free. */
  readonly shape: readonly number[];
}

/** Of onnx.proto's messages: the numbers of the fields that are read. */
const model = { producer: 2, graph: 7, metadata: 14 };
const graph = { input: 11 };
const valueInfo = { name: 1, type: 2 };
const type = { tensor: 1 };
const tensor = { shape: 2 };
const shape = { dimension: 1 };
const dimension = { value: 1 };
const entry = { key: 1, value: 2 };

type Field = number | Uint8Array;

/** The fields of a message by their numbers; throws where the bytes are none. */
function fieldsOf(bytes: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const take = (count: number): Uint8Array => {
    if (count > bytes.length - at) {
      throw new Error("it ends too early");
    }
    at += count;
    return bytes.subarray(at - count, at);
  };
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = take(1)[0] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) {
        return value;
      }
      if (scale > 2 ** 63) {
        throw new Error("a number in it is too long");
      }
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const kind = key % 8;
    let field: Field;
    if (kind === 0) {
      field = varint();
    } else if (kind === 1 || kind === 5) {
      field = take(kind === 1 ? 8 : 4);
    } else if (kind === 2) {
      field = take(varint());
    } else {
      throw new Error("it is no protocol buffer");
    }
    const number = Math.floor(key / 8);
    const known = fields.get(number);
    if (known === undefined) {
      fields.set(number, [field]);
    } else {
      known.push(field);
    }
  }
  return fields;
}

function parts(fields: Map<number, Field[]>, number: number): Uint8Array[] {
  return (fields.get(number) ?? []).filter((field) => field instanceof Uint8Array);
}

function text(fields: Map<number, Field[]>, number: number): string {
  return new TextDecoder().decode(parts(fields, number)[0] ?? new Uint8Array());
}

/** The messages that such a chain of fields leads to, the last one's. */
function within(bytes: Uint8Array, ...numbers: readonly number[]): Uint8Array[] {
  return numbers.reduce<Uint8Array[]>(
    (messages, number) => messages.flatMap((message) => parts(fieldsOf(message), number)), [bytes]);
}

function inputOf(bytes: Uint8Array): OnnxInput {
  const sizes = within(bytes, valueInfo.type, type.tensor, tensor.shape, shape.dimension);
  return {
    name: text(fieldsOf(bytes), valueInfo.name),
    shape: sizes.map((size) => {
      const value = fieldsOf(size).get(dimension.value)?.[0];
      return typeof value === "number" ? value : 0;
    }),
  };
}

/** Throws where the bytes are no ONNX file. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const fields = fieldsOf(bytes);
  const graphs = parts(fields, model.graph);
  if (graphs.length !== 1) {
    throw new Error("it has no graph");
  }
  const metadata = parts(fields, model.metadata).map((message) => {
    const pair = fieldsOf(message);
    return [text(pair, entry.key), text(pair, entry.value)] as const;
  });
  return {
    producer: text(fields, model.producer),
    metadata: Object.fromEntries(metadata),
    inputs: graphs.flatMap((message) => within(message, graph.input)).map(inputOf),
  };
}
