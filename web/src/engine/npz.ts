/** NumPy's archives: a ZIP of NPY files. */
import { unzipSync } from "fflate";

import { mostPixels } from "./frames";

const mostBytes = 32 * mostPixels; // of the array, as the library allows

/** The one array's NPY file; throws where there are others. */
export function arrayOf(bytes: Uint8Array): Uint8Array {
  const names: string[] = [];
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      names.push(name.replace(/\.npy$/, ""));
      if (originalSize > mostBytes) {
        throw new Error(`the array has more than ${mostBytes} bytes`);
      }
      return names.length === 1;
    },
  });
  const [array] = Object.values(files);
  if (array === undefined || names.length !== 1) {
    const list = names.slice(0, 8).map((name) => name.slice(0, 40)).join(", ");
    throw new Error(`the NPZ has ${names.length} arrays (${list}), expected one; save the depth alone`);
  }
  return array;
}
