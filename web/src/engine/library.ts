/** The library (web/wasm), compiled to WebAssembly, and what it asks of the page. */
import { samplesOf, type Frame, type SampleType } from "./frames";
import type { Networks } from "./networks";
import { ownKind, ownMethod, readExported } from "./own_networks";

/** Options of the command `dkn upsample` that the page has, with its meanings. */
export interface Options {
  /** Name of a method or model; empty: what fits the target. */
  readonly method: string;
  /** Which values stand for holes, as --invalid takes them; empty: told by the type. */
  readonly invalid: string;
  readonly holes: "fill" | "keep" | "measured";
  readonly confidence: boolean;
  readonly maxMemoryMb: number;
}

/** What was done with a target and what was found in it: see dkn/upsampler.h. */
export interface Findings {
  readonly method: string;
  readonly network: boolean;
  /** Whether it can be told by which kernels. */
  readonly kernels: boolean;
  readonly reason: string;
  readonly holes: number;
  readonly wildValues: number;
  readonly wildestValue: number;
  readonly zeroHoles: number;
  readonly zeroValues: number;
  readonly loneValues: readonly number[];
  readonly lonePixels: number;
  readonly guideNote: string;
  /** What stands for holes in the result; null: NaN does. */
  readonly mark: number | null;
}

export interface Upsampled {
  readonly image: Frame;
  readonly confidence: Frame | null;
  /** Where views were asked for: the guide as methods see it (RGBA), and the target, NaN in holes. */
  readonly picture: Frame | null;
  readonly input: Frame | null;
  readonly findings: Findings;
}

/** What the library itself reads. */
export type LibraryFormat = "npy" | "pfm" | "pnm" | "dpt";

export interface UpsampleAsk {
  readonly guide: Frame;
  readonly target: Frame;
  readonly mask: Frame | null;
  readonly views: boolean;
  readonly options: Options;
  /** Frames that would take more, in 10^6 bytes, are not filtered; null: no bound. */
  readonly mostMb: number | null;
}

export interface PixelKernel {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly weight: readonly number[];
  readonly level: readonly number[];
}

/** What Emscripten makes of web/wasm. */
interface Module {
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(address: number): void;
  ccall(
    name: string,
    result: "string",
    types: readonly ("string" | "number")[],
    values: readonly (string | number)[],
    how?: { async: true },
  ): string | Promise<string>;
  FS: {
    mkdir(path: string): void;
    writeFile(path: string, data: string): void;
  };
}

interface ModuleHooks {
  addNetwork(model: Uint8Array): number;
  dropNetwork(id: number): void;
  runNetwork: Networks["run"];
  runExported: Networks["runExported"];
  readModel(path: string): Promise<Uint8Array>;
  networkError: string;
}

interface FrameJson {
  readonly type: SampleType;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: number;
}

const modelFolder = "/models/";
const modelEnding = ".safetensors";

export class Library {
  readonly #module: Module;
  readonly #networks: Networks;
  /** Model files that were loaded, or came from the person. */
  readonly #files: Map<string, Promise<Uint8Array>>;

  private constructor(module: Module, networks: Networks, files: Map<string, Promise<Uint8Array>>) {
    this.#module = module;
    this.#networks = networks;
    this.#files = files;
  }

  /** `folder` holds the module, and in `models` those of these names, which are loaded when used. */
  static async start(folder: string, models: readonly string[], networks: Networks): Promise<Library> {
    const made = (await import(`${folder}dkn_page.mjs`)) as {
      default: (hooks: ModuleHooks) => Promise<Module>;
    };
    const loaded = new Map<string, Promise<Uint8Array>>();
    const load = async (path: string): Promise<Uint8Array> => {
      const name = path.slice(modelFolder.length);
      const response = await fetch(`${folder}models/${name}`);
      if (!response.ok) {
        throw new Error(`${name}: ${response.status}`);
      }
      return new Uint8Array(await response.arrayBuffer());
    };
    const module = await made.default({
      addNetwork: (model) => networks.add(model),
      dropNetwork: (id) => {
        networks.drop(id);
      },
      runNetwork: (...run) => networks.run(...run),
      runExported: (...run) => networks.runExported(...run),
      readModel: (path) => {
        const known = loaded.get(path) ?? load(path);
        loaded.set(path, known);
        known.catch(() => loaded.delete(path)); // the server may come back
        return known;
      },
      networkError: "",
    });
    module.FS.mkdir(modelFolder);
    for (const name of models) {
      module.FS.writeFile(`${modelFolder}${name}${modelEnding}`, ""); // its name is all it is for
    }
    return new Library(module, networks, loaded);
  }

