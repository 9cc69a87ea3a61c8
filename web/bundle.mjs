// Usage: node bundle.mjs [--check]
// Writes the report's script, src/report/assets/viewer.js, from web/src. It is committed, so that
// C++ builds without npm; --check fails where the committed one is not what the sources give.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const web = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../src/report/assets/viewer.js", import.meta.url));

const { outputFiles } = await build({
  absWorkingDir: web,
  entryPoints: ["src/report/main.ts"],
  bundle: true,
  write: false,
  format: "iife",
  target: "es2022",
  charset: "utf8",
  minify: true,
  lineLimit: 200,
  banner: { js: "// Made by `npm run bundle` in web/ from web/src/report and web/src/viewer." },
});
const { text } = outputFiles[0];
if (/<\/script/i.test(text)) {
  throw new Error("the script would end the page's <script> before its own end");
}
if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8")) !== text) {
    console.error("src/report/assets/viewer.js is not what web/src gives: npm run bundle, in web/");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
