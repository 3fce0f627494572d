import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { bundled } from "./bundled.ts";

it("a process that is killed while it writes leaves a whole file, the old or the new", async () => {
  const folder = await mkdtemp(join(tmpdir(), "vicinal-killed-"));
  const program = join(folder, "program.mjs");
  await bundled("write-until-killed.ts", program);
  const kept = join(folder, "kept");
  await mkdir(kept);
  let interrupted = 0;
  for (let k = 0; k < 12; k++) {
    const file = join(kept, `model-${k}`);
    const child = spawn(process.execPath, [program, file], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    await wait(3 * k + 1);
    child.kill("SIGKILL");
    await once(child, "exit");
    const bytes = await readFile(file);
    expect(bytes.length).toBeGreaterThanOrEqual(4_000_000);
    expect(bytes.length).toBeLessThan(4_000_007);
    expect(bytes.every((byte) => byte === bytes[0])).toBe(true);
    interrupted += (await readdir(kept)).filter((name) => name.includes(`model-${k}.`)).length;
  }
  // It was in the midst of writing when it was killed, most of the times: what it had written so far lies beside.
  expect(interrupted).toBeGreaterThan(0);
  await rm(folder, { recursive: true });
});
