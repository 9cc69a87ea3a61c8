import { type Viewer, createViewer } from "./viewer";

export type { Kernel, KernelField, Picture, Pixel, Values, View, ViewedFrame } from "./frame";
export type { Viewer } from "./viewer";

/** Makes a viewer at the end of `container`; its 3-D view is loaded when it is first asked for. */
export function mountViewer(container: HTMLElement): Viewer {
  return createViewer(container, () => import("./scene"));
}
