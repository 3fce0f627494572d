import type { CsrMatrix, DenseMatrix, FeatureMatrix } from "@vicinal/core";
import { DirectedGraph, UndirectedGraph } from "graphology";
import type { AbstractGraph } from "graphology-types";
import type { NodeDataset } from "./dataset.ts";

/** What `toGraphology` writes on every node. */
export interface DatasetNode extends Record<string, unknown> {
  /** Name of the class; absent where the label is unknown. */
  label?: string;
  /** Names of the labels, for a data set whose nodes can carry several. */
  labels?: string[];
  /**
   * Dense features: one number a column. Sparse features: the columns that are not zero, as a set of strings: the column
   * numbers, padded with zeros to one width (`"0007"`), so that they sort as numbers do. Absent when the data set has no features.
   */
  features?: number[] | string[];
}

/**
 * A graphology graph of a data set: nodes `"0"`, `"1"`, … with `label` and `features`, repeated edges merged, self-loops kept.
 * It is undirected unless the data set is directed.
 *
 * Sparse values other than 1 do not survive: a set of strings says which columns are not zero, and no more. Of the named data
 * sets that concerns `coauthor-cs` alone, whose counts published work reduces to 0 and 1 as well.
 */
export function toGraphology(dataset: NodeDataset): AbstractGraph<DatasetNode> {
  const { nodes, edges, features, labels, labelSets, classNames } = dataset;
  const graph: AbstractGraph<DatasetNode> = dataset.directed ? new DirectedGraph() : new UndirectedGraph();
  graph.replaceAttributes({ name: dataset.name, title: dataset.title });
  const featuresOf = features && featureReader(features);
  for (let node = 0; node < nodes; node++) {
    const attributes: DatasetNode = {};
    const label = classNames[labels[node]!];
    if (label !== undefined) attributes.label = label;
    if (labelSets !== undefined) {
      attributes.labels = classNames.filter((_, c) => labelSets[node * classNames.length + c] === 1);
    }
    if (featuresOf !== undefined) attributes.features = featuresOf(node);
    graph.addNode(node, attributes);
  }
  for (let r = 0; r < edges.sources.length; r++) graph.mergeEdge(edges.sources[r], edges.targets[r]);
  return graph;
}

function featureReader(features: FeatureMatrix): (node: number) => number[] | string[] {
  return features.kind === "dense" ? denseRow(features) : columnNames(features);
}

function denseRow({ values, columns }: DenseMatrix): (node: number) => number[] {
  return (node) => Array.from(values.subarray(node * columns, (node + 1) * columns));
}

/** All nodes share one string a column: a graph with 690,000 entries holds as many references, not as many strings. */
function columnNames({ indptr, indices, values, columns }: CsrMatrix): (node: number) => string[] {
  const width = String(columns - 1).length;
  const names = Array.from({ length: columns }, (_, column) => String(column).padStart(width, "0"));
  return (node) => {
    const row: string[] = [];
    for (let p = indptr[node]!; p < indptr[node + 1]!; p++) if (values?.[p] !== 0) row.push(names[indices[p]!]!);
    return row;
  };
}
