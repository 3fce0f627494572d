import { defineConfig } from "vitest/config";

/** What `npm run docs` has built, looked at: not a part of `npm test`, which would have to build it. */
export default defineConfig({
  test: { include: ["test/docs/site/*.check.ts"], testTimeout: 600_000, hookTimeout: 600_000 },
});
