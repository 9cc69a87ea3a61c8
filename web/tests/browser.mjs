// What tests in a browser share: bundles, a server on this machine alone, and Chromium.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "esbuild";
import { chromium } from "playwright-core";

export const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);

/** Compiles a module of the sources, and imports it here. */
export async function importSource(path) {
  const { outputFiles } = await build({
    entryPoints: [path], bundle: true, write: false, format: "esm", platform: "neutral",
  });
  const folder = await mkdtemp(join(tmpdir(), "dkn_web_"));
  const file = join(folder, "module.mjs");
  await writeFile(file, outputFiles[0].text);
  try {
    return await import(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const TYPES = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
  ".wasm": "application/wasm", ".txt": "text/plain",
};

/** {url, close()} of a folder's files. */
export async function serveFolder(folder) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://host").pathname);
    readFile(join(folder, path)).then(
      (bytes) => response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "" }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  return { url, close: () => new Promise((resolve) => server.close(resolve)) };
}

export async function startChromium() {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--enable-unsafe-swiftshader"],
  });
}

/**
 * Waits until isSo(argument) holds in the page. Playwright's waitForFunction evaluates text there, which
 * the page's content security policy forbids.
 */
export async function until(page, isSo, argument = null) {
  const end = Date.now() + 120_000; // on a machine with much else to do
  while (!(await page.evaluate(isSo, argument))) {
    if (Date.now() > end) {
      throw new Error(`did not come true in the page: ${isSo}`);
    }
    await setTimeout(50);
  }
}

/** Bundles the script, and serves a page with it: {url, close()}. */
export async function servePage(script, title) {
  const folder = await mkdtemp(join(tmpdir(), "dkn_web_"));
  await build({
    entryPoints: [script], bundle: true, splitting: true, format: "esm", outdir: folder,
    entryNames: "page", logLevel: "error",
  });
  await writeFile(join(folder, "index.html"), `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root { color-scheme: light dark; } body { margin: 0; padding: 16px;
background: light-dark(#fbfbfa, #14161a); }</style>
</head><body><main><h1 style="font: 20px sans-serif">${title}</h1></main>
<script type="module" src="page.js"></script></body></html>`);
  const server = await serveFolder(folder);
  return {
    url: `${server.url}index.html`,
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  };
}
