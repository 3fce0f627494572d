import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Download, Locator, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeInChromium } from "./chromium/describe-in-chromium.ts";
import { openPage } from "./chromium/open-page.ts";
import { type FileServer, serve } from "./chromium/serve.ts";

const web = fileURLToPath(new URL("../../examples/web/", import.meta.url));
/** Patience of one step: nothing is measured by it, and a machine that does other work is slow. */
const patience = 200_000;

const hostile = '<img src=x onerror="window.hacked=true">';
const molecules = `CC(=O)Oc1ccccc1C(=O)O aspirin\nC1CC open ring\n${hostile} markup\nCCO <b>ethanol</b>\nc1cccc1 no rings of five\n[Na+].[Cl-] salt\n`;

describeInChromium("the tab of molecules", (browser) => {
  let folder = "";
  let server: FileServer | undefined;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "vicinal-page-"));
    const outDir = join(folder, "page");
    await build({ root: web, configFile: join(web, "vite.config.ts"), logLevel: "error", build: { outDir } });
    server = await serve({ folders: { "/": outDir }, isolated: true });
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (path = "/#molecules") => {
    const opened = await openPage(browser(), `${server?.url}${path}`, { acceptDownloads: true });
    opened.page.setDefaultTimeout(patience);
    return opened;
  };

  it("draws, trains, predicts, downloads, and predicts the same from the file", { timeout: 3 * patience }, async () => {
    await using opened = await open();
    const { page, problems } = opened;
    await expectDrawn(page, 8);

    // What cannot be read is said line by line; the others are drawn, whatever their names are.
    await page.getByLabel("SMILES, one a line").fill(molecules);
    const unread = page.getByRole("region", { name: "Lines that hold no molecule" });
    await unread.getByText("Line 2").waitFor();
    expect(await unread.getByRole("listitem").allTextContents()).toEqual([
      expect.stringMatching(/^Line 2 C1CC: Dangling ring closure/),
      expect.stringMatching(/^Line 3 <img: /),
      expect.stringMatching(/^Line 5 c1cccc1: .*alternating/),
    ]);
    await expectDrawn(page, 3);
    expect(await page.getByRole("heading", { level: 3 }).allTextContents()).toEqual([
      "aspirin",
      "<b>ethanol</b>",
      "salt",
    ]);

    // By keyboard alone.
    await page.getByText(/^AttentiveFP, 32 wide/).focus();
    await page.keyboard.press("Enter");
    await choose(page, { networks: 2, epochs: 2 });
    await page.getByRole("button", { name: "Train", exact: true }).focus();
    await page.keyboard.press("Enter");
    await status(page, /Training has ended/);
    const values = await predictions(page);
    expect(values).toEqual([number, number, number]);
    expect(await page.locator(".card dd").nth(1).textContent()).toMatch(/^1\.13\s*log units$/);
    expect(await page.getByText(/On the 78 molecules that were held out/).count()).toBe(1);
    const drawing = page.getByRole("img", {
      name: /^aspirin, C9H8O4\. Most attention went to the atoms \w+ \d+ \(\d+ %\)/,
    });
    expect(await drawing.locator("circle.disc").count()).toBe(13);

    const csv = await content(await downloaded(page, "Download predictions.csv"));
    expect(
      csv
        .toString("utf8")
        .split("\n")
        .map((line) => line.split(",").slice(0, 3)),
    ).toEqual([
      ["line", "name", "smiles"],
      ["1", "aspirin", "CC(=O)Oc1ccccc1C(=O)O"],
      ["4", "<b>ethanol</b>", "CCO"],
      ["6", "salt", "[Na+].[Cl-]"],
      [""],
    ]);
    const file = join(folder, "model.safetensors");
    const model = await downloaded(page, "Download the model");
    expect(model.suggestedFilename()).toBe("computed-logp.safetensors");
    await model.saveAs(file);

    await page.reload();
    await expectDrawn(page, 8);
    await page.getByLabel("SMILES, one a line").fill(molecules);
    await expectDrawn(page, 3);
    await fileInput(page, "Load a model").setInputFiles(file);
    await status(page, /Predicted by the model of model\.safetensors/);
    expect(await predictions(page)).toEqual(values);

    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it("pauses, resumes and stops, and goes on with what was learned", { timeout: 3 * patience }, async () => {
    await using opened = await open();
    const { page, problems } = opened;
    await page.getByText(/^AttentiveFP, 32 wide/).click();
    await choose(page, { networks: 1, epochs: 500 });
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.locator(".epochs").waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await status(page, /^Paused after \d+ epoch/);
    const before = await page.locator(".epochs").textContent();
    await page.waitForTimeout(300);
    expect(await page.locator(".epochs").textContent()).toBe(before);
    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(() => page.locator(".epochs").textContent(), { timeout: patience }).not.toBe(before);
    await page.getByRole("button", { name: "Stop" }).click();
    await status(page, /Training has ended/);
    expect(await page.getByText(/trained for \d+ epochs?, stopped early/).count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it("learns a table of one's own, and refuses files that are none", { timeout: 3 * patience }, async () => {
    await using opened = await open();
    const { page, problems } = opened;
    await expectDrawn(page, 8);
    const carbons = Array.from({ length: 40 }, (_, k) => "C".repeat(k + 1));
    const table = join(folder, "table.csv");
    await writeFile(
      table,
      `id,SMILES,mass (g/mol)\n${carbons.map((smiles, k) => `${k},${smiles},${14 * k + 16}`).join("\n")}\n9,C1C,1\n`,
    );
    const noise = join(folder, "noise.safetensors");
    await writeFile(noise, "<script>alert(1)</script>".repeat(50));
    const broken = join(folder, "broken.csv");
    await writeFile(broken, 'smiles,y\n"CC,1\n');

    await fileInput(page, "Open a CSV").setInputFiles(broken);
    await page
      .getByRole("alert")
      .getByText(/no table of comma-separated values/)
      .waitFor();
    await fileInput(page, "Load a model").setInputFiles(noise);
    await page
      .getByRole("alert")
      .getByText(/noise\.safetensors is no model/)
      .waitFor();
    await fileInput(page, "Load a model").setInputFiles(broken);
    await page
      .getByRole("alert")
      .getByText(/expected a file that ends in \.safetensors/)
      .waitFor();

    await fileInput(page, "Open a CSV").setInputFiles(table);
    await page.getByText("table.csv, 41 rows").waitFor();
    expect(await page.getByLabel("Target column").inputValue()).toBe("mass (g/mol)");
    expect(await page.getByLabel("Unit").inputValue()).toBe("g/mol");
    await page.getByText(/^AttentiveFP, 32 wide/).click();
    await choose(page, { networks: 1, epochs: 2 });
    await page.getByLabel("SMILES, one a line").fill("CCCC butane\nCCO ethanol\n");
    await expectDrawn(page, 2);
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await status(page, /Training has ended/);
    expect(await page.locator(".card").nth(0).textContent()).toMatch(/measured\s*58\.00\s*g\/mol/);
    expect(await page.locator(".card").nth(1).textContent()).not.toContain("measured");
    await page.getByText("1 row of the table could not be read").click();
    expect(await page.getByText(/^Row 41 C1C: /).count()).toBe(1);
    expect(problems).toEqual([]);
  });

  it.each([
    ["light", 1280],
    ["dark", 1280],
    ["light", 390],
    ["dark", 390],
  ] as const)(
    "has no serious finding of axe-core, %s and %i pixels wide",
    { timeout: 3 * patience },
    async (colorScheme, width) => {
      await using opened = await open("/#molecules");
      const { page, problems } = opened;
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 844 });
      await page.getByLabel("SMILES, one a line").fill("CCO ethanol\nC1 ring\n");
      await page.getByRole("region", { name: "Lines that hold no molecule" }).waitFor();
      await page.getByText(/^AttentiveFP, 32 wide/).click();
      await choose(page, { networks: 2, epochs: 1 });
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await status(page, /Training has ended/);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
      expect(await seriousFindings(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
  );
});

const number = expect.stringMatching(/^−?\d+\.\d\d ± \d+\.\d\d\s*log units$/);

async function expectDrawn(page: Page, count: number): Promise<void> {
  const strokes = page.locator(".card .strokes");
  await expect.poll(() => strokes.count(), { timeout: patience }).toBe(count);
}

async function choose(page: Page, wanted: { readonly networks: number; readonly epochs: number }): Promise<void> {
  await page.getByLabel("Hidden size").selectOption("16");
  for (const [label, count] of [
    ["Networks", wanted.networks],
    ["Epochs", wanted.epochs],
  ] as const) {
    await page.getByLabel(label, { exact: true }).fill(String(count));
    await page.keyboard.press("Tab");
  }
}

function fileInput(page: Page, label: string): Locator {
  return page.locator(`input[type=file][aria-label="${label}"]`);
}

async function status(page: Page, sentence: RegExp): Promise<void> {
  await page.locator(".molecules").getByRole("status").filter({ hasText: sentence }).waitFor();
}

async function predictions(page: Page): Promise<readonly string[]> {
  await page.locator("dd.predicted").first().waitFor();
  return page.locator("dd.predicted").allTextContents();
}

async function downloaded(page: Page, button: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return download;
}

async function content(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

/** What axe-core finds that keeps people from using the page, as sentences. */
async function seriousFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate((): Promise<axe.AxeResults> => Reflect.get(window, "axe").run(document));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`));
}
