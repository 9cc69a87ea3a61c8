/** The page: from what is dropped to what is shown and saved. */
import { Engine } from "../engine/client";
import { holdsFloats, writtenAs, type OpenedFile, type Role } from "../engine/frames";
import { ownKind } from "../engine/own_networks";
import { mountViewer, type Viewer } from "../viewer/index";
import { Batch, type FileToRead } from "./batch";
import { byId, make, reasonOf, say } from "./dom";
import { clearDownloads, downloadLink } from "./downloads";
import { filter, resultName, rivalViews, viewedFrame, type OpenedPair, type Result } from "./filtering";
import { acceptDrops, InputCard } from "./inputs";
import { OptionsPanel } from "./options";
import { pairFiles, roleOf, soundsLikeDepth, type Pair } from "./pairs";
import { doneText, kindText, noteTexts, pageReason, sizeText } from "./wording";

const sample = { guide: "sample/room_rgb.png", target: "sample/room_depth.png", unit: "mm" };

class Page {
  readonly #engine = new Engine();
  readonly #opened: Partial<Record<Role, OpenedFile>> = {};
  readonly #cards: Record<Role, InputCard>;
  readonly #options = new OptionsPanel(() => void this.#run(), (files) => void this.#take(files, null));
  readonly #batch = new Batch(this.#engine, (pair) => void this.#openPair(pair));
  readonly #status = byId("status", HTMLParagraphElement);
  readonly #work = byId("work", HTMLDivElement);
  readonly #error = byId("error", HTMLParagraphElement);
  readonly #notes = byId("notes", HTMLUListElement);
  readonly #downloads = byId("downloads", HTMLParagraphElement);
  readonly #elapsed = byId("elapsed", HTMLSpanElement);
  #clock: ReturnType<typeof setInterval> | undefined;
  #viewer: Viewer | null = null;
  #latest = 0; // of what was begun; what is older ends without a word
  readonly #reads: Record<Role, number> = { guide: 0, target: 0, mask: 0 }; // likewise, of each place
  readonly #unread: Partial<Record<Role, string>> = {}; // why a place is empty

  constructor() {
    const card = (role: Role): InputCard =>
      new InputCard(role, (files) => void this.#take(files, files.length === 1 ? role : null));
    this.#cards = { guide: card("guide"), target: card("target"), mask: card("mask") };
    byId("inputs", HTMLDivElement).append(this.#cards.guide.node, this.#cards.target.node);
    byId("mask", HTMLDivElement).prepend(this.#cards.mask.node);
    byId("no-mask", HTMLButtonElement).addEventListener("click", () => {
      this.#forgetMask();
      void this.#run();
    });
    acceptDrops(byId("drop", HTMLDivElement), (files, role) =>
      void this.#take(files, files.length === 1 ? role : null));
    byId("sample", HTMLButtonElement).addEventListener("click", () => void this.#openSample());
    byId("stop", HTMLButtonElement).addEventListener("click", () => {
      this.#latest += 1;
      this.#engine.stop();
      this.#rest("Stopped.");
    });
  }

  /** Networks as methods, others as images. */
  async #take(dropped: File[], role: Role | null): Promise<void> {
    for (const file of dropped.filter(({ name }) => ownKind(name) !== null)) {
      if (!(await this.#addNetwork(file))) {
        return;
      }
    }
    const files = dropped.filter(({ name }) => ownKind(name) === null);
    const [first] = files;
    if (first !== undefined) {
      await this.#takeImages(first, files, role);
    } else if (dropped.length > 0) {
      await this.#run();
    }
  }

  /** Whether it can be used. */
  async #addNetwork(file: File): Promise<boolean> {
    const turn = ++this.#latest;
    this.#begin(`Loading ${file.name} …`);
    try {
      await this.#engine.addNetwork(file.name, new Uint8Array(await file.arrayBuffer()));
      this.#options.chooseOwn(file.name);
      return turn === this.#latest;
    } catch (error) {
      if (turn === this.#latest) {
        this.#fail(`${file.name}: ${reasonOf(error)}.`);
      }
      return false;
    }
  }

  /** Files in the place that they fell on; else each where it belongs, several pairs as a batch. */
  async #takeImages(first: File, files: File[], role: Role | null): Promise<void> {
    try {
      const sniffed = await Promise.all(files.map(sniff));
      if (files.length === 1) {
        const { guide, target } = this.#opened;
        const depth = soundsLikeDepth(first.name) || (guide !== undefined && target === undefined);
        const free = depth ? "target" : "guide";
        await this.#open([[role ?? sniffed[0]?.role ?? free, first]]);
        return;
      }
      const pairing = pairFiles(sniffed);
      const [pair] = pairing.pairs;
      if (pairing.pairs.length === 1 && pairing.alone.length === 0 && pair !== undefined) {
        await this.#openPair(pair);
      } else {
        await this.#batch.start(pairing, this.#options.options());
      }
    } catch (error) {
      this.#fail(reasonOf(error));
    }
  }

  #openPair({ guide, target, mask }: Pair<FileToRead>): Promise<void> {
    return this.#open([
      ["guide", guide.file],
      ["target", target.file],
      ...(mask === undefined ? [] : [["mask", mask.file] as const]),
    ]);
  }

