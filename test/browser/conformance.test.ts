import { corePlugin } from "@vicinal/core";
import { expect, it } from "vitest";
import { bundleForPage } from "./build/bundle-for-page.ts";
import { describeInChromium } from "./chromium/describe-in-chromium.ts";
import { openPage } from "./chromium/open-page.ts";
import { serve } from "./chromium/serve.ts";
import type { SuiteReport } from "./program/conformance.ts";

describeInChromium("the conformance suites of core in a page", (browser) => {
  it.each([true, false])("pass; isolated: %s", async (isolated) => {
    const texts = {
      "/index.html": '<!doctype html><title>Conform</title><script type="module" src="/program.js"></script>',
      "/program.js": await bundleForPage(new URL("program/conformance.ts", import.meta.url)),
    };
    await using server = await serve({ texts, isolated });
    await using opened = await openPage(browser(), `${server.url}/`);
    const reports = await opened.page.evaluate(async (isShared): Promise<SuiteReport[]> => {
      const run: unknown = Reflect.get(globalThis, "runConformance");
      return typeof run === "function" ? run(isShared) : [];
    }, isolated);
    const count = reports.reduce((total, { cases }) => total + cases, 0);
    process.stdout.write(`  ${count} cases of ${reports.length} suites in a page, isolated: ${isolated}\n`);
    expect(reports.flatMap(({ suite, failures }) => failures.map((failure) => `${suite}: ${failure}`))).toEqual([]);
    const { scores, normalizers } = corePlugin;
    expect(reports).toHaveLength((isolated ? 2 : 1) + Object.keys({ ...scores, ...normalizers }).length);
    expect(opened.problems).toEqual([]);
  });
});
