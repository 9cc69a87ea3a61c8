/* global TextEncoder */
// Which dropped files belong together.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { importSource } from "./browser.mjs";

const { pairFiles, roleOf } = await importSource(
  fileURLToPath(new URL("../src/page/pairs.ts", import.meta.url)));

const file = (name, size = 1000, role = null) => ({ name, size, role });
const names = ({ pairs, alone }) => ({
  pairs: pairs.map(({ guide, target }) => [guide.name, target.name]),
  alone: alone.map(({ name }) => name),
});

test("what the first bytes say", () => {
  const png = (depth, colour) => Uint8Array.from([0x89, 0x50, 0x4e, 0x47, ...Array(20).fill(0), depth, colour]);
  assert.equal(roleOf(png(16, 0)), "target");
  assert.equal(roleOf(png(8, 2)), "guide");
  assert.equal(roleOf(png(8, 0)), null);
  assert.equal(roleOf(Uint8Array.from([0xff, 0xd8, 0xff])), "guide");
  assert.equal(roleOf(new TextEncoder().encode("Pf\n")), "target");
  assert.equal(roleOf(new TextEncoder().encode("PF\n")), "guide");
});

test("two files are a pair, in any order and by any name", () => {
  const told = [file("x.bin", 10, "target"), file("y.bin", 90, "guide")];
  assert.deepEqual(names(pairFiles(told)).pairs, [["y.bin", "x.bin"]]);
  const named = [file("scene_depth.png", 900), file("scene.png", 100)];
  assert.deepEqual(names(pairFiles(named)).pairs, [["scene.png", "scene_depth.png"]]);
  const sized = [file("a.png", 100), file("b.png", 900)];
  assert.deepEqual(names(pairFiles(sized)).pairs, [["b.png", "a.png"]]);
});

test("more are paired by their names", () => {
  const files = [
    "0001_rgb.jpg", "0001_depth.png", "0002_rgb.jpg", "0002_depth.png", "rgb_9.png", "depth_9.npy",
    "left-colour.png", "left-disparity.pfm", "other.png",
  ].map((name) => file(name));
  assert.deepEqual(names(pairFiles(files)), {
    pairs: [
      ["0001_rgb.jpg", "0001_depth.png"], ["0002_rgb.jpg", "0002_depth.png"], ["rgb_9.png", "depth_9.npy"],
      ["left-colour.png", "left-disparity.pfm"],
    ],
    alone: ["other.png"],
  });
});

test("a third file whose name says mask is the mask of the two", () => {
  const masked = (files) => pairFiles(files).pairs.map(({ guide, target, mask }) => [guide.name, target.name, mask?.name]);
  const three = [file("depth_mask.png"), file("depth.png"), file("photo.png")];
  assert.deepEqual(masked(three), [["photo.png", "depth.png", "depth_mask.png"]]);
  assert.deepEqual(masked([file("mask.png", 10), file("photo.png", 90)]), [["photo.png", "mask.png", undefined]]);
  const many = ["1_rgb.png", "1_depth.png", "1_mask.png", "2_rgb.png", "2_depth.png"].map((name) => file(name));
  assert.deepEqual(masked(many), [["1_rgb.png", "1_depth.png", "1_mask.png"], ["2_rgb.png", "2_depth.png", undefined]]);
});
