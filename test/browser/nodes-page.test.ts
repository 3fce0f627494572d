import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build, createLogger } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium } from "./chromium/describe-in-chromium.ts";
import { openPage, type WatchedPage } from "./chromium/open-page.ts";
import { serve } from "./chromium/serve.ts";

const root = join(import.meta.dirname, "../..");
const web = join(root, "examples/web");
const phone = { width: 360, height: 780 };
/** Building and training share the machine with other tests. */
const patience = 300_000;

const status = (page: Page) => page.locator(".nodes .status");
const button = (page: Page, name: string | RegExp) => page.locator(".nodes").getByRole("button", { name, exact: true });
const alert = (page: Page) => page.locator(".nodes").getByRole("alert");
const neighbors = (page: Page) => page.getByTestId("neighbors");
const heading = (page: Page) => page.locator("#node-title");

/** What the software driver of a machine without a graphics card says of itself is no problem of the page. */
function problemsOf({ problems }: WatchedPage): readonly string[] {
  return problems.filter((problem) => !problem.includes("GPU stall due to ReadPixels"));
}

async function train(page: Page): Promise<void> {
  await button(page, "Train").click();
  await expect.poll(() => status(page).textContent(), { timeout: 60_000 }).toMatch(/^Trained after/);
}

async function waitForGraph(page: Page, title: string): Promise<void> {
  await expect.poll(() => status(page).textContent(), { timeout: 60_000 }).toContain(`${title} is open`);
}

/** Drops files onto the place for graphs, as a file manager does. */
async function drop(
  page: Page,
  files: readonly { readonly name: string; readonly text: string; readonly bytes?: number }[],
) {
  const data = await page.evaluateHandle((dropped) => {
    const transfer = new DataTransfer();
    for (const { name, text, bytes } of dropped) {
      transfer.items.add(new File([bytes === undefined ? text : new Uint8Array(bytes)], name));
    }
    return transfer;
  }, files);
  const place = page.getByTestId("file-drop").first();
  await place.dispatchEvent("dragover", { dataTransfer: data });
  await place.dispatchEvent("drop", { dataTransfer: data });
}

/** A place on the drawing where a node is: a spot of one of the colours of classes. */
async function placeOfNode(page: Page): Promise<{ readonly x: number; readonly y: number }> {
  const canvas = page.locator(".graph-canvas");
  await canvas.scrollIntoViewIfNeeded();
  const picture = (await canvas.screenshot()).toString("base64");
  const place = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    if (context === null) return undefined;
    context.drawImage(image, 0, 0);
    const { data: pixels, width, height } = context.getImageData(0, 0, image.width, image.height);
    const isBlue = (x: number, y: number) => {
      const [r = 0, g = 0, b = 0] = pixels.subarray(4 * (y * width + x));
      return Math.abs(r - 0x3d) < 24 && Math.abs(g - 0x8b) < 24 && Math.abs(b - 0xe0) < 24;
    };
    for (let y = 4; y < height - 4; y++) {
      for (let x = 4; x < width - 4; x++) {
        if (isBlue(x, y) && isBlue(x + 3, y) && isBlue(x - 3, y) && isBlue(x, y + 3) && isBlue(x, y - 3))
          return { x, y };
      }
    }
    return undefined;
  }, picture);
  if (place === undefined) throw new Error("No node was found on the drawing.");
  return place;
}

/** Serious findings of axe-core, in words. */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const { violations }: { violations: { id: string; impact?: string | null; nodes: { html: string }[] }[] } =
    await page.evaluate("axe.run(document)");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

