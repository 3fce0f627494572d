import { build } from "esbuild";
import { expect, it } from "vitest";
import { describeInChromium } from "../browser/chromium/describe-in-chromium.ts";
import { openPage } from "../browser/chromium/open-page.ts";
import { serve } from "../browser/chromium/serve.ts";
import { type CodeBlock, codeBlocks, documents } from "./code-blocks.ts";

const blocks = documents.flatMap(codeBlocks).filter(({ isForPage }) => isForPage);

/** A block with all that it imports, for a page. Every block of a document is bundled by itself, as workers are. */
async function bundled({ code, name }: CodeBlock): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, loader: "ts", resolveDir: import.meta.dirname, sourcefile: name },
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@vicinal/source"],
    write: false,
    logLevel: "silent",
  });
  return outputFiles[0]!.text;
}

describeInChromium("the examples for pages", (browser) => {
  it.each(blocks.filter(({ file }) => file === undefined))("print what they say: $name", async (block) => {
    const files = blocks.filter(({ document, file }) => document === block.document && file !== undefined);
    const texts: Record<string, string> = {
      "/index.html": '<!doctype html><title>Example</title><script type="module" src="/page.js"></script>',
      "/page.js": `${await bundled(block)}\nconsole.log("the end");`,
    };
    // As a bundler does, which finds workers by their URL and puts scripts there.
    for (const file of files) texts[`/${file.file}`.replace(/\.ts$/, ".js")] = await bundled(file);
    texts["/page.js"] = texts["/page.js"]!.replaceAll(
      /new URL\("(\.\/[^"]+)\.ts", import\.meta\.url\)/g,
      'new URL("$1.js", import.meta.url)',
    );
    await using server = await serve({ texts, isolated: true });
    await using opened = await openPage(browser(), "about:blank");
    const printed: string[] = [];
    opened.page.on("console", (message) => printed.push(message.text()));
    await opened.page.goto(`${server.url}/`);
    await expect.poll(() => [printed.at(-1), ...opened.problems], { timeout: 60_000 }).toEqual(["the end"]);
    expect(printed.slice(0, -1).join("\n")).toBe(block.prints);
  });
});
