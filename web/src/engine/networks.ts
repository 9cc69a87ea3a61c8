/** Networks for the library by ONNX Runtime: on the graphics processor where the browser gives one. */
import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";

type Runtime = typeof import("onnxruntime-web/wasm");

/** What the networks run on, for the status line. */
export interface Device {
  readonly provider: "webgpu" | "wasm";
  readonly threads: number;
}

/** What a network takes, by its inputs' names. */
export type Inputs = Readonly<Record<string, { data: Float32Array; shape: readonly number[] }>>;

interface Network {
  readonly model: Uint8Array;
  session?: InferenceSession;
}

/** A graphics processor that is none but in name, a program, is slower than WebAssembly. */
async function hasGraphicsProcessor(): Promise<boolean> {
  try {
    const { gpu } = navigator as { gpu?: GPU };
    const adapter = await gpu?.requestAdapter();
    return adapter ? !adapter.info.isFallbackAdapter : false;
  } catch {
    return false;
  }
}

const mostIdle = 6; // the streams of three networks

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export class Networks {
  readonly #networks = new Map<number, Network>();
  /** Without a number, but ready: the library makes its networks anew for each frame. */
  #idle: Network[] = [];
  #next = 1;
  #provider: Device["provider"];
  readonly #runtime: Runtime;
  readonly #threads: number;

  private constructor(runtime: Runtime, provider: Device["provider"], threads: number) {
    this.#runtime = runtime;
    this.#provider = provider;
    this.#threads = threads;
  }

  /** `folder` holds the runtime's own files. */
  static async start(folder: string): Promise<Networks> {
    const webgpu = await hasGraphicsProcessor();
    const runtime: Runtime = webgpu
      ? await import("onnxruntime-web/webgpu")
      : await import("onnxruntime-web/wasm");
    const name = webgpu ? "ort-wasm-simd-threaded.asyncify" : "ort-wasm-simd-threaded";
    const threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, 8) : 1;
    runtime.env.wasm.wasmPaths = { mjs: `${folder}${name}.mjs`, wasm: `${folder}${name}.wasm` };
    runtime.env.wasm.numThreads = threads;
    runtime.env.logLevel = "error";
    return new Networks(runtime, webgpu ? "webgpu" : "wasm", threads);
  }

  get device(): Device {
    return { provider: this.#provider, threads: this.#threads };
  }

  /** A model file's network, which is made when it first runs. */
  add(model: Uint8Array): number {
    const known = this.#idle.find((network) => same(network.model, model));
    this.#idle = this.#idle.filter((network) => network !== known);
    this.#networks.set(this.#next, known ?? { model });
    return this.#next++;
  }

  drop(id: number): void {
    const network = this.#networks.get(id);
    this.#networks.delete(id);
    if (network !== undefined && this.#idle.push(network) > mostIdle) {
      void this.#idle.shift()?.session?.release();
    }
  }

  /** `input` is height x width x channels values, and so is what comes. */
  async run(
    id: number,
    input: Float32Array,
    width: number,
    height: number,
    channels: number,
  ): Promise<Float32Array> {
    return this.#run(id, { image: { data: input, shape: [1, height, width, channels] } }, "values");
  }

  /** Of what `dkn export` wrote; of the inputs those that the graph has, planes or single values. */
  async runExported(
    id: number,
    inputs: Readonly<Record<string, Float32Array>>,
    width: number,
    height: number,
  ): Promise<Float32Array> {
    const session = await this.#sessionOf(this.#network(id));
    const taken = session.inputNames.map((name) => {
      const data = inputs[name] ?? new Float32Array();
      const shape = data.length === 1 ? [] : [1, data.length / (width * height), height, width];
      return [name, { data, shape }] as const;
    });
    return this.#run(id, Object.fromEntries(taken), "output");
  }

  /** Throws where the runtime cannot load it. */
  async check(id: number): Promise<void> {
    await this.#sessionOf(this.#network(id));
  }

  #network(id: number): Network {
    const network = this.#networks.get(id);
    if (network === undefined) {
      throw new Error("a network that is gone");
    }
    return network;
  }

  async #run(id: number, inputs: Inputs, output: string): Promise<Float32Array> {
    const network = this.#network(id);
    if (this.#provider !== "webgpu") {
      return this.#runOnce(network, inputs, output);
    }
    const copied = Object.entries(inputs).map(
      ([name, { data, shape }]) => [name, { data: data.slice(), shape }] as const);
    const kept = Object.fromEntries(copied);
    try {
      return await this.#runOnce(network, kept, output);
    } catch {
      // The graphics processor has less memory, or lacks something: from now on without it.
      this.#provider = "wasm";
      for (const other of [...this.#networks.values(), ...this.#idle]) {
        delete other.session;
      }
      return this.#runOnce(network, kept, output);
    }
  }

  async #sessionOf(network: Network): Promise<InferenceSession> {
    network.session ??= await this.#runtime.InferenceSession.create(network.model, {
      executionProviders: [this.#provider],
      enableMemPattern: false,
      enableCpuMemArena: false,
    });
    return network.session;
  }

  async #runOnce(network: Network, inputs: Inputs, output: string): Promise<Float32Array> {
    const session = await this.#sessionOf(network);
    const feeds: Record<string, Tensor> = {};
    for (const [name, { data, shape }] of Object.entries(inputs)) {
      feeds[name] = new this.#runtime.Tensor("float32", data, shape);
    }
    const outputs = await session.run(feeds);
    const values = outputs[output];
    if (values === undefined) {
      throw new Error("a network without its result");
    }
    const data = (await values.getData()) as Float32Array;
    values.dispose();
    return data;
  }
}