  /** A network of the person's own, which is a method then; throws, with the reason, where it cannot be. */
  async addOwn(name: string, bytes: Uint8Array): Promise<void> {
    const method = ownMethod(name);
    if (ownKind(name) === "safetensors") {
      this.#files.set(method, Promise.resolve(bytes));
      await this.#call("dkn_page_own_network", { name: method, file: "safetensors" });
      return;
    }
    const inputs = readExported(bytes);
    const number = this.#networks.add(bytes);
    try {
      await this.#networks.check(number);
    } catch (error) {
      this.#networks.drop(number);
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`ONNX Runtime cannot load it: ${reason}`, { cause: error });
    }
    await this.#call("dkn_page_own_network", { name: method, file: "onnx", number, ...inputs });
  }

  read(format: LibraryFormat, guide: boolean, bytes: Uint8Array): { frame: Frame; notes: string[] } {
    const address = this.#put(bytes);
    try {
      const answer = this.#module.ccall(
        "dkn_page_read",
        "string",
        ["string", "number", "number", "number"],
        [format, guide ? 1 : 0, address, bytes.length],
      ) as string;
      const json = parse(answer) as FrameJson & { notes: string[] };
      return { frame: this.#take(json), notes: json.notes };
    } finally {
      this.#module._free(address);
    }
  }

  write(format: "npy" | "pfm", frame: Frame): Uint8Array {
    const put = this.#putFrame(frame);
    try {
      const answer = this.#module.ccall(
        "dkn_page_write",
        "string",
        ["string", "string"],
        [format, JSON.stringify(put)],
      ) as string;
      const { data, size } = parse(answer) as { data: number; size: number };
      return this.#module.HEAPU8.slice(data, data + size);
    } finally {
      this.#module._free(put.data);
    }
  }

  /** Null where the frame is too large. Frames are copied in; `mask`, where there is one, tells by 0 what of the target is not measured. */
  async upsample({ guide, target, mask, views, options, mostMb }: UpsampleAsk): Promise<Upsampled | null> {
    const puts: FrameJson[] = [];
    const put = (frame: Frame): FrameJson => {
      const json = this.#putFrame(frame);
      puts.push(json);
      return json;
    };
    try {
      const frames = { guide: put(guide), target: put(target), ...(mask === null ? {} : { mask: put(mask) }) };
      const answer = await this.#call("dkn_page_upsample", { ...frames, views, options, mostMb: mostMb ?? 0 });
      if ((answer as { tooLarge?: boolean }).tooLarge === true) {
        return null;
      }
      type Optional = Partial<Record<"confidence" | "picture" | "input", FrameJson>>;
      const { image, confidence, picture, input, ...findings } = answer as Findings &
        Optional & { image: FrameJson };
      const taken = (frame?: FrameJson): Frame | null => (frame === undefined ? null : this.#take(frame));
      return {
        image: this.#take(image),
        confidence: taken(confidence),
        picture: taken(picture),
        input: taken(input),
        findings,
      };
    } finally {
      for (const put of puts) {
        this.#module._free(put.data);
      }
    }
  }

  /** Of the last result with views. */
  async kernel(x: number, y: number): Promise<PixelKernel> {
    const types = ["number", "number"] as const;
    return parse(
      await this.#module.ccall("dkn_page_kernel", "string", types, [x, y], { async: true }),
    ) as PixelKernel;
  }

  async #call(name: string, request: object): Promise<unknown> {
    return parse(
      await this.#module.ccall(name, "string", ["string"], [JSON.stringify(request)], { async: true }));
  }

  #put(bytes: Uint8Array): number {
    const address = this.#module._malloc(Math.max(bytes.length, 1)) >>> 0; // beyond 2 GiB it is negative
    if (address === 0) {
      throw new Error("the browser gives no more memory");
    }
    this.#module.HEAPU8.set(bytes, address);
    return address;
  }

  #putFrame(frame: Frame): FrameJson {
    const { type, width, height, channels, data } = frame;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { type, width, height, channels, data: this.#put(bytes) };
  }

  #take(json: FrameJson): Frame {
    const { type, width, height, channels, data } = json;
    const sample = type === "uint8" ? 1 : type === "float32" ? 4 : 2;
    const bytes = this.#module.HEAPU8.slice(data, data + sample * width * height * channels);
    return { type, width, height, channels, data: samplesOf(type, bytes.buffer) };
  }
}

/** Throws what the library has thrown. */
function parse(answer: string): unknown {
  const json = JSON.parse(answer) as { error?: string };
  if (json.error !== undefined) {
    throw new Error(json.error);
  }
  return json;
}