  #forgetMask(): void {
    delete this.#opened.mask;
    this.#cards.mask.show("");
    byId("no-mask", HTMLButtonElement).hidden = true;
  }

  async #openSample(): Promise<void> {
    const load = async (path: string): Promise<File> => {
      const response = await fetch(path);
      if (!response.ok) {
        throw new Error(`${path}: the server answers ${response.status}`);
      }
      return new File([await response.blob()], path.replace(/^.*\//, ""));
    };
    try {
      const files: [Role, File][] = [
        ["guide", await load(sample.guide)],
        ["target", await load(sample.target)],
      ];
      this.#options.unit = sample.unit;
      await this.#open(files);
    } catch (error) {
      this.#fail(reasonOf(error));
    }
  }

  async #open(files: readonly (readonly [Role, File])[]): Promise<void> {
    const turn = ++this.#latest;
    this.#begin("Reading …");
    const reads = files.map(([role, file]) => [role, file, ++this.#reads[role]] as const);
    for (const [role, file, read] of reads) {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const opened = await this.#engine.ask("open", { name: file.name, bytes, role });
        if (read !== this.#reads[role]) {
          return; // there is another one now
        }
        this.#unread[role] = "";
        if (role === "target") {
          this.#forgetMask(); // it was the last one's
        }
        this.#opened[role] = opened;
        byId("no-mask", HTMLButtonElement).hidden = this.#opened.mask === undefined;
        this.#cards[role].show(`${file.name}, ${sizeText(opened.frame)}, ${kindText(opened.frame)}`);
      } catch (error) {
        this.#unread[role] = `${file.name}: ${reasonOf(error)}.`;
        if (turn === this.#latest) {
          this.#fail(this.#unread[role]);
        }
        return;
      }
    }
    if (turn === this.#latest) {
      await this.#run();
    }
  }

  async #run(): Promise<void> {
    const { guide, target, mask } = this.#opened;
    const turn = ++this.#latest;
    if (guide === undefined || target === undefined) {
      this.#rest(
        guide !== undefined
          ? "Now the depth map that belongs to the picture."
          : target !== undefined
            ? "Now the picture that belongs to the depth map."
            : "Waiting for a picture and a depth map.",
      );
      say(this.#error, this.#unread[guide === undefined ? "guide" : "target"] ?? "");
      return;
    }
    const pair = { guide, target, mask };
    const options = this.#options.options();
    this.#begin(`Filtering ${target.name} …`);
    try {
      const result = await filter(this.#engine, pair, options, true);
      if (turn === this.#latest) {
        await this.#show(turn, pair, result, options);
      }
    } catch (error) {
      if (turn === this.#latest) {
        this.#fail(reasonOf(error));
      }
    }
  }

  async #show(
    turn: number,
    pair: OpenedPair,
    result: Result,
    options: ReturnType<OptionsPanel["options"]>,
  ): Promise<void> {
    const { guide, target } = pair;
    this.#rest(doneText(target, result, result.device, result.milliseconds));
    const notes = noteTexts(guide, target, result, options.holes);
    this.#notes.replaceChildren(...notes.map((note) => make("li", {}, note)));
    this.#notes.hidden = notes.length === 0;
    byId("hint", HTMLParagraphElement).hidden = false;
    this.#viewer ??= mountViewer(byId("viewer", HTMLDivElement));
    const frame = (more: Parameters<typeof viewedFrame>[5]) =>
      viewedFrame(this.#engine, pair, result, options, this.#options.unit, more);
    const wanted = () => turn === this.#latest;
    // Before the viewer asks for a kernel: where holes are filled by results, that takes as long as the frame did.
    const offered = this.#offer(pair, result, wanted);
    this.#viewer.show(frame([]));
    await offered;
    const rivals = await rivalViews(this.#engine, pair, options, wanted);
    if (wanted()) {
      this.#viewer.show(frame(rivals));
      if (rivals.length === 0) {
        const why = "The frame is too large for this page to show the guided filter’s and bicubic results beside.";
        this.#notes.append(make("li", {}, why));
        this.#notes.hidden = false;
      }
    }
  }

  /** The result, and its confidence in a format that holds shares. */
  async #offer({ target }: OpenedPair, result: Result, wanted: () => boolean): Promise<void> {
    const { format } = target;
    const add = async (what: string, frame: Result["image"]): Promise<void> => {
      const bytes = await this.#engine.ask("encode", { frame, format });
      if (wanted()) {
        const name = resultName(target, what, writtenAs(format));
        this.#downloads.append(downloadLink(`Save ${name}`, name, bytes, what === "sharp"));
        this.#downloads.hidden = false;
      }
    };
    const { image, confidence } = result;
    await Promise.all([
      add("sharp", image),
      ...(confidence === null
        ? []
        : [add("confidence", holdsFloats(format) ? confidence : confidenceOf16Bits(confidence))]),
    ]);
  }

  #begin(text: string): void {
    this.#status.textContent = text;
    this.#work.hidden = false;
    say(this.#error, "");
    clearDownloads(this.#downloads);
    this.#downloads.hidden = true;
    clearInterval(this.#clock);
    this.#elapsed.textContent = "";
    const start = performance.now();
    this.#clock = setInterval(() => {
      this.#elapsed.textContent = `${Math.round((performance.now() - start) / 1000)} s`;
    }, 1000);
  }

  #rest(text: string): void {
    clearInterval(this.#clock);
    this.#status.textContent = text;
    this.#work.hidden = true;
    say(this.#error, "");
  }

  /** What was shown before goes: it is not of what was asked for. */
  #fail(reason: string): void {
    this.#rest("That did not work.");
    say(this.#error, pageReason(reason));
    this.#notes.hidden = true;
    byId("hint", HTMLParagraphElement).hidden = true;
    this.#viewer?.destroy();
    this.#viewer = null;
  }
}

/** As the command writes it into a PNG: 65535 is 1. */
function confidenceOf16Bits(frame: Result["image"]): Result["image"] {
  return { ...frame, type: "uint16", data: Uint16Array.from(frame.data, (value) => Math.round(65535 * value)) };
}

async function sniff(file: File): Promise<FileToRead> {
  const head = new Uint8Array(await file.slice(0, 64).arrayBuffer());
  return { name: file.name, size: file.size, role: roleOf(head), file };
}

new Page();
