// Networks of a person's own in the page: results equal to the command's, and what others are told.
import assert from "node:assert/strict";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { thinned } from "../sample.mjs";
import { until } from "./browser.mjs";
import {
  ask, bring, bytesOf, command, complaints, difference, give, page, path, patience, put, saved, startPage, stopPage, valuesOf,
  web,
} from "./page_tester.mjs";
import * as files from "./test_files.mjs";

const models = join(web, "../models");

before(async () => {
  command("synth", "-o", path("1"), "--seed", "1", "--width", "320", "--height", "240", "--sensor", "structured_light");
  files.writePng(path("holes.png"), thinned(files.readPng(path("1/room_measured.png")), 4));
  const small = files.readPng(path("1/room_depth.png"));
  files.writePng(path("odd_rgb.png"), files.crop(files.readPng(path("1/room_rgb.png")), 317, 235));
  files.writePfm(path("odd.pfm"), { width: 39, height: 29, data: Float32Array.from(files.crop(small, 39, 29).data) });
  for (const name of ["fdkn_any", "fdkn_x8", "dkn_x8"]) {
    command("export", name, "--onnx", path(`${name}.onnx`));
  }
  command("export", "fdkn_x8", "--onnx", path("fixed.onnx"), "--width", "320", "--height", "240");
  copyFileSync(join(models, "fdkn_x8_no_residual.safetensors"), path("mine.safetensors"));
  await startPage();
}, patience);

after(async () => {
  assert.deepEqual(complaints, []);
  await stopPage();
});

for (const [network, model, guide, target] of [
  ["fdkn_any.onnx", "fdkn_any", "1/room_rgb.png", "holes.png"],
  ["fdkn_x8.onnx", "fdkn_x8", "odd_rgb.png", "odd.pfm"],
  ["mine.safetensors", path("mine.safetensors"), "odd_rgb.png", "odd.pfm"],
]) {
  test(`${network} gives what the command gives`, patience, async () => {
    await bring(path(network));
    const said = await give(path(guide), path(target));
    assert.ok(said.status.includes(`by ${network}`), said.status);
    const tells = !network.endsWith(".onnx");
    assert.equal(/Which samples a pixel is made of cannot be shown/.test(said.notes), !tells);
    const file = await saved(`page_${target}`);
    command("upsample", path(guide), path(target), "-o", path(`command_${target}`), "--model", model,
      "--precision", "fp32");
    const error = difference(valuesOf(file), valuesOf(path(`command_${target}`)));
    assert.ok(error <= 1e-3, `differs by ${error} of the range`);
    assert.equal(await page.locator(".dkv-kernel").isVisible(), tells);
  });
}

test("an exported network in tiles gives what it gives as a whole", patience, async () => {
  const opening = (name, role) => ["open", { name, role, bytes: bytesOf(name) }];
  const upsample = (method, maxMemoryMb) => ["upsample", {
    guide: "@0", target: "@1", mask: null, views: false,
    options: { method, invalid: "", holes: "fill", confidence: false, maxMemoryMb },
  }];
  const network = (name) => ["network", { name, bytes: bytesOf(name) }];
  const answers = await ask([
    opening("1/room_rgb.png", "guide"), opening("holes.png", "target"), network("fdkn_any.onnx"),
    upsample("/own/fdkn_any.onnx", 4000), upsample("/own/fdkn_any.onnx", 60),
  ]);
  const [whole, tiles] = answers.map(({ image }) => Object.values(image.data));
  assert.ok(difference(tiles, whole) <= 1e-3);
});

test("a network outlives the work that is stopped", patience, async () => {
  await bring(path("fdkn_x8.onnx"));
  await page.evaluate(() => document.getElementById("stop").click());
  const said = await give(path("odd_rgb.png"), path("odd.pfm"));
  assert.match(said.status, /by fdkn_x8\.onnx/);
});

test("one for pictures of one size says so of others", patience, async () => {
  await give(path("1/room_rgb.png"), path("holes.png"));
  assert.match((await bring(path("fixed.onnx"))).status, /by fixed\.onnx/);
  await page.setInputFiles("#guide-file", path("odd_rgb.png"));
  await until(page, () => document.getElementById("error").textContent !== "");
  assert.match(await page.textContent("#error"), /exported for pictures of 320 ?x ?240 alone/);
  await put("guide", path("1/room_rgb.png"));
});

/** A protocol buffer's message: numbers, texts and messages by their fields' numbers. */
function message(...fields) {
  return Buffer.concat(fields.map(([number, value]) => {
    if (typeof value === "number") {
      return Buffer.from([8 * number, value]);
    }
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([8 * number + 2, bytes.length]), bytes]);
  }));
}

test("other files are told why they are no such network", patience, async () => {
  const input = message([1, "pixel_values"], [2, message([1, message([1, 1])])]);
  writeFileSync(path("foreign.onnx"), message([1, 8], [2, "pytorch"], [7, message([2, "main"], [11, input])]));
  writeFileSync(path("words.onnx"), "no network at all");
  const exported = readFileSync(path("fdkn_x8.onnx"));
  writeFileSync(path("cut.onnx"), exported.subarray(0, exported.length / 2));
  writeFileSync(path("cut.safetensors"), readFileSync(path("mine.safetensors")).subarray(0, 99_999));
  // The graph takes what it took, but tells no kind.
  const anonymous = Buffer.from(exported);
  anonymous.write("kinx", anonymous.indexOf("kind", anonymous.length - 4000));
  writeFileSync(path("anonymous.onnx"), anonymous);
  for (const [name, reason] of [
    ["foreign.onnx", /foreign\.onnx: this ONNX file, made by pytorch, is another network: it takes pixel_values; the page runs the \.onnx that `dkn export/],
    ["words.onnx", /words\.onnx: this is no ONNX file/],
    ["cut.onnx", /cut\.onnx: this is no ONNX file \(it ends too early\)/],
    ["anonymous.onnx", /does not tell its architecture/],
    ["cut.safetensors", /cut\.safetensors: /],
    ["dkn_x8.onnx", /DKN, whose 16 passes/],
  ]) {
    assert.match((await bring(path(name))).error, reason);
  }
});
