/** The options that the page shows. */
import type { Options } from "../engine/library";
import { ownMethod } from "../engine/own_networks";
import { byId, make } from "./dom";

/** Names of the models that the build has put into dist/models. */
declare const DKN_MODELS: readonly string[];

const classical: readonly (readonly [string, string])[] = [
  ["guided", "guided filter"],
  ["jbu", "joint bilateral upsampling"],
  ["fgs", "fast global smoother"],
  ["bicubic", "bicubic interpolation"],
];

/**
 * Of a frame's images and its tiles, in 10^6 bytes: the browser tells how much memory there is, roughly. With
 * less than 300 most of a tile is its margin; with more than 500 the work is hardly faster.
 */
function memoryBound(): number {
  const gigabytes = (navigator as { deviceMemory?: number }).deviceMemory ?? 4;
  return Math.min(Math.max(gigabytes * 75, 300), 500);
}

export class OptionsPanel {
  readonly #method = byId("method", HTMLSelectElement);
  readonly #invalid = byId("invalid", HTMLInputElement);
  readonly #holes = byId("holes", HTMLSelectElement);
  readonly #unit = byId("unit", HTMLInputElement);
  readonly #own = make("optgroup", { label: "Your own" });

  /** `brought` gets files that are to be networks. */
  constructor(changed: () => void, brought: (files: File[]) => void) {
    const networks = make("optgroup", { label: "Networks" });
    networks.append(...DKN_MODELS.map((name) => new Option(name, name)));
    const others = make("optgroup", { label: "Classical" });
    others.append(...classical.map(([name, text]) => new Option(text, name)));
    this.#method.append(new Option("automatic", ""), networks, others);
    const file = byId("own-network", HTMLInputElement);
    file.addEventListener("change", () => {
      brought([...(file.files ?? [])]);
      file.value = "";
    });
    for (const input of [this.#method, this.#invalid, this.#holes, this.#unit]) {
      input.addEventListener("change", changed);
    }
  }

  /** Chooses a network of the person's own, of this file name. */
  chooseOwn(name: string): void {
    if (this.#own.parentElement === null) {
      this.#method.append(this.#own);
    }
    const known = [...this.#own.children].some((option) => option.textContent === name);
    if (!known) {
      this.#own.append(new Option(name, ownMethod(name)));
    }
    this.#method.value = ownMethod(name);
  }

  options(): Options {
    return {
      method: this.#method.value,
      invalid: this.#invalid.value.trim(),
      holes: this.#holes.value as Options["holes"],
      confidence: true,
      maxMemoryMb: memoryBound(),
    };
  }

  get unit(): string {
    return this.#unit.value.trim();
  }
  set unit(text: string) {
    this.#unit.value = text;
  }
}
