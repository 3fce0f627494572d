import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataError } from "@vicinal/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tinyBinaries, tinyMeta, writeFolder } from "../testing/tiny.ts";
import { loadFolder } from "./load-folder.ts";

let root = "";
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "vicinal-folder-"));
});
afterAll(() => rm(root, { recursive: true }));

/** A folder with the tiny data set, changed in one place or another. */
function tinyFolder(
  meta: object | string = {},
  binaries: Readonly<Record<string, ArrayBufferView | undefined>> = {},
): Promise<string> {
  const folder = join(root, `tiny-${folders++}`);
  return writeFolder(folder, typeof meta === "string" ? meta : { ...tinyMeta, ...meta }, {
    ...tinyBinaries,
    ...binaries,
  });
}

async function refusal(folder: Promise<string> | string): Promise<{ code: string; message: string }> {
  const error = await loadFolder(await folder).then(
    () => expect.fail("the folder was loaded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof DataError)) throw error;
  return error;
}

describe("loadFolder", () => {
  it("reads every part of the layout", async () => {
    expect(await loadFolder(await tinyFolder())).toEqual({
      name: "tiny",
      title: "Four nodes",
      task: "node classification",
      metric: "roc-auc",
      nodes: 4,
      directed: false,
      edges: { sources: Uint32Array.of(0, 1, 2, 2, 3), targets: Uint32Array.of(1, 2, 0, 3, 3) },
      features: {
        kind: "csr",
        rows: 4,
        columns: 3,
        indptr: Uint32Array.of(0, 2, 2, 4, 5),
        indices: Uint32Array.of(0, 2, 0, 1, 2),
        values: undefined,
      },
      labels: Int32Array.of(0, 0, 1, -1),
      labelSets: undefined,
      classNames: ["left", "right"],
      splits: [{ train: Uint32Array.of(0), validation: Uint32Array.of(1), test: Uint32Array.of(2) }],
      splitsFrom: "collection",
      splitsHow: "Made for this collection: by hand.",
      published: [{ model: "GAT", value: 83, std: undefined, protocol: "by hand", source: "Somebody" }],
      source: { repository: "https://github.com/owner/name", commit: "0123456789abcdef", licence: "MIT" },
      citation: ["Somebody, Something, 2026"],
    });
  });

  it("reads sparse values, and dense features in place of sparse ones", async () => {
    const values = Float32Array.of(1, 2, 3, 4, 5);
    const sparse = await loadFolder(await tinyFolder({}, { "features.values.f32.bin": values }));
    expect(sparse.features?.values).toEqual(values);

    const dense = Float32Array.from({ length: 8 }, (_, p) => p / 2);
    const meta = { features: { layout: "dense row-major", rows: 4, columns: 2, values: "features.f32.bin" } };
    const loaded = await loadFolder(await tinyFolder(meta, { "features.f32.bin": dense }));
    expect(loaded.features).toEqual({ kind: "dense", rows: 4, columns: 2, values: dense });
  });

  it("reads several labels per node", async () => {
    const sets = Uint8Array.of(1, 1, 0, 0, 0, 1, 1, 0);
    const folder = await tinyFolder({}, { "labels.i32.bin": undefined, "labels.u8.bin": sets });
    const { labels, labelSets } = await loadFolder(folder);
    expect(labelSets).toEqual(sets);
    expect(labels).toEqual(Int32Array.of(-1, -1, -1, -1));
  });

  it("needs no more of meta.json than name, task, metric and the number of nodes", async () => {
    const meta = JSON.stringify({
      name: "bare",
      task: "node classification",
      metric: "accuracy",
      counts: { nodes: 4 },
    });
    const { "edges.u32.bin": edges, "labels.i32.bin": labels } = tinyBinaries;
    const folder = await writeFolder(join(root, "bare"), meta, { "edges.u32.bin": edges, "labels.i32.bin": labels });
    expect(await loadFolder(folder)).toMatchObject({
      title: "bare",
      directed: false,
      features: undefined,
      classNames: ["0", "1"],
      splits: [],
      published: [],
      citation: [],
    });
  });

  it("refuses a folder that is not there, or has no meta.json", async () => {
    expect(await refusal(join(root, "nowhere"))).toMatchObject({ code: "missing-meta" });
    expect(await refusal(root)).toMatchObject({ code: "missing-meta" });
  });

  it.each([
    ["is not JSON", '{"name": "tiny"', "is not JSON"],
    ["is not an object", "[]", "the whole file"],
    ["has no name", { name: undefined }, "name"],
    ["has no number of nodes", { counts: {} }, "counts.nodes"],
    ["has a negative number of nodes", { counts: { nodes: -4 } }, "counts.nodes"],
    ["has half a node", { counts: { nodes: 4.5 } }, "counts.nodes"],
    ["has class names for another number of classes", { class_names: ["only"] }, "1 class names for 2 classes"],
    [
      "does not say how many columns the features have",
      { features: undefined, counts: { nodes: 4 } },
      "features.columns",
    ],
  ])("refuses a meta.json that %s", async (_, meta, message) => {
    const error = await refusal(tinyFolder(meta));
    expect(error.code).toBe("malformed-meta");
    expect(error.message).toContain(message);
  });

  it("refuses another task and an unknown metric", async () => {
    expect(await refusal(tinyFolder({ task: "regression" }))).toMatchObject({ code: "wrong-task" });
    const molecules = tinyFolder({ task: "regression", counts: { rows: 4200 } });
    expect(await refusal(molecules)).toMatchObject({ code: "wrong-task" });
    expect(await refusal(tinyFolder({ metric: "RMSE" }))).toMatchObject({ code: "unknown-metric" });
  });

  it.each(Object.keys(tinyBinaries))("refuses a truncated %s before reading anything", async (file) => {
    const folder = await tinyFolder();
    await truncate(join(folder, file), 3);
    const error = await refusal(folder);
    expect(error.code).toBe("wrong-file-size");
    expect(error.message).toMatch(new RegExp(`${file} holds 3 bytes; expected \\d+ .*truncated`));
  });

  it("refuses a file that is too long, and says so", async () => {
    const error = await refusal(tinyFolder({}, { "splits.u8.bin": new Uint8Array(8) }));
    expect(error.code).toBe("wrong-file-size");
    expect(error.message).toContain("too long");
  });

  it.each(Object.keys(tinyBinaries))("refuses a folder without %s", async (file) => {
    expect(await refusal(tinyFolder({}, { [file]: undefined }))).toMatchObject({ code: "missing-file" });
  });

  it("refuses values that meta.json promises and that are not there", async () => {
    const features = { ...tinyMeta.features, values: "features.values.f32.bin" };
    expect(await refusal(tinyFolder({ features }))).toMatchObject({ code: "missing-file" });
  });

  it("compares files with their SHA-256 where meta.json gives it", async () => {
    const sha256 = "0".repeat(64);
    const error = await refusal(tinyFolder({ files: { "labels.i32.bin": { bytes: 16, sha256 } } }));
    expect(error.code).toBe("wrong-checksum");
    expect(error.message).toContain(`expected ${sha256}`);
  });

  it.each([
    [
      "an edge that leads out of the graph",
      { "edges.u32.bin": Uint32Array.of(0, 1, 1, 2, 2, 0, 2, 4, 3, 3) },
      "index-out-of-range",
    ],
    ["a label beyond the last class", { "labels.i32.bin": Int32Array.of(0, 0, 2, -1) }, "label-out-of-range"],
    ["a label below -1", { "labels.i32.bin": Int32Array.of(0, 0, 1, -2) }, "label-out-of-range"],
    ["a column beyond the last", { "features.indices.u32.bin": Uint32Array.of(0, 2, 0, 3, 2) }, "index-out-of-range"],
    ["row starts that fall", { "features.indptr.u32.bin": Uint32Array.of(0, 2, 1, 4, 5) }, "wrong-length"],
    ["row starts that end too early", { "features.indptr.u32.bin": Uint32Array.of(0, 2, 2, 4, 4) }, "wrong-length"],
    ["NaN among the features", { "features.values.f32.bin": Float32Array.of(1, 1, Number.NaN, 1, 1) }, "not-finite"],
    ["an unknown split code", { "splits.u8.bin": Uint8Array.of(1, 2, 3, 4) }, "unknown-split-code"],
    [
      "a label set that is not made of bits",
      { "labels.i32.bin": undefined, "labels.u8.bin": Uint8Array.of(1, 1, 0, 0, 0, 2, 1, 0) },
      "not-a-bit",
    ],
  ])("refuses %s", async (_, binaries, code) => {
    expect(await refusal(tinyFolder({}, binaries))).toMatchObject({ code });
  });

  it("names the row of an edge that leads out of the graph", async () => {
    const edges = Uint32Array.of(0, 1, 1, 2, 2, 0, 2, 4, 3, 3);
    const { message } = await refusal(tinyFolder({}, { "edges.u32.bin": edges }));
    expect(message).toContain("row 3, names the target 4; expected numbers below 4");
  });

  it("leaves files alone that are none of its own", async () => {
    const folder = await tinyFolder();
    await writeFile(join(folder, "notes.txt"), "anything");
    expect((await loadFolder(folder)).nodes).toBe(4);
  });
});
