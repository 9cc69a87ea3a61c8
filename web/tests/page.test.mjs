/* global DataTransfer, DragEvent, Event, File, Worker, innerWidth */
// The page as people use it, in Chromium, held to the command on the same files. DKN_WEB_SHOTS=FOLDER
// keeps screenshots.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { thinned } from "../sample.mjs";
import { until } from "./browser.mjs";
import {
  ask, browser, bytesOf, command, complaints, difference, give, open, page, path, patience, requested, rest, saved, server,
  startPage, stopPage, valuesOf, web,
} from "./page_tester.mjs";
import * as files from "./test_files.mjs";

const shots = process.env.DKN_WEB_SHOTS;

function makeFiles() {
  command("synth", "-o", path("1"), "--seed", "1", "--width", "320", "--height", "240", "--sensor", "structured_light");
  command("synth", "-o", path("2"), "--seed", "7", "--width", "320", "--height", "240", "--sensor", "time_of_flight");
  const measured = files.readPng(path("1/room_measured.png"));
  const small = files.readPng(path("1/room_depth.png"));
  const metres = (image, change = (value) => value) =>
    ({ ...image, data: Float32Array.from(image.data, (value, i) => change(value / 1000, i)) });

  files.writePng(path("holes.png"), thinned(measured, 4));
  files.writeNpy(path("float.npy"), metres(small, (value, i) => (i % 37 === 5 ? NaN : value)));
  files.writePng(path("whole.png"), measured);
  const flat = metres(measured, (value) => value || 1);
  files.writePfm(path("float.pfm"), flat);
  command("upsample", path("1/room_rgb.png"), path("float.pfm"), "-o", path("float.exr"), "--model", "bicubic");
  const rgb = files.readPng(path("1/room_rgb.png"));
  files.writePng(path("odd_rgb.png"), files.crop(rgb, 317, 235));
  files.writePfm(path("odd.pfm"), metres(files.crop(small, 39, 29)));
  const random = randomGauss(5);
  const far = thinned(files.readPng(path("2/room_truth.png")), 8);
  files.writeNpy(path("noisy.npy"), { ...far, data: Uint16Array.from(far.data, (value) => value + 25 * random()) });
}

function randomGauss(seed) {
  const random = files.randomNumbers(seed);
  return () => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
}

before(async () => {
  makeFiles();
  await startPage();
}, patience);

after(stopPage);

const cases = [
  { name: "with holes", guide: "1/room_rgb.png", target: "holes.png", ending: "png", says: "fdkn_any", notes: /were holes/ },
  { name: "of floats", guide: "1/room_rgb.png", target: "float.npy", ending: "npy", says: "fdkn_x8", notes: /were holes/ },
  // By fdkn_any again, now because of the ratio.
  { name: "at 1x", guide: "1/room_rgb.png", target: "whole.png", ending: "png", says: "the picture’s size", notes: /^(?!.*noisy).*were holes/s },
  { name: "of odd sizes", guide: "odd_rgb.png", target: "odd.pfm", ending: "pfm", says: "317 × 235" },
  { name: "of OpenEXR", guide: "1/room_rgb.png", target: "float.exr", ending: "exr", says: "320 × 240" },
  { name: "with noise", guide: "2/room_rgb.png", target: "noisy.npy", ending: "npy", says: "fdkn_any", notes: /noisy/ },
];
for (const { name, guide, target, ending, says, notes } of cases) {
  test(`a depth map ${name} gives what the command gives`, patience, async () => {
    const said = await give(path(guide), path(target));
    assert.match(said.status, new RegExp(`Done in .*${says}`));
    assert.match(said.notes, notes ?? /^/);
    const file = await saved(`page_${target}`);
    assert.ok(file.endsWith(ending));
    command("upsample", path(guide), path(target), "-o", path(`command_${target}`), "--precision", "fp32");
    const error = difference(valuesOf(file, path(guide)), valuesOf(path(`command_${target}`), path(guide)));
    assert.ok(error <= 1e-3, `differs by ${error} of the range`);
  });
}

