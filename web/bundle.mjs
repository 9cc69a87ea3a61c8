// Usage: node bundle.mjs [--check]
// Writes the scripts that C++ programs have in them, of the report and of `dkn view`, from web/src.
// They are committed, so that C++ builds without npm; --check fails where a committed one is not
// what the sources give.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const BUNDLES = [
  { entry: "src/report/main.ts", target: "src/report/assets/viewer.js" },
  { entry: "src/live/main.ts", target: "src/serve/assets/live.js" },
];
const web = fileURLToPath(new URL(".", import.meta.url));

async function bundle(entry) {
  const folder = entry.slice(0, entry.lastIndexOf("/"));
  const { outputFiles } = await build({
    absWorkingDir: web,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    minify: true,
    lineLimit: 200,
    banner: { js: `// Made by \`npm run bundle\` in web/ from web/${folder} and web/src/viewer.` },
  });
  const { text } = outputFiles[0];
  if (/<\/script/i.test(text)) {
    throw new Error("the script would end the page's <script> before its own end");
  }
  return text;
}

for (const { entry, target } of BUNDLES) {
  const path = fileURLToPath(new URL(`../${target}`, import.meta.url));
  const text = await bundle(entry);
  if (!process.argv.includes("--check")) {
    await writeFile(path, text);
  } else if ((await readFile(path, "utf8")) !== text) {
    console.error(`${target} is not what web/src gives: npm run bundle, in web/`);
    process.exitCode = 1;
  }
}
