import { type Browser, chromium as playwright } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";
import { findChromium } from "./find-chromium.ts";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * Tests that need a real browser. Where none is found they are skipped, and a sentence on the terminal says so; with
 * `VICINAL_REQUIRE_CHROMIUM=1` they fail instead.
 *
 * @param tests - Declares the tests. `browser()` is the browser that they share; it can be asked for while tests run.
 */
export function describeInChromium(title: string, tests: (browser: () => Browser) => void): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    withoutChromium(title);
    return;
  }
  describe(title, () => {
    let running: Browser | undefined;
    beforeAll(async () => {
      running = await playwright.launch({ executablePath, args: flags });
    });
    afterAll(() => running?.close());
    tests(() => {
      if (running === undefined) throw new Error("The browser runs only while tests do.");
      return running;
    });
  });
}

function withoutChromium(title: string): void {
  const sentence = "No Chromium was found (VICINAL_CHROMIUM names one; Debian: apt-get install chromium)";
  if (process.env["VICINAL_REQUIRE_CHROMIUM"] === "1") {
    describe(title, () => {
      it("runs in Chromium", () => {
        throw new Error(`${sentence}, and VICINAL_REQUIRE_CHROMIUM=1 requires one.`);
      });
    });
    return;
  }
  process.stderr.write(`${sentence}: "${title}" is skipped.\n`);
  // Not every machine that builds this has a browser; `.ci/run` requires one.
  describe.skip(title, () => {
    it("needs Chromium", () => {});
  });
}
