/** Networks that a person brings: what `dkn export` and `dkn-train` write. */
import { readOnnx, type OnnxFile } from "./onnx_file";

/** The name that a method has in the library's requests. */
const folder = "/own/";

export type OwnKind = "onnx" | "safetensors";

/** By the name's ending; null: the file is no network. */
export function ownKind(name: string): OwnKind | null {
  const ending = /\.(onnx|safetensors)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === "onnx" || ending === "safetensors" ? ending : null;
}

export function ownMethod(name: string): string {
  return folder + name;
}

export function isOwn(method: string): boolean {
  return method.startsWith(folder);
}

/** How a method is called on the page. */
export function methodName(method: string): string {
  return isOwn(method) ? method.slice(folder.length) : method;
}

/** What the library asks of a file that `dkn export` wrote. */
export interface ExportedInputs {
  readonly metadata: Readonly<Record<string, string>>;
  readonly width: number;
  readonly height: number;
}

const known = new Set(["guide", "target", "measured", "log_ratio", "noise", "correlated_noise"]);
const advice = "the page runs the .onnx that `dkn export MODEL --onnx FILE` writes, as it knows what such a network takes and gives";

/** Throws, for a person to read, where the file is another network or none. */
export function readExported(bytes: Uint8Array): ExportedInputs {
  let file: OnnxFile;
  try {
    file = readOnnx(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`this is no ONNX file (${reason}); ${advice}`, { cause: error });
  }
  const { metadata, inputs, producer } = file;
  const names = inputs.map(({ name }) => name);
  const target = inputs.find(({ name }) => name === "target");
  if (producer !== "dkn" || target === undefined || names.some((name) => !known.has(name))) {
    const made = producer === "" || producer === "dkn" ? "" : `, made by ${producer.slice(0, 60)},`;
    const takes = names.length === 0 ? "nothing" : names.map((name) => name.slice(0, 40)).join(", ");
    throw new Error(`this ONNX file${made} is another network: it takes ${takes}; ${advice}`);
  }
  if (metadata["kind"] === undefined) {
    throw new Error("this ONNX file does not tell its architecture; export it anew by this version of `dkn export`");
  }
  return { metadata, width: target.shape[3] ?? 0, height: target.shape[2] ?? 0 };
}
