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
  { entry: "src/live/points.ts", target: "src/serve/assets/points.js", format: "esm", holds: "three" },
];
const web = fileURLToPath(new URL(".", import.meta.url));

/** A package's licence, which goes where its code goes. */
async function licenceOf(name) {
  const folder = new URL(`node_modules/${name}/`, import.meta.url);
  const { version } = JSON.parse(await readFile(new URL("package.json", folder), "utf8"));
  const text = await readFile(new URL("LICENSE", folder), "utf8");
  return `\n/*\nIn it is ${name} ${version}:\n\n${text.trim()}\n*/`;
}

async function bundle({ entry, format = "iife", holds }) {
  const folder = entry.slice(0, entry.lastIndexOf("/"));
  const { outputFiles } = await build({
    absWorkingDir: web,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format,
    target: "es2022",
    charset: "utf8",
    minify: true,
    lineLimit: 200,
    legalComments: "none",
    banner: { js: `// Made by \`npm run bundle\` in web/ from web/${folder} and web/src/viewer.${holds ? await licenceOf(holds) : ""}` },
  });
  const { text } = outputFiles[0];
  if (/<\/script/i.test(text)) {
    throw new Error("the script would end the page's <script> before its own end");
  }
  return text;
}

for (const made of BUNDLES) {
  const { target } = made;
  const path = fileURLToPath(new URL(`../${target}`, import.meta.url));
  const text = await bundle(made);
  if (!process.argv.includes("--check")) {
    await writeFile(path, text);
  } else if ((await readFile(path, "utf8")) !== text) {
    console.error(`${target} is not what web/src gives: npm run bundle, in web/`);
    process.exitCode = 1;
  }
}
