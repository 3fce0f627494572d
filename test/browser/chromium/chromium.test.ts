import { expect, it } from "vitest";
import { describeInChromium } from "./describe-in-chromium.ts";
import { openPage } from "./open-page.ts";
import { serve } from "./serve.ts";

const pageThat = (script: string) => `<!doctype html><title>Test</title><script type="module">${script}</script>`;

describeInChromium("a page in Chromium", (browser) => {
  it.each([true, false])("may share memory exactly when it is isolated: %s", async (isolated) => {
    await using server = await serve({ texts: { "/index.html": pageThat("") }, isolated });
    await using opened = await openPage(browser(), `${server.url}/`);
    const shares = await opened.page.evaluate(() => [crossOriginIsolated, typeof SharedArrayBuffer !== "undefined"]);
    expect(shares).toEqual([isolated, isolated]);
    expect(opened.problems).toEqual([]);
  });

  it("tells what went wrong in it", async () => {
    const script = 'console.error("on the console"); await fetch("/missing"); throw new Error("thrown")';
    await using server = await serve({ texts: { "/index.html": pageThat(script) } });
    await using opened = await openPage(browser(), `${server.url}/`);
    await expect.poll(() => opened.problems.join("\n")).toMatch(/on the console.*missing 404.*thrown/s);
  });

  it("gets no file from outside of the folders that are served", async () => {
    await using server = await serve({ folders: { "/": import.meta.dirname } });
    expect((await fetch(`${server.url}/serve.ts`)).status).toBe(200);
    expect((await fetch(`${server.url}/..%2F..%2Fpackage.json`)).status).toBe(404);
  });
});
