import { fileURLToPath } from "node:url";
import { LinkChecker, LinkState } from "linkinator";
import { expect, it } from "vitest";
import { serve } from "../../browser/chromium/serve.ts";

const site = fileURLToPath(new URL("../../../docs/dist", import.meta.url));

it("every link of the site leads to a page of it, and to a place on that page", async () => {
  await using server = await serve({ folders: { "/": site } });
  const checker = new LinkChecker();
  const { links } = await checker.check({
    path: `${server.url}/`,
    recurse: true,
    concurrency: 16,
    checkFragments: true,
    // Nothing outside of the site is asked for.
    linksToSkip: async (link) => !link.startsWith(server.url),
  });
  const inside = links.filter(({ state }) => state !== LinkState.SKIPPED);
  expect(inside.length).toBeGreaterThan(1000);
  const broken = inside.filter(({ state }) => state === LinkState.BROKEN);
  expect(broken.map(({ url, parent }) => `${parent} leads to ${url}`)).toEqual([]);
});
