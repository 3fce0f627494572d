import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CodeBlock } from "./code-blocks.ts";

const generated = fileURLToPath(new URL(".generated/page", import.meta.url));

/** Where a block that runs in a page is put: beside the files that other blocks of its document are. */
export function fileOfPageBlock({ document, name, file }: CodeBlock): string {
  return join(generated, basename(document, ".md"), file ?? `${name.replaceAll(/[^a-zA-Z0-9]+/g, "-")}.ts`);
}
