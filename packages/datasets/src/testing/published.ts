import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { zipSync } from "fflate";
import type { DatasetName } from "../catalog/catalog.ts";
import type { NodeDataset } from "../dataset.ts";
import { loadFolder } from "../folder/load-folder.ts";
import { int64, npz } from "./npz-writer.ts";

/** Published files by base name, as the publisher serves them. */
export type Files = ReadonlyMap<string, Uint8Array>;

/**
 * The published files of a data set, out of a folder of data sets: those that it keeps in `raw/`, or archives with the same
 * content as the published ones where it keeps none.
 */
export async function publishedFiles(root: string, name: DatasetName): Promise<Files> {
  const folder = join(root, name);
  const raw = (file: string) => readFile(join(folder, "raw", file));
  const unpacked = async (file: string) => new Uint8Array(gunzipSync(await raw(file)));
  switch (name) {
    case "cora":
    case "citeseer": {
      const parts = ["x", "tx", "allx", "y", "ty", "ally", "graph", "test.index"];
      const files = parts.map((part) => `ind.${name}.${part}`);
      return new Map(await Promise.all(files.map(async (file) => [file, new Uint8Array(await raw(file))] as const)));
    }
    case "github-social": {
      const members = ["musae_git_edges.csv", "musae_git_target.csv", "musae_git_features.json"];
      const contents: Record<string, Uint8Array> = {};
      for (const member of members) contents[`git_web_ml/${member}`] = await unpacked(`${member}.gz`);
      return new Map([["git_web_ml.zip", zipSync(contents)]]);
    }
    case "lastfm-asia":
      return new Map([
        ["lastfm_asia_edges.csv", await unpacked("lastfm_asia_edges.csv.gz")],
        ["lastfm_asia_target.csv", await unpacked("lastfm_asia_target.csv.gz")],
      ]);
    case "twitch-es":
    case "twitch-ptbr": {
      const language = name.slice("twitch-".length).toUpperCase();
      const parts = ["edges.csv", "target.csv", "features.json"];
      return new Map(
        await Promise.all(
          parts.map(async (part) => [`${language}_${part}`, await unpacked(`musae_${language}_${part}.gz`)] as const),
        ),
      );
    }
    case "minesweeper":
    case "squirrel-filtered":
      return new Map([[`${name.replace("-", "_")}.npz`, heterophilousNpz(await loadFolder(folder))]]);
    case "coauthor-cs":
      return new Map([["coauthor_cs.npz", sparseGraphNpz(await loadFolder(folder))]]);
  }
}

/** The arrays of Platonov et al.: dense features, 64-bit numbers, and masks in Fortran order as the filtered graphs have. */
function heterophilousNpz({ nodes, edges, features, labels, splits }: NodeDataset): Uint8Array {
  const columns = features?.columns ?? 0;
  const dense = new Float32Array(nodes * columns);
  if (features?.kind === "dense") dense.set(features.values);
  else if (features !== undefined) {
    for (let node = 0; node < nodes; node++) {
      for (let p = features.indptr[node]!; p < features.indptr[node + 1]!; p++) {
        dense[node * columns + features.indices[p]!] = features.values?.[p] ?? 1;
      }
    }
  }
  const mask = (part: "train" | "validation" | "test") => {
    const data = new Uint8Array(splits.length * nodes);
    for (const [s, split] of splits.entries()) for (const node of split[part]) data[node * splits.length + s] = 1;
    return { type: "|b1", shape: [splits.length, nodes], fortranOrder: true, data };
  };
  const pairs = Array.from(edges.sources).flatMap((source, row) => [source, edges.targets[row]!]);
  return npz({
    node_features: { type: "<f4", shape: [nodes, columns], data: dense },
    node_labels: { type: "<i8", shape: [nodes], data: int64(labels) },
    edges: { type: "<i8", shape: [edges.sources.length, 2], data: int64(pairs) },
    train_masks: mask("train"),
    val_masks: mask("validation"),
    test_masks: mask("test"),
  });
}

/** The arrays of Shchur et al., with the columns of each row from the last to the first and explicit zeros, which readers must bear. */
function sparseGraphNpz({ nodes, edges, features, labels }: NodeDataset): Uint8Array {
  if (features?.kind !== "csr") throw new Error("sparseGraphNpz: expected sparse features.");
  const starts = new Int32Array(nodes + 1);
  for (const source of edges.sources) starts[source + 1]!++;
  for (let node = 0; node < nodes; node++) starts[node + 1]! += starts[node]!;
  const matrix = (indptr: ArrayLike<number>, indices: ArrayLike<number>, values: ArrayLike<number> | undefined) => {
    const [turned, data]: [number[], number[]] = [[], []];
    const indptrWithZero: number[] = [0];
    for (let row = 0; row < nodes; row++) {
      for (let p = indptr[row + 1]! - 1; p >= indptr[row]!; p--) {
        turned.push(indices[p]!);
        data.push(values?.[p] ?? 1);
      }
      if (row === 0) {
        turned.push(0);
        data.push(0);
      }
      indptrWithZero.push(turned.length);
    }
    return { indptr: indptrWithZero, indices: turned, data };
  };
  const adjacency = matrix(starts, edges.targets, undefined);
  const attributes = matrix(features.indptr, features.indices, features.values);
  const integers = (values: number[]) => ({ type: "<i4", shape: [values.length], data: Int32Array.from(values) });
  const floats = (values: number[]) => ({ type: "<f4", shape: [values.length], data: Float32Array.from(values) });
  return npz({
    adj_data: floats(adjacency.data),
    adj_indices: integers(adjacency.indices),
    adj_indptr: integers(adjacency.indptr),
    adj_shape: { type: "<i8", shape: [2], data: int64([nodes, nodes]) },
    attr_data: floats(attributes.data),
    attr_indices: integers(attributes.indices),
    attr_indptr: integers(attributes.indptr),
    attr_shape: { type: "<i8", shape: [2], data: int64([nodes, features.columns]) },
    labels: { type: "<i8", shape: [nodes], data: int64(labels) },
  });
}
