import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { catalog, type DatasetName, datasetNames } from "./catalog/catalog.ts";
import type { NodeDataset } from "./dataset.ts";
import { fingerprint } from "./fingerprint.ts";
import { loadFolder } from "./folder/load-folder.ts";
import { loadPublished } from "./load.ts";
import { publishedFiles } from "./testing/published.ts";
import { pin, publisher } from "./testing/tiny.ts";

const root = process.env["VICINAL_DATA"] ?? "";

/** Data sets whose published files lie in `raw/`, byte for byte: the whole way of a download is tested, checksums included. */
const exact: readonly DatasetName[] = ["cora", "citeseer", "lastfm-asia", "twitch-es", "twitch-ptbr"];

/** What is not an array of numbers, and so not part of the fingerprint; the words on splits may differ. */
function figures({ edges: _, features, labels: __, splits: ___, splitsHow: ____, ...rest }: NodeDataset) {
  return { ...rest, features: features?.kind };
}

describe.skipIf(root === "")("the published form and the folder (needs VICINAL_DATA)", () => {
  let cache = "";
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), "vicinal-forms-"));
  });
  afterAll(() => rm(cache, { recursive: true }));

  it.each(datasetNames)("give the same %s", async (name) => {
    const files = await publishedFiles(root, name);
    const entry = exact.includes(name) ? catalog[name] : { ...catalog[name], files: pin(files) };
    const published = await loadPublished(entry, name, { cache, fetch: publisher(files).fetch });
    const folder = await loadFolder(join(root, name));
    expect(fingerprint(published)).toBe(fingerprint(folder));
    expect(figures(published)).toEqual(figures(folder));
  });

  it.each(datasetNames)("name the same files of %s", async (name) => {
    const file = z.object({ bytes: z.number(), sha256: z.string() });
    const meta = z
      .object({ published_files: z.object({ files: z.record(z.string(), file) }).optional() })
      .parse(JSON.parse(await readFile(join(root, name, "meta.json"), "utf8")));
    const pinned = meta.published_files?.files ?? {};
    for (const { path, ...expected } of catalog[name].files) {
      if (path in pinned) expect(pinned[path]).toEqual(expected);
      else expect(path).toBe("data/squirrel_filtered.npz");
    }
  });
});
