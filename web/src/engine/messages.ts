/** What the page and its worker say to each other. */
import type { FileFormat, Frame, OpenedFile, Role } from "./frames";
import type { PixelKernel, UpsampleAsk, Upsampled } from "./library";
import type { Device } from "./networks";

export interface Requests {
  open: { ask: { name: string; bytes: Uint8Array; role: Role }; answer: OpenedFile };
  upsample: {
    ask: UpsampleAsk;
    answer: (Upsampled & { device: Device; milliseconds: number }) | null;
  };
  /** The file's name ends in .onnx or .safetensors. */
  network: { ask: { name: string; bytes: Uint8Array }; answer: null };
  kernel: { ask: { x: number; y: number }; answer: PixelKernel };
  encode: { ask: { frame: Frame; format: FileFormat }; answer: Uint8Array };
}

export type Kind = keyof Requests;

export interface Ask<K extends Kind = Kind> {
  readonly id: number;
  readonly kind: K;
  readonly ask: Requests[K]["ask"];
}

export type Answer = { readonly id: number } & (
  | { readonly answer: Requests[Kind]["answer"] }
  | { readonly error: string }
);
