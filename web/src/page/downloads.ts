/** Files that the page offers. */
import { make } from "./dom";

const urls = new WeakMap<HTMLElement, string>();

/** A link that saves the bytes under the name. */
export function downloadLink(text: string, name: string, bytes: Uint8Array, first: boolean): HTMLAnchorElement {
  const url = URL.createObjectURL(new Blob([bytes.slice()], { type: "application/octet-stream" }));
  const link = make("a", { class: first ? "button first" : "button", href: url, download: name }, text);
  urls.set(link, url);
  return link;
}

/** Removes what is in the element, and frees what its links saved. */
export function clearDownloads(node: HTMLElement): void {
  for (const link of node.querySelectorAll<HTMLElement>("a[download]")) {
    URL.revokeObjectURL(urls.get(link) ?? "");
  }
  node.replaceChildren();
}
