import { defineConfig } from "vitest/config";

export default defineConfig({
  // Tests run against the sources, so that a failing line is a line of the source.
  ssr: {
    resolve: { conditions: ["@vicinal/source", "module", "node", "development|production", "import", "default"] },
  },
  test: {
    // All cores: by itself vitest leaves one of them idle, which is half of a small machine.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "sources",
          include: ["packages/*/src/**/*.test.ts"],
          exclude: ["packages/core/src/engine/wasm/**"],
          // One copy of the sources a worker, so a test gives back what it replaces: loading them anew for each file takes half as
          // long as the tests themselves.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "processes, pages and examples",
          // The engine's own tests here too: they replace what a machine offers (threads, SIMD) and load its modules again.
          include: [
            "packages/core/src/engine/wasm/**/*.test.ts",
            "examples/{*,plugins/*}/src/**/*.test.ts",
            "test/**/*.test.ts",
          ],
        },
      },
    ],
  },
});
