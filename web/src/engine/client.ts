/** The page's end of the worker. */
import type { Answer, Kind, Requests } from "./messages";

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Engine {
  #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  /** By their names: a new worker is told of them, too. */
  readonly #networks = new Map<string, Uint8Array>();
  #next = 1;

  constructor() {
    this.#worker = this.#start();
  }

  ask<K extends Kind>(kind: K, ask: Requests[K]["ask"]): Promise<Requests[K]["answer"]> {
    const id = this.#next++;
    return new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, kind, ask });
    }) as Promise<Requests[K]["answer"]>;
  }

  /** A network of the person's own: see Library.addOwn. */
  async addNetwork(name: string, bytes: Uint8Array): Promise<void> {
    await this.ask("network", { name, bytes });
    this.#networks.set(name, bytes);
  }

  /** Ends what is at work, which then fails; what is asked next starts anew. */
  stop(): void {
    this.#worker.terminate();
    this.#fail("stopped");
    this.#worker = this.#start();
    for (const [name, bytes] of this.#networks) {
      this.ask("network", { name, bytes }).catch(() => this.#networks.delete(name));
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL("worker.js", document.baseURI), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ("error" in data) {
        waiting?.reject(new Error(data.error));
      } else {
        waiting?.resolve(data.answer);
      }
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#fail(event.message || "the page's worker cannot be loaded");
    });
    return worker;
  }

  #fail(reason: string): void {
    for (const { reject } of this.#waiting.values()) {
      reject(new Error(reason));
    }
    this.#waiting.clear();
  }
}
