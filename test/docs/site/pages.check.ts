import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { describeInChromium } from "../../browser/chromium/describe-in-chromium.ts";
import { openPage } from "../../browser/chromium/open-page.ts";
import { serve } from "../../browser/chromium/serve.ts";

const site = fileURLToPath(new URL("../../../docs/dist", import.meta.url));
/** Where pictures of the pages go; none are taken without it. */
const pictures = process.env["VICINAL_SITE_PICTURES"];

describeInChromium("the site", (browser) => {
  it.each([
    ["index.html", "Vicinal"],
    ["documents/The_one_idea.html", "The one idea"],
    ["documents/Gallery.html", "Gallery"],
    ["classes/_vicinal_graph.index.GATv2Conv.html", "GATv2Conv"],
  ])("shows %s without a complaint", async (path, title) => {
    await using server = await serve({ folders: { "/": site } });
    await using opened = await openPage(browser(), `${server.url}/${path}`);
    expect(await opened.page.locator("h1").first().textContent()).toContain(title);
    const shown = await opened.page
      .locator("main img, .col-content img")
      .evaluateAll((images) =>
        images.map((image) => image instanceof HTMLImageElement && image.complete && image.naturalWidth > 0),
      );
    expect(shown.every(Boolean)).toBe(true);
    await opened.page.evaluate(() => document.fonts.ready);
    if (pictures !== undefined) await opened.page.screenshot({ path: `${pictures}/${title}.png` });
    expect(opened.problems).toEqual([]);
  });

  it("sets formulas, with fonts of its own", async () => {
    await using server = await serve({ folders: { "/": site } });
    await using opened = await openPage(browser(), `${server.url}/classes/_vicinal_graph.index.GATv2Conv.html`);
    const formula = opened.page.locator(".katex-display .katex-html").first();
    expect(await formula.evaluate((element) => getComputedStyle(element).fontFamily)).toContain("KaTeX");
    expect(readFileSync(`${site}/assets/katex/katex.min.css`, "utf8")).not.toMatch(/url\((?!fonts\/)/);
    expect(await opened.page.locator(".katex-error").count()).toBe(0);
    expect(opened.problems).toEqual([]);
  });

  it.each([
    ["GATv2Conv", "GATv2Conv"],
    ["PyTorch", "Coming from PyTorch Geometric"],
  ])("finds %s", async (words, title) => {
    await using server = await serve({ folders: { "/": site } });
    await using opened = await openPage(browser(), `${server.url}/index.html`);
    const { page } = opened;
    await page.locator("#tsd-search-trigger").click();
    await page.locator("#tsd-search-input").pressSequentially(words);
    const result = page.locator("#tsd-search-results li a").filter({ hasText: title }).first();
    await result.waitFor();
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/search ${words}.png` });
    await result.click();
    await page.waitForLoadState();
    expect(await page.locator("h1").first().textContent()).toContain(title);
    expect(opened.problems).toEqual([]);
  });
});
