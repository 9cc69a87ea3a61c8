/** Elements of the viewer, made in one line each. */

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** `true` sets an attribute without a value, `false` leaves it out. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children);
  return made;
}

export function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (context === null) {
    throw new Error("the browser gives no 2-D canvas");
  }
  return context;
}

/** Sets the canvas to its size on the screen in device pixels; tells the ratio of both. */
export function fitToScreen(canvas: HTMLCanvasElement, width: number, height: number): number {
  const ratio = window.devicePixelRatio;
  const wide = Math.max(1, Math.round(width * ratio));
  const high = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  return ratio;
}

/** Leaves the options and the choice alone where they are as wanted already. */
export function setOptions(select: HTMLSelectElement, names: readonly string[], chosen: number) {
  const same = select.options.length === names.length &&
    names.every((name, i) => select.options[i]?.text === name);
  if (!same) {
    select.replaceChildren(...names.map((name) => new Option(name)));
  }
  if (select.selectedIndex !== chosen) {
    select.selectedIndex = chosen;
  }
}

/** Text that is set again and again; the page is touched only where it changes. */
export function setText(place: Element, text: string) {
  if (place.textContent !== text) {
    place.textContent = text;
  }
}