describeInChromium("the page that labels nodes", (browser) => {
  let folder = "";
  let server: Awaited<ReturnType<typeof serve>>;
  const warnings: string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vicinal-page-"));
    const customLogger = createLogger("warn");
    customLogger.warn = (message) => warnings.push(message);
    await build({ root: web, customLogger, build: { outDir: folder, emptyOutDir: true } });
    server = await serve({ folders: { "/in/a/folder/": folder }, isolated: true });
  }, patience);
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });
  const open = async (options = {}) => {
    const opened = await openPage(browser(), `${server.url}/in/a/folder/`, {
      viewport: { width: 1400, height: 1000 },
      reducedMotion: "reduce",
      ...options,
    });
    await waitForGraph(opened.page, "Zachary's karate club");
    return opened;
  };

  it("is built without a warning", () => {
    expect(warnings).toEqual([]);
  });

  it(
    "opens with the karate club, trains it in two seconds, and shows a node and what an edge changes",
    async () => {
      await using opened = await open();
      const { page } = opened;
      const begin = performance.now();
      await train(page);
      expect(performance.now() - begin).toBeLessThan(2000);
      expect(
        Number(/([\d.]+) % of the hidden labels/.exec((await status(page).textContent()) ?? "")?.[1]),
      ).toBeGreaterThan(85);

      // The layout has ended when the picture stands still.
      await page.waitForTimeout(3000);
      await page.locator(".graph-canvas").click({ position: await placeOfNode(page) });
      await neighbors(page).waitFor();
      expect(await heading(page).textContent()).not.toBe("One node");
      const rows = neighbors(page).locator("tbody tr");
      const before = await rows.count();
      expect(before).toBeGreaterThan(1);
      expect(await neighbors(page).locator("thead .head").count()).toBe(4);

      await rows
        .getByRole("button", { name: /^Remove/ })
        .first()
        .click();
      await page.getByTestId("effect").waitFor();
      expect(await page.getByTestId("effect").textContent()).toMatch(
        /^Without the removed edge: the label (stays|changes)/,
      );
      await expect.poll(() => rows.count()).toBe(before - 1);
      await page.getByRole("button", { name: /^Put back/ }).click();
      await expect.poll(() => rows.count()).toBe(before);
      expect(await page.getByTestId("effect").count()).toBe(0);

      await mkdir(join(root, "output"), { recursive: true });
      await page.screenshot({ path: join(root, "output/nodes-page.png"), fullPage: true });
      expect(problemsOf(opened)).toEqual([]);
    },
    patience,
  );

  it(
    "is used by the keyboard alone",
    async () => {
      await using opened = await open();
      const { page } = opened;
      await button(page, "Train").focus();
      await page.keyboard.press("Enter");
      await expect.poll(() => status(page).textContent(), { timeout: 60_000 }).toMatch(/^Trained after/);
      await page.getByRole("searchbox").focus();
      await page.keyboard.type("officer");
      await page.keyboard.press("Enter");
      await expect.poll(() => heading(page).textContent()).toBe("Officer");
      await neighbors(page).waitFor();
      await neighbors(page)
        .getByRole("button", { name: /^Remove/ })
        .first()
        .focus();
      await page.keyboard.press("Space");
      await page.getByTestId("effect").waitFor();
      await page.getByRole("tab", { name: "Label nodes" }).focus();
      expect(await page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("tab");
      expect(problemsOf(opened)).toEqual([]);
    },
    patience,
  );

  it(
    "pauses, resumes and stops",
    async () => {
      await using opened = await open();
      const { page } = opened;
      await page.getByLabel("Epochs", { exact: true }).fill("2000");
      await button(page, "Train").click();
      await button(page, "Pause").click();
      await button(page, "Resume").waitFor();
      const paused = await status(page).textContent();
      expect(paused).toMatch(/^Paused after epoch \d+ of 2000/);
      await page.waitForTimeout(500);
      expect(await status(page).textContent()).toBe(paused);
      await button(page, "Resume").click();
      await button(page, "Pause").waitFor();
      await button(page, "Stop").click();
      await expect.poll(() => status(page).textContent(), { timeout: 20_000 }).toMatch(/^Stopped after \d+ epochs/);
      expect(problemsOf(opened)).toEqual([]);
    },
    patience,
  );

  it(
    "reads a graph that is dropped, and refuses hostile and huge files without harm",
    async () => {
      await using opened = await open();
      const { page } = opened;
      const edges = Array.from({ length: 20 }, (_, i) => `p${i},p${(i + 1) % 20}`);
      const people = Array.from(
        { length: 20 },
        (_, i) => `p${i},<img src=x onerror="window.harmed=1">${i},${i < 10 ? "<b>red</b>" : "blue"}`,
      );
      await drop(page, [
        { name: "people.csv", text: `node,name,team\n${people.map((line) => line.replaceAll('"', "")).join("\n")}` },
        { name: "friends.csv", text: `source,target\n${edges.join("\n")}` },
      ]);
      await waitForGraph(page, "friends.csv");
      await train(page);
      await page.locator(".node-list select").selectOption({ index: 0 });
      await neighbors(page).waitFor();
      expect(await heading(page).textContent()).toContain("<img src=x");
      expect(await page.locator("#page img, #page b").count()).toBe(0);
      expect(await page.evaluate(() => Reflect.get(window, "harmed"))).toBeUndefined();

      const entities = Array.from({ length: 9 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join("");
      for (const [name, text] of [
        ["page.gexf", "<html><script>window.harmed=1</script></html>"],
        ["cut.graphml", '<?xml version="1.0"?><graphml><graph><node id="a"'],
        [
          "laughs.gexf",
          `<!DOCTYPE g [<!ENTITY e0 "ha">${entities}]><gexf><graph><nodes><node id="&e9;"/></nodes></graph></gexf>`,
        ],
        ["list.json", "[1, 2]"],
        ["__proto__.json", '{"nodes": [{"key": "__proto__"}, {"key": "__proto__"}], "edges": []}'],
        ["ragged.csv", "source,target\na\n"],
        ["photo.png", "PNG"],
      ] as const) {
        await drop(page, [{ name, text }]);
        await expect
          .poll(() => alert(page).allTextContents(), { timeout: 30_000 })
          .toEqual([expect.stringContaining(name)]);
        expect(await status(page).textContent()).toMatch(/^Trained after/);
      }
      await drop(page, [{ name: "huge.csv", text: "", bytes: 33_000_000 }]);
      await expect.poll(() => alert(page).textContent()).toMatch(/huge\.csv has 33 MB.*up to 32 MB/);
      expect(await page.evaluate(() => Reflect.get(window, "harmed"))).toBeUndefined();
      await train(page);
      expect(await alert(page).count()).toBe(0);
      expect(problemsOf(opened)).toEqual([]);
    },
    patience,
  );

  it(
    "hands out predictions and the model, and takes the model back",
    async () => {
      await using opened = await open();
      const { page } = opened;
      await train(page);
      const right = await page.locator(".legend").textContent();
      const paths = new Map<string, string>();
      for (const name of ["Predictions as CSV", "Graph as GEXF", "Model as safetensors"]) {
        const [downloaded] = await Promise.all([page.waitForEvent("download"), button(page, name).click()]);
        const path = join(folder, downloaded.suggestedFilename());
        await downloaded.saveAs(path);
        paths.set(name, path);
      }
      expect((await readFile(paths.get("Predictions as CSV")!, "utf8")).trim().split("\n")).toHaveLength(35);
      expect(await readFile(paths.get("Graph as GEXF")!, "utf8")).toMatch(/<gexf[\s\S]*predictedLabel/);
      await page.reload();
      await waitForGraph(page, "Zachary's karate club");
      await page.getByLabel("Open a model file").locator("input").setInputFiles(paths.get("Model as safetensors")!);
      await expect
        .poll(() => status(page).textContent(), { timeout: 20_000 })
        .toMatch(/safetensors answers for this graph/);
      expect(await page.locator(".legend").textContent()).toBe(right);
      expect(problemsOf(opened)).toEqual([]);
    },
    patience,
  );

  it.each([
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["a phone", { viewport: phone, colorScheme: "light", hasTouch: true }],
  ] as const)(
    "has no serious findings of axe-core, and nothing beyond the edge of the screen: %s",
    async (_what, options) => {
      await using opened = await open(options);
      const { page } = opened;
      await train(page);
      await page.locator(".node-list select").selectOption({ index: 0 });
      await neighbors(page).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
      expect(problemsOf(opened)).toEqual([]);
    },
    patience,
  );

  // Not in `npm test`, where other tests take the frames at the same time: `.ci/run` asks for it in a step of its own.
  it.skipIf(process.env["VICINAL_MEASURE_FRAMES"] === undefined)(
    "keeps 30 frames a second, and no long task, while 2,000 nodes are learned",
    async () => {
      const measured: ReturnType<typeof readFrames>[] = [];
      const keepsUp = (run: (typeof measured)[number]) => run.framesPerSecond >= 30 && run.longestTask <= 200;
      // Whatever else runs on the machine takes frames away and never adds any: the best of three runs is the page's own.
      for (let run = 0; run < 3; run++) {
        await using opened = await open({ reducedMotion: "no-preference" });
        const { page } = opened;
        await button(page, "Generate 2,000 nodes").click();
        await waitForGraph(page, "Six communities, 2,000 nodes");
        await page.waitForTimeout(1000);
        await page.evaluate(watchFrames);
        await train(page);
        const seen = await page.evaluate(readFrames);
        expect(problemsOf(opened)).toEqual([]);
        measured.push(seen);
        if (keepsUp(seen)) break;
      }
      process.stderr.write(`The page while it trains 2,000 nodes: ${JSON.stringify(measured)}\n`);
      expect(measured.some(keepsUp), "a run with 30 frames a second and no task over 200 ms").toBe(true);
    },
    patience,
  );

  it(
    "trains on one thread where the page is not isolated",
    async () => {
      await using plain = await serve({ folders: { "/": folder } });
      await using opened = await openPage(browser(), `${plain.url}/`);
      await waitForGraph(opened.page, "Zachary's karate club");
      await train(opened.page);
      expect(await status(opened.page).textContent()).toContain("on one thread");
      expect(problemsOf(opened)).toEqual([]);
    },
    patience,
  );
});

/** Runs in the page: counts frames and long tasks from now on. */
function watchFrames(): void {
  const watched = { begin: performance.now(), frames: 0, longest: 0 };
  Reflect.set(window, "watched", watched);
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries()) {
      if (startTime >= watched.begin) watched.longest = Math.max(watched.longest, duration);
    }
  }).observe({ type: "longtask" });
  const step = () => {
    watched.frames += 1;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

/** Runs in the page: what was counted. */
function readFrames(): { framesPerSecond: number; longestTask: number } {
  const { begin, frames, longest } = Reflect.get(window, "watched");
  return { framesPerSecond: (1000 * frames) / (performance.now() - begin), longestTask: longest };
}
