/** Elements of the page. */

/** The element of this id; throws where the page has none of this kind. */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) {
    throw new Error(`the page has no ${kind.name} of id ${id}`);
  }
  return found;
}

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Shows the text, or hides the element where there is none. */
export function say(node: HTMLElement, text: string): void {
  node.textContent = text;
  node.hidden = text === "";
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
