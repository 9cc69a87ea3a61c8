import { element, setText } from "./dom";
import type { Values } from "./frame";

/** One view as points: its values are distances from the camera. */
export interface Cloud {
  readonly name: string;
  readonly values: Values;
  /** Of any size; covers the same scene. */
  readonly colours: HTMLCanvasElement;
}

/** Clouds side by side, seen from the same place. */
export interface PointScene {
  show(clouds: readonly Cloud[], aspect: number): void;
  /** Back to where one begins: beside the camera that took the picture. */
  reset(): void;
  destroy(): void;
}

/** What gives the scene; a module of its own, since three.js is large. */
export type LoadScene = () => Promise<{ mountPoints(place: HTMLElement): PointScene }>;

/** The place of the 3-D view, with its controls. The scene is loaded when first shown. */
export class PointsView {
  readonly node: HTMLElement;
  readonly byValue = element("input", { type: "checkbox" });
  private readonly place = element("div", { class: "dkv-scene" });
  private readonly message = element("p", { class: "dkv-note", role: "status" });
  private scene: PointScene | null = null;
  private wanted: (readonly [readonly Cloud[], number]) | null = null;
  private loading = false;

  constructor(private readonly load: LoadScene, onColours: () => void) {
    const reset = element("button", { type: "button" }, "Reset view");
    reset.addEventListener("click", () => {
      this.scene?.reset();
    });
    this.byValue.addEventListener("change", onColours);
    const controls = element(
      "p", { class: "dkv-points-bar" }, reset,
      element("label", { class: "dkv-check" }, this.byValue, "Colours of the values"),
      element(
        "span", { class: "dkv-quiet" },
        "Drag turns, wheel zooms, right button or two fingers move. The values are taken as " +
          "depths of a pinhole camera with a focal length of 0.9 × the width.",
      ),
    );
    this.node = element(
      "div", { class: "dkv-points", hidden: true }, this.place, this.message, controls,
    );
  }

  show(clouds: readonly Cloud[], aspect: number) {
    this.node.hidden = false;
    this.wanted = [clouds, aspect];
    if (this.scene !== null) {
      this.scene.show(clouds, aspect);
    } else if (!this.loading) {
      this.loading = true;
      setText(this.message, "Loading the 3-D view");
      void this.start();
    }
  }

  hide() {
    this.node.hidden = true;
  }

  destroy() {
    this.wanted = null;
    this.scene?.destroy();
  }

  private async start() {
    try {
      const module = await this.load();
      if (this.wanted !== null) {
        this.scene = module.mountPoints(this.place);
        this.scene.show(...this.wanted);
      }
      setText(this.message, "");
    } catch (reason) {
      setText(this.message, `The browser cannot show it: ${String(reason)}`);
    }
  }
}
