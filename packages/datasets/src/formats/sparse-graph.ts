import { protocolSplits } from "../collection-splits.ts";
import { type Npz, openNpz } from "./npz.ts";
import { asCsr } from "./pickle.ts";
import type { PublishedArrays } from "./published-form.ts";
import { checkStoredCsr, orderedCsr, type StoredCsr } from "./stored-csr.ts";

/**
 * A `.npz` of the co-authorship and co-purchase graphs of Shchur et al. 2018: a sparse adjacency matrix, sparse features
 * and labels. Two layouts go by the same file names, and both are read: the parts of each matrix as arrays of their own
 * (`adj_indptr`, `attr_data`, `labels`, …), or whole scipy matrices as objects (`adj_matrix`, `node_attr`, `node_label`).
 * The edges are the non-zeros of the adjacency matrix, row by row.
 */
export function readSparseGraph(where: string, bytes: Uint8Array): PublishedArrays {
  const npz = openNpz(where, bytes);
  const adjacency = readMatrix(where, npz, "adj_matrix", "adj");
  const matrix = readMatrix(where, npz, "node_attr", "attr");
  const labels = Int32Array.from(npz.numbers(npz.has("node_label") ? "node_label" : "labels").values);

  const edges = orderedCsr(adjacency);
  const sources = new Uint32Array(edges.indices.length);
  for (let row = 0; row < edges.rows; row++) sources.fill(row, edges.indptr[row], edges.indptr[row + 1]);
  return {
    edges: { sources, targets: edges.indices },
    features: orderedCsr(matrix),
    labels,
    splits: protocolSplits(labels),
  };
}

function readMatrix(where: string, npz: Npz, object: string, prefix: string): StoredCsr {
  if (npz.has(object)) return asCsr(`${where}: ${object}`, npz.object(object));
  const [rows = 0, columns = 0] = npz.numbers(`${prefix}_shape`).values;
  const part = (name: string) => npz.numbers(`${prefix}_${name}`);
  const matrix = { rows, columns, indptr: part("indptr"), indices: part("indices"), data: part("data") };
  checkStoredCsr(`${where}: ${prefix}`, matrix);
  return matrix;
}
