/* global DataTransfer, DragEvent, File */
// Files beside PNG, NPY, PFM and OpenEXR, and masks: the page reads what the command reads.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { zipSync } from "fflate";

import { thinned } from "../sample.mjs";
import { until } from "./browser.mjs";
import {
  command, complaints, difference, give, open, page, path, patience, put, saved, startPage, stopPage, valuesOf,
} from "./page_tester.mjs";
import * as files from "./test_files.mjs";

before(async () => {
  command("synth", "-o", path("1"), "--seed", "1", "--width", "320", "--height", "240", "--sensor", "structured_light");
  const depth = thinned(files.readPng(path("1/room_measured.png")), 4);
  files.writePng(path("depth.png"), depth);
  const metres = { ...depth, data: Float32Array.from(depth.data, (value) => (value === 0 ? NaN : value / 1000)) };
  files.writeNpy(path("depth.npy"), metres);
  files.writePfm(path("depth.pfm"), metres);
  const npy = readFileSync(path("depth.npy"));
  writeFileSync(path("depth.npz"), zipSync({ "depth.npy": npy }));
  writeFileSync(path("two.npz"), zipSync({ "depth.npy": npy, "more.npy": npy }));
  // Copies at their own size, by the command: of 16 bits and of floats, without change.
  files.writePng(path("black.png"), { width: 80, height: 60, channels: 3, data: new Uint8Array(3 * 80 * 60) });
  for (const [from, to] of [["depth.png", "depth16.tiff"], ["depth.npy", "depth32.tiff"]]) {
    command("upsample", path("black.png"), path(from), "-o", path(to), "--model", "bicubic", "--holes", "keep");
  }
  const rgb = files.readPng(path("1/room_rgb.png"));
  writeFileSync(path("rgb.ppm"), Buffer.concat([Buffer.from("P6 320 240 255\n"), rgb.data]));
  const swapped = Buffer.from(depth.data.slice().buffer).swap16();
  writeFileSync(path("depth.pgm"), Buffer.concat([Buffer.from("P5 80 60 65535\n"), swapped]));
  const head = Buffer.alloc(12, "PIEH");
  head.writeInt32LE(80, 4);
  head.writeInt32LE(60, 8);
  writeFileSync(path("depth.dpt"), Buffer.concat([head, Buffer.from(metres.data.map((v) => v || 1).buffer)]));
  const seen = Uint8Array.from({ length: 80 * 60 }, (_, i) => ((i % 80) < 20 ? 0 : 255));
  files.writePng(path("depth_mask.png"), { width: 80, height: 60, data: seen });
  await startPage();
}, patience);

after(async () => {
  assert.deepEqual(complaints, []);
  await stopPage();
});

async function equalsCommand(guide, target, result, ...options) {
  const file = await saved(`page_${result}`);
  command("upsample", path(guide), path(target), "-o", path(result), "--precision", "fp32", ...options);
  const error = difference(valuesOf(file, path(guide)), valuesOf(path(result), path(guide)));
  assert.ok(error <= 1e-3, `differs by ${error} of the range`);
}

for (const [guide, target, result] of [
  ["1/room_rgb.png", "depth.npz", "npz.npy"],
  ["1/room_rgb.png", "depth16.tiff", "tiff16.tiff"],
  ["1/room_rgb.png", "depth32.tiff", "tiff32.tiff"],
  ["rgb.ppm", "depth.pgm", "pgm.png"],
  ["1/room_rgb.png", "depth.dpt", "dpt.pfm"],
]) {
  test(`${target} by ${guide} gives what the command gives`, patience, async () => {
    const said = await give(path(guide), path(target));
    assert.match(said.status, /Done in .*80 × 60 to 320 × 240/);
    await equalsCommand(guide, target, result);
  });
}

test("an archive of several arrays, and a part of a TIFF, are told what they lack", patience, async () => {
  writeFileSync(path("cut.tiff"), readFileSync(path("depth16.tiff")).subarray(0, 900));
  for (const [name, reason] of [
    ["two.npz", /has 2 arrays \(depth, more\), expected one/],
    ["cut.tiff", /cut\.tiff: the file is damaged/],
  ]) {
    await page.evaluate(() => (document.getElementById("error").textContent = ""));
    await page.setInputFiles("#target-file", path(name));
    await until(page, () => document.getElementById("error").textContent !== "");
    assert.match(await page.textContent("#error"), reason);
  }
});

test("a mask tells what is not measured, until it is taken away", patience, async () => {
  await give(path("1/room_rgb.png"), path("depth.png"));
  await page.click("summary");
  const said = await put("mask", path("depth_mask.png"));
  await equalsCommand("1/room_rgb.png", "depth.png", "masked.png", "--mask", path("depth_mask.png"));
  const share = /([\d.]+) % of the depth map/;
  const masked = Number(share.exec(said.notes)[1]);
  await page.click("#no-mask");
  await until(page, (notes) => document.getElementById("notes").innerText !== notes, said.notes);
  assert.ok(Number(share.exec(await page.innerText("#notes"))[1]) < masked - 20);
  await page.click("summary");
});

test("of three files that are dropped one is the mask by its name", patience, async () => {
  const second = await open();
  const names = { "rgb.png": "1/room_rgb.png", "depth_mask.png": "depth_mask.png", "depth.png": "depth.png" };
  await second.evaluate((contents) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of Object.entries(contents)) {
      transfer.items.add(new File([Uint8Array.from(bytes)], name));
    }
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, Object.fromEntries(Object.entries(names).map(([name, file]) => [name, [...readFileSync(path(file))]])));
  await until(second, () => /Done/.test(document.getElementById("status").textContent));
  assert.match(await second.textContent("[data-role=target]"), /depth\.png, 80 × 60, uint16/);
  assert.match(await second.textContent("[data-role=mask]"), /depth_mask\.png, 80 × 60/);
  await second.close();
});
