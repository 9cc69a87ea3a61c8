// Builds the page: one static folder, web/dist, that any server shows.
//
//   node build.mjs [--without-wasm]    with DKN=PATH the command; else build/*/bin/dkn or dkn
//
// The library is compiled by Emscripten (web/wasm); models and the sample come from the repository
// and the command; the rest by esbuild.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeSample } from "./sample.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const dist = process.env.DKN_WEB_DIST ?? join(web, "dist");
const wasm = process.env.DKN_WEB_WASM ?? join(web, "build", "wasm");
const models = ["fdkn_any", "fdkn_denoise", "fdkn_photo", "fdkn_x4", "fdkn_x8", "fdkn_x16"];

/** Runs a program; what it says is shown where it fails alone. */
function run(program, args) {
  try {
    execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    process.stderr.write(`${program} ${args.join(" ")}\n${error.stdout ?? ""}${error.stderr ?? ""}\n`);
    throw new Error(`${program} failed`, { cause: error });
  }
}

function command() {
  const built = ["dev", "release", "asan"].map((preset) => join(root, "build", preset, "bin", "dkn"));
  return process.env.DKN ?? built.find(existsSync) ?? "dkn";
}

async function bundle() {
  const shared = {
    bundle: true, format: "esm", target: "es2022", minify: true, sourcemap: false, logLevel: "warning",
    outdir: dist, conditions: ["onnxruntime-web-use-extern-wasm"],
    define: { DKN_MODELS: JSON.stringify(models) }, legalComments: "none",
    chunkNames: "chunks/[name]-[hash]", metafile: true,
  };
  const entryPoints = ["src/page/page.ts", "src/engine/worker.ts"].map((file) => join(web, file));
  const { metafile } = await build({ ...shared, splitting: true, entryPoints, entryNames: "[name]" });
  return Object.keys(metafile.inputs);
}

function copyFiles() {
  for (const file of ["index.html", "page.css"]) {
    cpSync(join(web, "src/page", file), join(dist, file));
  }
  for (const ending of ["mjs", "wasm"]) {
    cpSync(join(wasm, `dkn_page.${ending}`), join(dist, `dkn_page.${ending}`));
    for (const variant of ["", ".asyncify"]) {
      const name = `ort-wasm-simd-threaded${variant}.${ending}`;
      cpSync(join(web, "node_modules/onnxruntime-web/dist", name), join(dist, "ort", name));
    }
  }
  for (const name of models) {
    cpSync(join(root, "models", `${name}.safetensors`), join(dist, "models", `${name}.safetensors`));
  }
}

// What is in the bundles, with the texts of its licences.
function writeLicences(inputs) {
  const packages = new Set(["onnxruntime-common", "onnxruntime-web"]);
  for (const input of inputs) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) {
      packages.add(found[1]);
    }
  }
  const parts = [`DKN, this page and its models\n\n${readFileSync(join(root, "LICENSE"), "utf8")}`];
  for (const name of [...packages].sort()) {
    const folder = join(web, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? readFileSync(join(folder, file), "utf8") : `Licence: ${license}`;
    parts.push(`${name} ${version} (${license})\n\n${text}`);
  }
  for (const name of ["libhwy-dev", "nlohmann-json3-dev", "emscripten"]) {
    const file = `/usr/share/doc/${name}/copyright`;
    if (existsSync(file)) {
      parts.push(`${name}, in dkn_page.wasm\n\n${readFileSync(file, "utf8")}`);
    }
  }
  writeFileSync(join(dist, "LICENSES.txt"), parts.join(`\n\n${"=".repeat(78)}\n\n`));
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "models"), { recursive: true });
if (!process.argv.includes("--without-wasm")) {
  run(join(web, "wasm/build.sh"), [wasm]);
}
writeLicences(await bundle());
copyFiles();
writeSample(command(), join(dist, "sample"));
