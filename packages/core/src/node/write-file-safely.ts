import { randomUUID } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FileError } from "../errors.ts";

/**
 * Writes a file so that its path always holds a whole one, the old or the new, whatever happens meanwhile: first into another file beside it, down
 * to the disk, then by rename. If that fails the old file stays, and the other is removed; after a crash it may be left, named `.NAME.UUID.part`.
 * Where the path is a link, what it leads to is replaced. The mode of an old file is kept.
 *
 * @throws FileError `cannot-write`, with the reason as its `cause`.
 */
export async function writeFileSafely(path: string | URL, bytes: Uint8Array): Promise<void> {
  try {
    const target = await destination(typeof path === "string" ? path : fileURLToPath(path));
    // The name is cut, because that of the file may be as long as names can be.
    const part = join(dirname(target), `.${basename(target).slice(0, 32)}.${randomUUID()}.part`);
    try {
      await write(part, bytes, await modeOf(target));
      await rename(part, target);
    } catch (cause) {
      await rm(part, { force: true });
      throw cause;
    }
    await synchronizeFolder(dirname(target));
  } catch (cause) {
    throw new FileError(
      "cannot-write",
      `writeFileSafely: cannot write ${path}: ${String(cause)}. What was there before is unchanged.`,
      { cause },
    );
  }
}

/** What a link leads to, so that the link stays one; the path itself where there is nothing yet. */
async function destination(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function modeOf(path: string): Promise<number | undefined> {
  const old = await stat(path).catch(() => undefined);
  return old && old.mode & 0o777;
}

async function write(path: string, bytes: Uint8Array, mode: number | undefined): Promise<void> {
  await using(await open(path, "wx", mode), async (file) => {
    await file.writeFile(bytes);
    if (mode !== undefined) await file.chmod(mode);
    await file.sync();
  });
}

/** A rename outlasts a power cut once its folder is on the disk too. Some systems cannot open folders: there it comes a little later. */
async function synchronizeFolder(path: string): Promise<void> {
  const folder = await open(path).catch(() => undefined);
  if (folder !== undefined) await using(folder, (file) => file.sync()).catch(() => undefined);
}

async function using(file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
