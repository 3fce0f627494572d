/**
 * Formulas: `$…$`, `$$…$$` and fences called `math`, of documents and comments, are set by KaTeX while the site is written. Its style sheet and fonts become part of the
 * site, so that pages need no network and no script for them.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { katex } from "@mdit/plugin-katex";
import { JSX, RendererEvent } from "typedoc";

/** The KaTeX by which the plugin sets formulas: style sheet and markup belong together. */
const katexOfPlugin = createRequire(createRequire(import.meta.url).resolve("@mdit/plugin-katex")).resolve("katex");
const katexFolder = dirname(katexOfPlugin);

/** @param {import("typedoc").Application} application */
export function load(application) {
  // Before the renderer makes its parser, which it does at its beginning; what is set earlier, the options of packages set anew.
  application.renderer.on(
    RendererEvent.BEGIN,
    () =>
      application.options.setValue("markdownItLoader", (parser) => {
        parser.use(katex, { mathFence: true, output: "htmlAndMathml", throwOnError: true, strict: "error" });
      }),
    100,
  );
  application.renderer.hooks.on("head.end", ({ relativeURL }) =>
    JSX.createElement("link", { rel: "stylesheet", href: relativeURL("assets/katex/katex.min.css") }),
  );
  application.renderer.on(RendererEvent.END, ({ outputDirectory }) => {
    const target = join(outputDirectory, "assets/katex");
    mkdirSync(join(target, "fonts"), { recursive: true });
    // Every browser that runs WebAssembly SIMD reads woff2: the older forms of each font stay behind.
    const styles = readFileSync(join(katexFolder, "katex.min.css"), "utf8");
    writeFileSync(
      join(target, "katex.min.css"),
      styles.replaceAll(/,url\([^)]*\.(?:woff|ttf)\) format\("[^"]*"\)/g, ""),
    );
    for (const font of readdirSync(join(katexFolder, "fonts")).filter((file) => file.endsWith(".woff2"))) {
      cpSync(join(katexFolder, "fonts", font), join(target, "fonts", font));
    }
  });
}
