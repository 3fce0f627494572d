import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/**
 * The script of the report: page/page.ts with sigma and graphology in it, as one text for a `<script>` element. esbuild writes
 * `</script` in string literals so that it does not end the element.
 */
export async function bundlePage(): Promise<string> {
  // This module runs as TypeScript in tests and as JavaScript when it was built; the page beside it has the same ending.
  const entry = import.meta.url.endsWith(".ts") ? "page/page.ts" : "page/page.js";
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    legalComments: "inline",
    charset: "utf8",
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}