// fdkn_x4 fills holes by its own results, which its kernels read; the others see what is measured.
for (const [model, guide, target] of [
  ["fdkn_any", "1/room_rgb.png", "holes.png"],
  ["fdkn_x4", "1/room_rgb.png", "holes.png"],
  ["fdkn_x8", "odd_rgb.png", "odd.pfm"],
]) {
  test(`kernels of ${model} are those of dkn inspect`, patience, async () => {
    const pixels = [[0, 0], [161, 122], [316, 234], [37, 8]];
    const opening = (name, role) =>
      ["open", { name, role, bytes: bytesOf(name) }];
    const options = { method: model, invalid: "", holes: "fill", confidence: true, maxMemoryMb: 300 };
    const kernels = await ask([
      opening(guide, "guide"), opening(target, "target"),
      ["upsample", { guide: "@0", target: "@1", mask: null, views: true, options }],
      ...pixels.map(([x, y]) => ["kernel", { x, y }]),
    ]);
    command("inspect", path(guide), path(target), "--model", model, "--precision", "fp32", "--at", "0,0",
      "--kernels", path("kernels.npy"));
    const { shape, data } = files.parseNpy(readFileSync(path("kernels.npy")));
    const [, width, taps] = shape;
    pixels.forEach(([x, y], i) => {
      assert.equal(kernels[i].weight.length, taps);
      for (let tap = 0; tap < taps; ++tap) {
        const [weight, dx, dy] = data.subarray(3 * ((y * width + x) * taps + tap));
        assert.ok(Math.abs(kernels[i].weight[tap] - weight) < 1e-3);
        assert.ok(Math.abs(kernels[i].x[tap] - x - dx) < 2e-2);
        assert.ok(Math.abs(kernels[i].y[tap] - y - dy) < 2e-2);
      }
    });
  });
}

test("what is saved is made before kernels are asked for", patience, async () => {
  await page.evaluate(() => {
    const send = Worker.prototype.postMessage;
    globalThis.asked = [];
    Worker.prototype.postMessage = function post(...message) {
      globalThis.asked.push(message[0].kind);
      return send.apply(this, message);
    };
  });
  await give(path("1/room_rgb.png"), path("holes.png"));
  await until(page, () => globalThis.asked.includes("kernel"));
  const asked = await page.evaluate(() => globalThis.asked.filter((kind) => kind === "encode" || kind === "kernel"));
  assert.equal(asked[0], "encode");
});

test("a file that is none, or does not fit, is told what it lacks", patience, async () => {
  const rgb = path("1/room_rgb.png");
  writeFileSync(path("words.png"), "no picture at all");
  writeFileSync(path("cut.npy"), readFileSync(path("float.npy")).subarray(0, 900));
  writeFileSync(path("cut.png"), readFileSync(path("whole.png")).subarray(0, 9000));
  writeFileSync(path("empty.npy"), "");
  files.writeNpy(path("holes_only.npy"), { width: 8, height: 6, data: new Float32Array(48).fill(NaN) });
  const wrong = [
    ["words.png", /words\.png: .*expected PNG, TIFF, NPY/],
    ["cut.npy", /cut\.npy: the NPY has \d+ bytes of values, expected/],
    ["cut.png", /cut\.png: the file is damaged/],
    ["empty.npy", /empty\.npy: the file is empty/],
    ["holes_only.npy", /no .*measured/i],
  ];
  await give(rgb, path("float.npy"));
  for (const [name, reason] of wrong) {
    await page.evaluate(() => (document.getElementById("error").textContent = ""));
    await page.setInputFiles("#target-file", path(name));
    await until(page, () => document.getElementById("error").textContent !== "");
    assert.match(await page.textContent("#error"), reason);
    assert.ok(await page.isHidden("#downloads")); // of the file before
  }
  // The smaller one as the picture.
  files.writePng(path("small_rgb.png"), files.crop(files.readPng(rgb), 40, 30));
  const said = await give(path("small_rgb.png"), path("whole.png"));
  assert.match(said.error, /320 ?x ?240/);
});

test("a depth map that comes while the picture is still read waits for it", patience, async () => {
  const second = await open();
  await second.evaluate((contents) => {
    for (const [id, [name, bytes]] of Object.entries(contents)) {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], name));
      const input = document.getElementById(id);
      input.files = transfer.files;
      input.dispatchEvent(new Event("change"));
    }
  }, {
    "guide-file": ["rgb.png", [...readFileSync(path("1/room_rgb.png"))]],
    "target-file": ["depth.png", [...readFileSync(path("holes.png"))]],
  });
  await until(second, () => /Done|Now/.test(document.getElementById("status").textContent));
  assert.match(await second.textContent("#status"), /Done/);
  await second.close();
});

