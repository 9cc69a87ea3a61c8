/* global Worker, atob */
// The page in Chromium for its tests, and the command that it is held to. Needs web/dist (npm run
// build) and the command: DKN, or one in build/*/bin.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { serveFolder, startChromium, until } from "./browser.mjs";
import * as files from "./test_files.mjs";

export const web = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = process.env.DKN_WEB_DIST ?? join(web, "dist");
const dkn = process.env.DKN ??
  ["dev", "release", "asan"].map((preset) => join(web, `../build/${preset}/bin/dkn`)).find(existsSync) ?? "dkn";
const work = mkdtempSync(join(tmpdir(), "dkn_page_test_"));
export const path = (name) => join(work, name);
export const command = (...args) => execFileSync(dkn, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
export const patience = { timeout: 120_000 }; // on a machine with much else to do

export const requested = [];
export const complaints = []; // of the page, in its console
export let server;
export let browser;
export let page;
let context;

export async function startPage() {
  server = await serveFolder(dist);
  browser = await startChromium();
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  context.on("request", (request) => requested.push(request.url()));
  page = await open();
}

export async function stopPage() {
  await browser?.close();
  await server?.close();
  rmSync(work, { recursive: true, force: true });
}

export async function open(how = context) {
  const opened = await how.newPage();
  opened.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      complaints.push(message.text());
    }
  });
  opened.on("pageerror", (error) => complaints.push(String(error)));
  await opened.goto(`${server.url}index.html`);
  return opened;
}

const isAtRest = () => document.getElementById("work").hidden;

export async function rest(on = page) {
  await until(on, isAtRest);
}

async function told(on) {
  return on.evaluate(() => ({
    status: document.getElementById("status").textContent,
    error: document.getElementById("error").textContent,
    notes: document.getElementById("notes").innerText,
  }));
}

/** Gives the page a file in one of its places; what it says then. */
export async function put(role, file, on = page) {
  await on.setInputFiles(`#${role}-file`, file);
  await until(on, ([place, name]) => document.querySelector(`[data-role=${place}]`).textContent.includes(name),
    [role, file.replace(/.*\//, "")]);
  await rest(on);
  return told(on);
}

/** Brings the page a network; what it says once all is at rest. */
export async function bring(network, on = page) {
  await on.evaluate(() => (document.getElementById("status").textContent = ""));
  await on.setInputFiles("#own-network", network);
  await until(on, () => /Done|not work|Waiting|Now/.test(document.getElementById("status").textContent));
  await rest(on);
  return told(on);
}

/** Gives the page both files; what it says then. */
export async function give(guide, target, on = page) {
  await put("guide", guide, on);
  return put("target", target, on);
}

/** Of any file: what only the command reads, it brings into a form that the tests read. */
export function valuesOf(file, guide) {
  if (!/\.(exr|tiff)$/.test(file)) {
    return files.valuesOf(file);
  }
  const converted = file.replace(/[a-z]+$/, "npy");
  command("upsample", guide, file, "-o", converted, "--model", "bicubic");
  return files.valuesOf(converted);
}

/** What the page's first download saves. */
export async function saved(name) {
  await page.waitForSelector("#downloads a[download]", patience);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#downloads a.first")]);
  await download.saveAs(path(name));
  return path(name);
}

/** The largest difference as a share of the range. */
export function difference(a, b) {
  const low = b.reduce((least, value) => (value < least ? value : least), Infinity);
  const high = b.reduce((most, value) => (value > most ? value : most), -Infinity);
  assert.equal(a.length, b.length);
  let largest = 0;
  for (let i = 0; i < a.length; ++i) {
    largest = Math.max(largest, Math.abs(a[i] - b[i]));
    assert.equal(Number.isNaN(a[i]), Number.isNaN(b[i]));
  }
  return largest / (high - low);
}

/** A file for what `ask` asks. */
export const bytesOf = (name) => `data:${readFileSync(path(name)).toString("base64")}`;

/** The worker of a page of its own, with what asks it: the answers from the fourth on. "@N" is an answer's frame. */
export async function ask(kinds) {
  return page.evaluate(async (asks) => {
    const worker = new Worker("worker.js", { type: "module" });
    const answers = [];
    for (const [id, [kind, how]] of asks.entries()) {
      const resolved = Object.fromEntries(Object.entries(how).map(([key, value]) =>
        [key, typeof value === "string" && value.startsWith("@") ? answers[Number(value.slice(1))].frame :
          typeof value === "string" && value.startsWith("data:")
            ? Uint8Array.from(atob(value.slice(5)), (letter) => letter.charCodeAt(0)) : value]));
      const answered = new Promise((resolve) => (worker.onmessage = ({ data }) => resolve(data)));
      worker.postMessage({ id, kind, ask: resolved });
      const { answer, error } = await answered;
      if (error !== undefined) {
        throw new Error(error);
      }
      answers.push(answer);
    }
    worker.terminate();
    return answers.slice(3);
  }, kinds);
}
