import { defineConfig } from "vitest/config";

export default defineConfig({
  // Tests run against the sources, so that a failing line is a line of the source.
  ssr: {
    resolve: { conditions: ["@vicinal/source", "module", "node", "development|production", "import", "default"] },
  },
  test: {
    include: ["packages/*/src/**/*.test.ts", "examples/{*,plugins/*}/src/**/*.test.ts", "test/**/*.test.ts"],
    // All cores: by itself vitest leaves one of them idle, which is half of a small machine.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
