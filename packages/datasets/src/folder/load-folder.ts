import { type CsrMatrix, DataError, type DenseMatrix } from "@vicinal/core";
import { checkDataset } from "../check.ts";
import { numberedClasses } from "../class-names.ts";
import type { NodeDataset, Split, SplitsFrom } from "../dataset.ts";
import { splitsFromCodes } from "../splits.ts";
import { type Binaries, openBinaries } from "./binary.ts";
import { type Meta, parseMetric, readMeta } from "./meta.ts";

/**
 * Loads a data set from a folder: `meta.json`, `edges.u32.bin`, labels, and features and splits where it has them (the
 * layout is described in the README). Sizes are compared with meta.json before anything is built, and contents with the
 * SHA-256 sums that it gives.
 *
 * @param folder Path of the folder of one data set.
 * @throws DataError `missing-meta`, `malformed-meta`, `wrong-task`, `unknown-metric`, `missing-file`, `wrong-file-size`,
 *   `wrong-checksum`, `index-out-of-range`, `label-out-of-range`, `not-finite`, …
 */
export async function loadFolder(folder: string): Promise<NodeDataset> {
  const meta = await readMeta(folder);
  const where = `loadFolder: ${folder}`;
  const metric = parseMetric(where, meta.metric);
  const binaries = await openBinaries(folder, meta);
  const layout = planLayout(where, meta, binaries);

  const { nodes } = meta.counts;
  const pairs = new Uint32Array(await binaries.read("edges.u32.bin"));
  const sources = new Uint32Array(pairs.length / 2);
  const targets = new Uint32Array(pairs.length / 2);
  for (let r = 0; r < sources.length; r++) {
    sources[r] = pairs[2 * r]!;
    targets[r] = pairs[2 * r + 1]!;
  }
  const labelSets = layout.labelSets ? new Uint8Array(await binaries.read("labels.u8.bin")) : undefined;
  const labels = labelSets ? new Int32Array(nodes).fill(-1) : new Int32Array(await binaries.read("labels.i32.bin"));
  const classes = layout.classes ?? labels.reduce((highest, label) => Math.max(highest, label), -1) + 1;
  const dataset: NodeDataset = {
    name: meta.name,
    title: meta.title ?? meta.name,
    task: "node classification",
    metric,
    nodes,
    directed: meta.directed,
    edges: { sources, targets },
    features: await readFeatures(layout, binaries, nodes),
    labels,
    labelSets,
    classNames: meta.class_names ?? numberedClasses(classes),
    splits: await readSplits(where, layout, binaries, nodes),
    splitsFrom: splitsFrom(meta),
    splitsHow: meta.splits?.how ?? "",
    published: meta.reference_results.map((result) => ({ ...result, std: result.std ?? undefined })),
    source: meta.source && {
      repository: meta.source.repository,
      commit: meta.source.commit,
      licence: meta.source.licence ?? "not stated",
    },
    citation: meta.citation,
  };
  checkDataset(where, dataset);
  return dataset;
}

interface Layout {
  readonly features: "none" | "csr" | "dense";
  readonly columns: number;
  readonly values: boolean;
  readonly splits: number;
  readonly labelSets: boolean;
  readonly classes: number | undefined;
}

/** Decides what will be read, and compares every size that follows from meta.json with the files. */
function planLayout(where: string, meta: Meta, binaries: Binaries): Layout {
  const { nodes, edge_rows: edgeRows } = meta.counts;
  const rows = edgeRows ?? Math.floor(binaries.size("edges.u32.bin") / 8);
  binaries.expect("edges.u32.bin", 8 * rows, `${rows} edge rows of 8 bytes`);

  const features = featureLayout(meta, binaries);
  const columns = meta.features?.columns ?? meta.counts.features;
  if (features !== "none" && columns === undefined) {
    throw new DataError(
      "malformed-meta",
      `${where}: meta.json does not say how many columns the features have; expected features.columns.`,
    );
  }
  const values = binaries.has("features.values.f32.bin") || meta.features?.values === "features.values.f32.bin";
  if (features === "dense") {
    binaries.expect("features.f32.bin", 4 * nodes * (columns ?? 0), `${nodes} rows of ${columns} float32 numbers`);
  }
  if (features === "csr") {
    const indices = Math.floor(binaries.size("features.indices.u32.bin") / 4);
    const nonzeros = meta.features?.nonzeros ?? meta.counts.feature_nonzeros ?? indices;
    binaries.expect("features.indptr.u32.bin", 4 * (nodes + 1), `${nodes} + 1 row starts of 4 bytes`);
    binaries.expect("features.indices.u32.bin", 4 * nonzeros, `${nonzeros} column numbers of 4 bytes`);
    if (values) binaries.expect("features.values.f32.bin", 4 * nonzeros, `${nonzeros} float32 values`);
  }

  const labelSets = !binaries.has("labels.i32.bin") && binaries.has("labels.u8.bin");
  let classes = meta.counts.classes ?? meta.class_names?.length;
  if (labelSets) {
    classes ??= nodes === 0 ? 0 : Math.floor(binaries.size("labels.u8.bin") / nodes);
    binaries.expect("labels.u8.bin", nodes * classes, `${nodes} rows of ${classes} bytes`);
  } else {
    binaries.expect("labels.i32.bin", 4 * nodes, `${nodes} labels of 4 bytes`);
  }
  if (meta.class_names !== undefined && meta.class_names.length !== classes) {
    throw new DataError(
      "malformed-meta",
      `${where}: meta.json has ${meta.class_names.length} class names for ${classes} classes; expected one a class.`,
    );
  }

  const splits = meta.splits?.count ?? 0;
  if (splits > 0) binaries.expect("splits.u8.bin", splits * nodes, `${splits} splits of ${nodes} bytes`);
  return { features, columns: columns ?? 0, values, splits, labelSets, classes };
}

function featureLayout(meta: Meta, binaries: Binaries): Layout["features"] {
  if (meta.features === null) return "none";
  if (meta.features?.layout?.startsWith("csr")) return "csr";
  if (meta.features?.layout?.startsWith("dense")) return "dense";
  if (binaries.has("features.indptr.u32.bin")) return "csr";
  return meta.features !== undefined || binaries.has("features.f32.bin") ? "dense" : "none";
}

async function readFeatures(
  { features, columns, values }: Layout,
  binaries: Binaries,
  nodes: number,
): Promise<CsrMatrix | DenseMatrix | undefined> {
  if (features === "none") return undefined;
  if (features === "dense") {
    return {
      kind: "dense",
      rows: nodes,
      columns,
      values: new Float32Array(await binaries.read("features.f32.bin")),
    };
  }
  return {
    kind: "csr",
    rows: nodes,
    columns,
    indptr: new Uint32Array(await binaries.read("features.indptr.u32.bin")),
    indices: new Uint32Array(await binaries.read("features.indices.u32.bin")),
    values: values ? new Float32Array(await binaries.read("features.values.f32.bin")) : undefined,
  };
}

async function readSplits(where: string, layout: Layout, binaries: Binaries, nodes: number): Promise<Split[]> {
  if (layout.splits === 0) return [];
  return splitsFromCodes(where, new Uint8Array(await binaries.read("splits.u8.bin")), nodes);
}

/** Folders say in prose who made the splits; those of the collection all begin with the same words. */
function splitsFrom(meta: Meta): SplitsFrom {
  return /^made for this collection/i.test(meta.splits?.how ?? "") ? "collection" : "published";
}
