import type { Kernel, Picture } from "../viewer/frame";
import type { LoadScene } from "../viewer/points_view";
import { createViewer } from "../viewer/viewer";
import { type KernelAnswer, kernelOf, pictureOf, viewedFrame } from "./frames";
import { LivePage, type ViewState } from "./page";
import { type Controls, type FrameRecord, readRecords } from "./records";

const RETRY_MS = 1000;

/** points.ts, bundled by itself: three.js is ten times as large as all else. */
const POINTS = "/points.js";
const loadScene: LoadScene = () => import(POINTS) as ReturnType<LoadScene>;

/** The answer's JSON; its "error" as Error. */
async function ask<T>(path: string, request?: RequestInit): Promise<T> {
  const response = await fetch(path, request);
  if (response.headers.get("Content-Type") !== "application/json") {
    throw new Error((await response.text()).trim());
  }
  const answer = (await response.json()) as T & { error?: string };
  if (answer.error !== undefined) {
    throw new Error(answer.error);
  }
  return answer;
}

function start(container: HTMLElement) {
  let guide: Picture | null = null;
  let waiting: FrameRecord | null = null;
  const networks = new Set<string>();

  const page = new LivePage(container, {
    change(controls: Partial<Controls>) {
      const body = JSON.stringify(controls);
      ask<ViewState>("/options", { method: "POST", headers: { "Content-Type": "application/json" }, body })
        .then((state) => {
          page.showMessage("", "options");
          page.showState(state);
        }, (reason: unknown) => {
          page.showMessage(String(reason), "options");
          void tellState();
        });
    },
  });
  const viewer = createViewer(page.viewerPlace, loadScene);

  async function tellState() {
    const state = await ask<ViewState>("/options");
    networks.clear();
    for (const name of state.models) {
      networks.add(name);
    }
    page.showState(state);
  }

  async function kernelAt(x: number, y: number): Promise<Kernel> {
    return kernelOf(await ask<KernelAnswer>(`/kernel?x=${String(x)}&y=${String(y)}`));
  }

  // Of frames that come faster than the screen shows them the newest is shown.
  function show() {
    const record = waiting;
    waiting = null;
    if (record === null || guide === null) {
      return;
    }
    const { method, place, ended, controls } = record.header;
    const has = place === null && (networks.has(method) || method.endsWith(".safetensors"));
    // A frame's kernels take longer than the frame itself: they would hold a sequence up.
    const stays = ended || controls.paused;
    viewer.show(viewedFrame(record, guide, has && stays ? kernelAt : undefined));
    page.showHeader(record.header, has && !stays);
  }

  async function follow() {
    const response = await fetch("/frames");
    if (!response.ok || response.body === null) {
      throw new Error((await response.text()).trim());
    }
    await tellState();
    page.showMessage("", "server");
    for await (const record of readRecords(response.body)) {
      if (record.header.number === undefined) {
        continue;
      }
      const picture = record.planes.get("guide");
      if (picture !== undefined) {
        guide = pictureOf(picture);
      }
      if (waiting === null) {
        requestAnimationFrame(show);
      }
      waiting = record;
    }
  }

  async function followAlways() {
    for (;;) {
      let why = "";
      try {
        await follow();
      } catch (reason) {
        why = reason instanceof TypeError ? "" : `: ${String(reason)}`;
      }
      page.showMessage(`\`dkn view\` does not answer${why}; trying again`, "server");
      await new Promise((resolve) => {
        setTimeout(resolve, RETRY_MS);
      });
    }
  }
  void followAlways();
}

const container = document.getElementById("live");
if (container !== null) {
  container.replaceChildren();
  start(container);
}
