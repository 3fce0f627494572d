import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { karateClub } from "@vicinal/datasets";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { bundlers } from "./build/bundlers.ts";
import { buildFolder, plainProgram } from "./build/program.ts";
import { unbundledPackages } from "./build/unbundled.ts";
import { describeInChromium } from "./chromium/describe-in-chromium.ts";
import { openPage } from "./chromium/open-page.ts";
import { serve } from "./chromium/serve.ts";
import { trainInPage, trainInWorker } from "./program/in-chromium.ts";
import { trainInNode } from "./program/in-node.ts";
import type { Job, Trained } from "./program/train-gat.ts";

const karate: Job = { graph: karateClub().export(), label: "club", epochs: 20 };

const pageWith = (head: string) => `<!doctype html><meta charset="utf-8"><title>Train</title>${head}`;
const script = '<script type="module" src="/program.js"></script>';

/** What two runs must agree in. */
const answerOf = ({ labels, bits }: Trained) => ({ labels, bits });

/** What a built program would still import or require by name, modules of Node for one. Texts are not looked into: the program of a thread of Node is one. */
async function importsLeft(program: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [program],
    bundle: true,
    packages: "external",
    format: "esm",
    write: false,
    metafile: true,
    logLevel: "silent",
  });
  return Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
}

describeInChromium("core and graph in a page and in a worker", (browser) => {
  it.each(Object.entries(bundlers))("built with %s train as in Node", async (_name, bundle) => {
    await using folder = await buildFolder("bundle");
    const entry = await plainProgram(folder.path);
    expect(await bundle(entry, join(folder.path, "built"))).toEqual([]);
    expect(await importsLeft(join(folder.path, "built/program.js"))).toEqual([]);
    const inNode = await trainInNode(entry, karate);
    for (const isolated of [true, false]) {
      await using server = await serve({
        folders: { "/": join(folder.path, "built") },
        texts: { "/index.html": pageWith(script) },
        isolated,
      });
      await using opened = await openPage(browser(), `${server.url}/`);
      const inPage = await trainInPage(opened.page, karate);
      expect(answerOf(inPage)).toEqual(answerOf(inNode));
      expect(inPage.refusal).toBe("OptionError");
      expect(answerOf(await trainInWorker(opened.page, "/program.js", karate))).toEqual(answerOf(inNode));
      const cores = await opened.page.evaluate(() => navigator.hardwareConcurrency);
      expect(inPage.threads).toBe(isolated ? Math.min(16, cores) : 1);
      expect(opened.problems).toEqual([]);
    }
  });

  it.each([true, false])("not built at all train as in Node; isolated: %s", async (isolated) => {
    await using folder = await buildFolder("unbundled");
    const { folders, importMap } = await unbundledPackages(folder.path);
    const entry = await plainProgram(folder.path);
    const head = `<script type="importmap">${importMap}</script>${script}`;
    const texts = { "/index.html": pageWith(head), "/program.js": await readFile(entry, "utf8") };
    await using server = await serve({ folders, texts, isolated });
    await using opened = await openPage(browser(), `${server.url}/`);
    expect(answerOf(await trainInPage(opened.page, karate))).toEqual(answerOf(await trainInNode(entry, karate)));
    expect(opened.problems).toEqual([]);
  });
});
