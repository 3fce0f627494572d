import fs from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OutputError, save } from "./save.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-output-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

describe("save", () => {
  it("makes the folder, writes the file and gives its path", async () => {
    const path = await save(join(folder, "a", "b"), "new.txt", "content");
    expect(path).toBe(join(folder, "a", "b", "new.txt"));
    expect(await readFile(path, "utf8")).toBe("content");
  });

  it("leaves the old file, and nothing else, when writing fails half way", async () => {
    await writeFile(join(folder, "old.txt"), "old");
    vi.spyOn(fs, "fsync").mockImplementation((_file, done) => done(new Error("ENOSPC: no space left on device")));
    const error = await save(folder, "old.txt", "new").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OutputError);
    expect(error).toMatchObject({ code: "not-writable", message: expect.stringContaining("no space left") });
    expect(await readdir(folder)).toEqual(["old.txt"]);
    expect(await readFile(join(folder, "old.txt"), "utf8")).toBe("old");
  });

  it("refuses a folder that is a file", async () => {
    await writeFile(join(folder, "taken"), "old");
    await expect(save(join(folder, "taken"), "new.txt", "x")).rejects.toThrow(OutputError);
    expect(await readFile(join(folder, "taken"), "utf8")).toBe("old");
  });
});
