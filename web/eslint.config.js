import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", "build/"] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }] },
  },
  { files: ["**/*.js", "**/*.mjs"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.mjs"],
    // Node's, and what tests run in a browser's page.
    languageOptions: {
      globals: Object.fromEntries([
        "Buffer", "OffscreenCanvas", "URL", "console", "document", "getComputedStyle", "performance",
        "process", "requestAnimationFrame", "setTimeout", "window",
      ].map((name) => [name, "readonly"])),
    },
  },
);