test("options are the command's", patience, async () => {
  await give(path("1/room_rgb.png"), path("holes.png"));
  await page.click("summary");
  await page.selectOption("#holes", "keep");
  await page.fill("#invalid", "0,>3000");
  await page.press("#invalid", "Enter");
  await rest();
  await page.selectOption("#method", "guided");
  await until(page, () => /by guided/.test(document.getElementById("status").textContent));
  const file = await saved("guided.png");
  command("upsample", path("1/room_rgb.png"), path("holes.png"), "-o", path("by_command.png"), "--model", "guided",
    "--holes", "keep", "--invalid", "0,>3000");
  assert.ok(difference(files.valuesOf(file), files.valuesOf(path("by_command.png"))) <= 1e-3);
});

test("several pairs that are dropped become a list of downloads", patience, async () => {
  const second = await open();
  const dropped = {
    "07_rgb.png": readFileSync(path("odd_rgb.png")), "07_depth.pfm": readFileSync(path("odd.pfm")),
    "08_rgb.png": readFileSync(path("1/room_rgb.png")), "08_depth.npy": readFileSync(path("float.npy")),
    "09_depth.png": readFileSync(path("holes.png")),
  };
  await second.evaluate((contents) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of Object.entries(contents)) {
      transfer.items.add(new File([Uint8Array.from(bytes)], name));
    }
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, Object.fromEntries(Object.entries(dropped).map(([name, bytes]) => [name, [...bytes]])));
  await until(second, () => /pairs done/.test(document.getElementById("batch-status").textContent));
  assert.match(await second.textContent("#batch-status"), /2 of 2 pairs done\. The red lines/);
  assert.match(await second.textContent("#batch-list"), /09_depth\.png: no partner/);
  const links = second.locator("#batch-list a[download]");
  assert.deepEqual(await links.evaluateAll((nodes) => nodes.map((node) => node.download)).then((names) => names.sort()),
    ["07_depth_sharp.pfm", "08_depth_sharp.npy"]);
  const [download] = await Promise.all([second.waitForEvent("download"), links.first().click()]);
  await download.saveAs(path("batch.pfm"));
  command("upsample", path("odd_rgb.png"), path("odd.pfm"), "-o", path("batch_command.pfm"), "--precision", "fp32");
  assert.ok(difference(files.valuesOf(path("batch.pfm")), files.valuesOf(path("batch_command.pfm"))) <= 1e-3);
  await second.close();
});

const axe = readFileSync(join(web, "node_modules/axe-core/axe.min.js"), "utf8");
async function violations(on) {
  await on.evaluate(axe);
  const { violations: found } = await on.evaluate(() => globalThis.axe.run());
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

for (const [name, viewport, colorScheme] of [
  ["desktop_light", { width: 1280, height: 900 }, "light"],
  ["desktop_dark", { width: 1280, height: 900 }, "dark"],
  ["phone_light", { width: 390, height: 844 }, "light"],
  ["phone_dark", { width: 390, height: 844 }, "dark"],
]) {
  test(`the sample breaks no rule of accessibility (${name}) and fits`, patience, async () => {
    const own = await browser.newContext({ viewport, colorScheme, deviceScaleFactor: 1, hasTouch: viewport.width < 500 });
    own.on("request", (request) => requested.push(request.url()));
    const shown = await open(own);
    const overflowOf = (on) => on.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const options = await open(own);
    await options.click("summary");
    assert.deepEqual(await violations(options), []);
    assert.ok((await overflowOf(options)) <= 0, "wider than the window, with its options");
    await options.close();
    assert.deepEqual(await violations(shown), []);
    await shown.keyboard.press("Tab");
    while ((await shown.evaluate(() => document.activeElement.id)) !== "sample") {
      assert.notEqual(await shown.evaluate(() => document.activeElement.tagName), "BODY");
      await shown.keyboard.press("Tab");
    }
    await shown.keyboard.press("Enter"); // without a mouse
    await shown.waitForSelector("#downloads a[download] + a[download]", patience);
    await until(shown, () => document.querySelectorAll("#viewer option").length >= 6);
    assert.deepEqual(await violations(shown), []);
    const overflow = await overflowOf(shown);
    assert.ok(overflow <= 0, `${overflow} pixels wider than the window`);
    if (shots) {
      mkdirSync(shots, { recursive: true });
      await shown.waitForTimeout(1500);
      await shown.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
    }
    await own.close();
  });
}

test("the page asks no other host for anything, and complains of nothing", () => {
  const others = requested.filter((url) => !url.startsWith(server.url) && !/^(blob|data):/.test(url));
  assert.deepEqual(others, []);
  assert.ok(requested.length > 10);
  assert.deepEqual(complaints, []);
});
