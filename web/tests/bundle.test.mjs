// The report's script, which C++ builds embed, is what the sources give.
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the committed bundle is up to date", () => {
  const program = fileURLToPath(new URL("../bundle.mjs", import.meta.url));
  execFileSync(process.execPath, [program, "--check"], { stdio: "pipe" });
});
