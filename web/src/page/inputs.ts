/** The two places that a picture and a depth map are put into. */
import type { Role } from "../engine/frames";
import { make } from "./dom";

const texts: Readonly<Record<Role, { title: string; empty: string; accept: string }>> = {
  guide: {
    title: "Picture",
    empty: "JPEG, PNG, WebP, TIFF … Choose a file or drop it here.",
    accept: "image/*,.exr,.pfm,.npy,.npz,.tif,.tiff,.ppm,.pgm,.pnm",
  },
  target: {
    title: "Depth map",
    empty: "PNG of 16 bits, TIFF, NPY, NPZ, PFM or OpenEXR. Choose a file or drop it here.",
    accept: "image/png,.png,.npy,.npz,.pfm,.exr,.tif,.tiff,.pgm,.dpt,image/*",
  },
  mask: {
    title: "Mask",
    empty: "Optional: 0 where the depth map measured nothing. Choose a file or drop it here.",
    accept: "image/png,.png,.npy,.npz,.pfm,.exr,.tif,.tiff,.pgm,image/*",
  },
};

/** One of them: a label around a file input, which the keyboard reaches. */
export class InputCard {
  readonly node: HTMLElement;
  readonly #name = make("span", { class: "name quiet" });
  readonly #role: Role;

  constructor(role: Role, chosen: (files: File[]) => void) {
    this.#role = role;
    const { title, accept } = texts[role];
    const input = make("input", { type: "file", accept, id: `${role}-file` });
    input.addEventListener("change", () => {
      if (input.files !== null && input.files.length > 0) {
        chosen([...input.files]);
        input.value = ""; // the same file again is a choice, too
      }
    });
    this.node = make("label", { class: "input", "data-role": role }, make("strong", {}, title), this.#name, input);
    this.show("");
  }

  show(text: string): void {
    this.#name.textContent = text === "" ? texts[this.#role].empty : text;
    this.node.classList.toggle("filled", text !== "");
  }
}

/** Calls `dropped` with what is dropped anywhere on the page, and the card that it fell on. */
export function acceptDrops(sheet: HTMLElement, dropped: (files: File[], role: Role | null) => void): void {
  let depth = 0; // of the elements entered, as the drag goes from one to the next
  const roleAt = (event: DragEvent): Role | null => {
    const card = event.target instanceof Element ? event.target.closest("[data-role]") : null;
    const role = card?.getAttribute("data-role");
    return role === "guide" || role === "target" || role === "mask" ? role : null;
  };
  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragenter", (event) => {
    depth += 1;
    sheet.hidden = !hasFiles(event);
  });
  window.addEventListener("dragleave", () => {
    depth = Math.max(depth - 1, 0);
    sheet.hidden = depth === 0;
  });
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
  });
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    sheet.hidden = true;
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) {
      dropped(files, roleAt(event));
    }
  });
}
