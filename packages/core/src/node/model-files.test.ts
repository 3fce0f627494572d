import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readModelFile, writeFileSafely } from "./index.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-save-"));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = Uint8Array.of(1, 2, 3);

describe("writeFileSafely", () => {
  it("writes a new file, or in place of an old one, and leaves nothing beside it", async () => {
    const path = join(folder, "model.safetensors");
    for (const content of [bytes, new Uint8Array(), new Uint8Array(100_000).fill(7)]) {
      await writeFileSafely(path, content);
      expect(Uint8Array.from(await readFile(path))).toEqual(content);
    }
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
  });

  it("takes a URL, and a part of a buffer", async () => {
    const url = pathToFileURL(join(folder, "a b.bin"));
    await writeFileSafely(url, Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4));
    expect(await readModelFile(url)).toEqual(bytes);
  });

  it("never shows half a file to who reads meanwhile", async () => {
    const path = join(folder, "model");
    const [old, next] = [new Uint8Array(3_000_000).fill(1), new Uint8Array(2_000_000).fill(2)];
    await writeFileSafely(path, old);
    const writing = Promise.all(Array.from({ length: 5 }, () => writeFileSafely(path, next)));
    const sizes = new Set<number>();
    for (let k = 0; k < 20; k++) sizes.add((await readFile(path)).length);
    await writing;
    for (const size of sizes) expect([old.length, next.length]).toContain(size);
    expect(await readdir(folder)).toEqual(["model"]);
  });

  it("leaves what was there, and nothing else, if it fails", async () => {
    // A folder that is not empty cannot be replaced by a file: the rename fails, after all was written.
    const path = join(folder, "taken");
    await mkdir(path);
    await writeFile(join(path, "inside"), "kept");
    await expect(writeFileSafely(path, bytes)).rejects.toMatchObject({
      name: "FileError",
      code: "cannot-write",
      cause: { code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST|EPERM/) },
    });
    expect(await readFile(join(path, "inside"), "utf8")).toBe("kept");
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it("leaves the old file if the new one cannot be written", async () => {
    const path = join(folder, "model");
    await writeFile(path, "old");
    await expect(writeFileSafely(path, Object(7))).rejects.toMatchObject({ code: "cannot-write" });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["model"]);
  });

  it("takes a name of the length that names can have", async () => {
    const name = "n".repeat(250);
    await writeFileSafely(join(folder, name), bytes);
    expect(await readdir(folder)).toEqual([name]);
  });

  it("says so where the folder is missing", async () => {
    await expect(writeFileSafely(join(folder, "none", "model"), bytes)).rejects.toMatchObject({
      code: "cannot-write",
      message: expect.stringContaining("none"),
      cause: { code: "ENOENT" },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("keeps a link a link, and the mode of the old file", async () => {
    const [target, link] = [join(folder, "target"), join(folder, "link")];
    await writeFile(target, "old");
    await chmod(target, 0o640);
    await symlink("target", link);
    await writeFileSafely(link, bytes);
    expect(await readlink(link)).toBe("target");
    expect(Uint8Array.from(await readFile(target))).toEqual(bytes);
    expect((await stat(target)).mode & 0o777).toBe(0o640);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
  });
});

describe("readModelFile", () => {
  it("says which file cannot be read, and why", async () => {
    const path = join(folder, "missing");
    await expect(readModelFile(path)).rejects.toMatchObject({
      name: "FileError",
      code: "cannot-read",
      message: expect.stringContaining(path),
      cause: { code: "ENOENT" },
    });
  });

  it("gives a plain Uint8Array", async () => {
    const path = join(folder, "model");
    await writeFile(path, bytes);
    const read = await readModelFile(path);
    expect(Object.getPrototypeOf(read)).toBe(Uint8Array.prototype);
    expect(read).toEqual(bytes);
  });
});
