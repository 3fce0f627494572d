import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { bundled } from "./bundled.ts";

it("the conformance suites run by another test runner, that of Node", async () => {
  const folder = await mkdtemp(join(tmpdir(), "vicinal-node-test-"));
  const program = join(folder, "conformance.mjs");
  await bundled("conformance-program.ts", program);
  // As the runner itself marks the processes that it starts: its children would report to it.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const arguments_ = ["--test", "--test-reporter", "tap", program];
  const { stdout } = await promisify(execFile)(process.execPath, arguments_, { env, maxBuffer: 2 ** 26 });
  const count = (what: string) => Number(new RegExp(`^# ${what} (\\d+)$`, "m").exec(stdout)?.[1]);
  expect(count("fail")).toBe(0);
  expect(count("pass")).toBeGreaterThan(50);
  await rm(folder, { recursive: true });
});
