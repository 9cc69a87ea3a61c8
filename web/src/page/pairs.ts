/** Which of the dropped files are pictures, which are depth maps, and which belong together. */
import type { Role } from "../engine/frames";

export interface DroppedFile {
  readonly name: string;
  /** Of width x height, or of bytes where the page does not know that yet; compares like with like. */
  readonly size: number;
  /** What the content says alone; null: it could be either. */
  readonly role: Role | null;
}

export interface Pair<F extends DroppedFile> {
  readonly guide: F;
  readonly target: F;
  readonly mask?: F;
}

export interface Pairing<F extends DroppedFile> {
  readonly pairs: readonly Pair<F>[];
  /** Without a partner. */
  readonly alone: readonly F[];
}

const maskWords = /(^|[^a-z])(masks?|valid)([^a-z]|$)/i;
const depthWords = /depth|disp(arity)?|range|distance|tof|lidar|(^|[^a-z])(dm|d|z)([^a-z]|$)/i;

/** What the first bytes of a file say of its role. */
export function roleOf(bytes: Uint8Array): Role | null {
  const begins = (...values: number[]): boolean => values.every((value, i) => bytes[i] === value);
  if (begins(0x89, 0x50, 0x4e, 0x47)) {
    const depth = bytes[24] ?? 0;
    const colour = bytes[25] ?? 0;
    const grey = colour === 0 || colour === 4;
    return grey ? (depth === 16 ? "target" : null) : "guide";
  }
  if (begins(0xff, 0xd8)) {
    return "guide";
  }
  if (begins(0x50, 0x46)) {
    return "guide"; // PFM of three channels
  }
  if (begins(0x50, 0x33) || begins(0x50, 0x36)) {
    return "guide"; // PPM
  }
  const archive = begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x49, 0x45, 0x48); // NPZ, DPT
  const map = archive || begins(0x50, 0x66) || begins(0x93, 0x4e) || begins(0x76, 0x2f, 0x31);
  return map ? "target" : null;
}

/** A name without ending and without what tells only which of the two it is. */
function stem(name: string): string {
  return name
    .toLowerCase()
    .replace(/^.*[\\/]/, "")
    .replace(/\.[^.]*$/, "")
    .replace(/depth|disparity|disp|colou?r|image|img|guide|picture|photo|rgb|mask|valid/g, "")
    .replace(/[^a-z0-9]+/g, "");
}

/** Of two files that could be either, the depth map by its name, or else the smaller one. */
function sort<F extends DroppedFile>(a: F, b: F): Pair<F> {
  const depth = (file: F): number =>
    (file.role === "target" ? 4 : file.role === "guide" ? -4 : 0) + (depthWords.test(file.name) ? 2 : 0);
  const difference = depth(b) - depth(a);
  const second = difference > 0 || (difference === 0 && b.size <= a.size);
  return second ? { guide: a, target: b } : { guide: b, target: a };
}

/** Whether a file that could be either is a depth map, by its name. */
export function soundsLikeDepth(name: string): boolean {
  return depthWords.test(name);
}

/** Of three files the one whose name says so is the mask of the others; null: they are no such three. */
function withMask<F extends DroppedFile>(files: readonly F[]): Pair<F> | null {
  const [mask, ...more] = files.filter(({ name }) => maskWords.test(name));
  const [a, b, ...others] = files.filter((file) => file !== mask);
  const three = mask !== undefined && more.length === 0 && a !== undefined && b !== undefined && others.length === 0;
  return three ? { ...sort(a, b), mask } : null;
}

/**
 * Two files are a pair, three with a mask too; of more those whose names differ in nothing but what
 * they are.
 */
export function pairFiles<F extends DroppedFile>(files: readonly F[]): Pairing<F> {
  const [first, second] = files;
  if (files.length === 2 && first !== undefined && second !== undefined) {
    return { pairs: [sort(first, second)], alone: [] };
  }
  const only = withMask(files);
  if (only !== null) {
    return { pairs: [only], alone: [] };
  }
  const groups = new Map<string, F[]>();
  for (const file of files) {
    groups.set(stem(file.name), [...(groups.get(stem(file.name)) ?? []), file]);
  }
  const pairs: Pair<F>[] = [];
  const alone: F[] = [];
  for (const group of groups.values()) {
    const [a, b] = group;
    const masked = withMask(group);
    if (masked !== null) {
      pairs.push(masked);
    } else if (group.length === 2 && a !== undefined && b !== undefined) {
      pairs.push(sort(a, b));
    } else {
      alone.push(...group);
    }
  }
  return { pairs, alone };
}
