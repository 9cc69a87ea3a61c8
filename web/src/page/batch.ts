/** Several pairs: one after the other, each with its download. */
import type { Engine } from "../engine/client";
import { writtenAs, type Role } from "../engine/frames";
import type { Options } from "../engine/library";
import { methodName } from "../engine/own_networks";
import { byId, make, reasonOf } from "./dom";
import { clearDownloads, downloadLink } from "./downloads";
import { filter, resultName } from "./filtering";
import type { Pair, Pairing } from "./pairs";
import { pageReason, sizeText } from "./wording";

/** A dropped file, which is read again when its turn comes. */
export interface FileToRead {
  readonly name: string;
  readonly size: number;
  readonly role: Role | null;
  readonly file: File;
}

export class Batch {
  readonly #section = byId("batch", HTMLElement);
  readonly #status = byId("batch-status", HTMLParagraphElement);
  readonly #list = byId("batch-list", HTMLUListElement);
  readonly #engine: Engine;
  readonly #show: (pair: Pair<FileToRead>) => void;
  #run = 0;

  constructor(engine: Engine, show: (pair: Pair<FileToRead>) => void) {
    this.#engine = engine;
    this.#show = show;
    byId("download-all", HTMLButtonElement).addEventListener("click", () => {
      for (const link of this.#list.querySelectorAll<HTMLAnchorElement>("a[download]")) {
        link.click();
      }
    });
  }

  async start({ pairs, alone }: Pairing<FileToRead>, options: Options): Promise<void> {
    const run = ++this.#run;
    clearDownloads(this.#list);
    this.#section.hidden = false;
    this.#section.scrollIntoView({ block: "nearest" });
    for (const { name } of alone) {
      const reason = "no partner: a picture and its depth map have names alike, as 07_rgb.jpg and 07_depth.png";
      this.#list.append(make("li", { class: "failed" }, `${name}: ${reason}`));
    }
    let done = 0;
    for (const [i, pair] of pairs.entries()) {
      this.#status.textContent = `Pair ${i + 1} of ${pairs.length} …`;
      done += (await this.#addPair(pair, options)) ? 1 : 0;
      if (run !== this.#run) {
        return; // others were dropped meanwhile
      }
    }
    const trouble = done < pairs.length || alone.length > 0 ? " The red lines say what is missing." : "";
    this.#status.textContent = `${done} of ${pairs.length} ${pairs.length === 1 ? "pair" : "pairs"} done.${trouble}`;
  }

  /** Whether it went well. */
  async #addPair(pair: Pair<FileToRead>, options: Options): Promise<boolean> {
    const row = make("li", {}, make("span", { class: "name" }, pair.target.name));
    this.#list.append(row);
    try {
      const open = async (role: Role, { name, file }: FileToRead) => {
        const bytes = new Uint8Array(await file.arrayBuffer());
        return this.#engine.ask("open", { name, bytes, role });
      };
      const opened = {
        guide: await open("guide", pair.guide),
        target: await open("target", pair.target),
        mask: pair.mask === undefined ? undefined : await open("mask", pair.mask),
      };
      const { image, findings } = await filter(this.#engine, opened, options, false);
      const { format } = opened.target;
      const bytes = await this.#engine.ask("encode", { frame: image, format });
      const name = resultName(opened.target, "sharp", writtenAs(format));
      const show = make("button", { type: "button", "aria-label": `Show ${pair.target.name}` }, "Show");
      show.addEventListener("click", () => {
        this.#show(pair);
      });
      row.append(
        make("span", { class: "quiet" }, `${sizeText(image)}, ${methodName(findings.method)}`),
        downloadLink(`Save ${name}`, name, bytes, false),
        show,
      );
      return true;
    } catch (error) {
      row.classList.add("failed");
      row.append(make("span", {}, pageReason(reasonOf(error))));
      return false;
    }
  }
}
