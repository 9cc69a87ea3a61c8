/** The worker: files, the library and its networks, so that the page itself stays alive. */
import { fileBytes, openFile } from "./files";
import { Library } from "./library";
import type { Answer, Ask, Kind, Requests } from "./messages";
import { Networks } from "./networks";

/** The memory of what is sent, which moves instead of being copied. */
function memoryOf(answer: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(answer)) {
    return answer.buffer instanceof ArrayBuffer ? [answer.buffer] : [];
  }
  return answer !== null && typeof answer === "object" ? Object.values(answer).flatMap(memoryOf) : [];
}

/** Names of the models that the build has put into dist/models. */
declare const DKN_MODELS: readonly string[];

const folder = new URL("./", self.location.href).href;

interface Engine {
  networks: Networks;
  library: Library;
}

async function startEngine(): Promise<Engine> {
  const networks = await Networks.start(`${folder}ort/`);
  return { networks, library: await Library.start(folder, DKN_MODELS, networks) };
}

let engine: Promise<Engine> | undefined;

const handlers: {
  [K in Kind]: (ask: Requests[K]["ask"], engine: Engine) => Promise<Requests[K]["answer"]>;
} = {
  open: ({ name, bytes, role }, { library }) => openFile(name, bytes, role, library),
  upsample: async (ask, { library, networks }) => {
    const start = performance.now();
    const upsampled = await library.upsample(ask);
    return upsampled && { ...upsampled, device: networks.device, milliseconds: performance.now() - start };
  },
  network: async ({ name, bytes }, { library }) => {
    await library.addOwn(name, bytes);
    return null;
  },
  kernel: ({ x, y }, { library }) => library.kernel(x, y),
  encode: ({ frame, format }, { library }) => Promise.resolve(fileBytes(frame, format, library)),
};

async function answer<K extends Kind>({ id, kind, ask }: Ask<K>): Promise<Answer> {
  try {
    engine ??= startEngine();
    engine.catch(() => (engine = undefined)); // the next one tries again
    return { id, answer: await handlers[kind](ask, await engine) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

// One at a time: the library waits for its networks, and must not be called meanwhile.
let last: Promise<void> = Promise.resolve();
self.addEventListener("message", ({ data }: MessageEvent<Ask>) => {
  last = last.then(async () => {
    const sent = await answer(data);
    self.postMessage(sent, { transfer: [...new Set(memoryOf(sent))] });
  });
});
