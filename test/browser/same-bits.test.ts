import { karateClub } from "@vicinal/datasets";
import { expect, it } from "vitest";
import { bundleForPage } from "./build/bundle-for-page.ts";
import { describeInChromium } from "./chromium/describe-in-chromium.ts";
import { openPage } from "./chromium/open-page.ts";
import { serve } from "./chromium/serve.ts";
import { trainInPage, trainInWorker } from "./program/in-chromium.ts";
import { type Job, type Trained, train } from "./program/train-gat.ts";

const jobs: Readonly<Record<string, Job>> = {
  "the karate club": { graph: karateClub().export(), label: "club", epochs: 40 },
  // 2,000 rows of 64 numbers are more than one thread does alone.
  "a graph of 2,000 nodes": {
    graph: { nodes: 2000, communities: 6 },
    label: "community",
    features: "features",
    epochs: 4,
  },
};

const bitsOf = ({ labels, bits }: Trained) => ({ labels, bits });

describeInChromium("the same seed gives the same bits in Node and in Chromium", (browser) => {
  it.each(Object.entries(jobs))("on %s", async (_title, job) => {
    const texts = {
      "/index.html": '<!doctype html><title>Train</title><script type="module" src="/program.js"></script>',
      "/program.js": await bundleForPage(new URL("program/train-gat.ts", import.meta.url)),
    };
    await using server = await serve({ texts, isolated: true });
    await using opened = await openPage(browser(), `${server.url}/`);
    const expected = bitsOf(await train({ ...job, threads: 1 }));
    expect(bitsOf(await train({ ...job, threads: 2 })), "two threads in Node").toEqual(expected);
    for (const threads of [1, 2]) {
      expect(bitsOf(await trainInPage(opened.page, { ...job, threads })), `a page, ${threads}`).toEqual(expected);
      const inWorker = await trainInWorker(opened.page, "/program.js", { ...job, threads });
      expect(bitsOf(inWorker), `a worker, ${threads}`).toEqual(expected);
    }
    expect(opened.problems).toEqual([]);
  });

  it("with threads that are really at work", async () => {
    const job = jobs["a graph of 2,000 nodes"]!;
    const texts = {
      "/index.html": '<!doctype html><title>Train</title><script type="module" src="/program.js"></script>',
      "/program.js": await bundleForPage(new URL("program/train-gat.ts", import.meta.url)),
    };
    for (const [isolated, workers] of [
      [true, 2],
      [false, 0],
    ] as const) {
      await using server = await serve({ texts, isolated });
      await using opened = await openPage(browser(), `${server.url}/`);
      const { threads } = await trainInPage(opened.page, { ...job, threads: 3 });
      expect(threads).toBe(workers + 1);
      await expect.poll(() => opened.page.workers().length).toBe(workers);
    }
  });
});
