import { DataError } from "@vicinal/core";
import type { Split } from "../dataset.ts";
import { splitFromLists } from "../splits.ts";
import { CsrRows } from "./csr-rows.ts";
import { type Npz, openNpz } from "./npz.ts";
import { asIndices, type NumericArray } from "./numbers.ts";
import type { PublishedArrays } from "./published-form.ts";

/**
 * A `.npz` of Platonov et al. 2023 (https://github.com/yandex-research/heterophilous-graphs): `node_features`
 * `[nodes, features]`, `node_labels`, `edges` `[edges, 2]`, and the masks `[splits, nodes]` of ten splits.
 *
 * @param layout Whether the dense features of the file are kept, or only what is not zero in them.
 */
export function readHeterophilous(where: string, bytes: Uint8Array, layout: "dense" | "csr"): PublishedArrays {
  const npz = openNpz(where, bytes);
  const matrix = table(where, npz, "node_features");
  const edges = table(where, npz, "edges");
  const [rows, columns] = matrix.shape;
  const ends = asIndices(`${where}: edges`, edges.values);
  return {
    edges: { sources: ends.filter((_, p) => p % 2 === 0), targets: ends.filter((_, p) => p % 2 === 1) },
    features:
      layout === "dense"
        ? { kind: "dense", rows, columns, values: Float32Array.from(matrix.values) }
        : sparse(matrix.values, rows, columns),
    labels: Int32Array.from(npz.numbers("node_labels").values),
    splits: readMasks(where, npz),
  };
}

function sparse(values: NumericArray["values"], rows: number, columns: number): PublishedArrays["features"] {
  const everyColumn = Uint32Array.from({ length: columns }, (_, c) => c);
  const features = new CsrRows();
  for (let r = 0; r < rows; r++) {
    features.addEntries(everyColumn, values.subarray(r * columns, (r + 1) * columns), 0, columns);
  }
  return features.finish(columns);
}

function readMasks(where: string, npz: Npz): Split[] {
  const train = table(where, npz, "train_masks");
  const validation = table(where, npz, "val_masks");
  const test = table(where, npz, "test_masks");
  const [count, nodes] = train.shape;
  return Array.from({ length: count }, (_, s) => {
    const chosen = ({ values }: NumericArray) => {
      const mask = values.subarray(s * nodes, (s + 1) * nodes);
      return Array.from(mask.keys()).filter((node) => mask[node] !== 0);
    };
    return splitFromLists(chosen(train), chosen(validation), chosen(test));
  });
}

interface Table extends NumericArray {
  readonly shape: readonly [rows: number, columns: number];
}

function table(where: string, npz: Npz, name: string): Table {
  const { shape, values } = npz.numbers(name);
  const [rows, columns] = shape;
  if (rows !== undefined && columns !== undefined && shape.length === 2) return { shape: [rows, columns], values };
  throw new DataError("wrong-length", `${where}: ${name} has the shape [${shape.join(", ")}]; expected two axes.`);
}
