import type { DenseMatrix } from "@vicinal/core";
import type { DatasetSource, PublishedResult, Split, SplitsFrom } from "../dataset.ts";

/** One graph of a {@link GraphDataset}, in the form in which `GraphCollection` of `@vicinal/graph` takes it. */
export interface SmallGraph {
  /** Number of nodes. */
  readonly nodes: number;
  /** Edge `e` runs from `sources[e]` to `targets[e]`, numbered within the graph, in the order of the file: an undirected edge in both directions. */
  readonly edges: { readonly sources: Uint32Array; readonly targets: Uint32Array };
  /** `[nodes, width]`: what kind of node it is, one column a kind, then its attributes; undefined for a data set that has neither. */
  readonly features: DenseMatrix | undefined;
  /** `[edges, width]`, in the order of the edges: kinds and attributes likewise. */
  readonly edgeFeatures: DenseMatrix | undefined;
}

/** Many small graphs that are to be classified as wholes. */
export interface GraphDataset {
  /** A short name in kebab-case, such as `"mutag"`. */
  readonly name: string;
  /** A name for readers. */
  readonly title: string;
  /** What is to be predicted. */
  readonly task: "graph classification";
  /** What is measured. */
  readonly metric: "accuracy";
  /** The graphs, numbered from 0. */
  readonly graphs: readonly SmallGraph[];
  /** `[graphs]` class numbers, in the order of the labels in the file, sorted as numbers. */
  readonly labels: Int32Array;
  /** One name a class; the label in the file where no other is given. */
  readonly classNames: readonly string[];
  /** The kinds of nodes, one a column of their features, before the attributes. */
  readonly nodeKinds: readonly string[];
  /** The kinds of edges, one a column of their features, before the attributes. */
  readonly edgeKinds: readonly string[];
  /** Graph numbers. Of folds each is a split that tests on one and trains on the rest, without a validation part. */
  readonly splits: readonly Split[];
  /** Who made the splits. */
  readonly splitsFrom: SplitsFrom;
  /** How the splits were made, in words. */
  readonly splitsHow: string;
  /** Figures to compare with. */
  readonly published: readonly PublishedResult[];
  /** The repository; undefined for a folder that names none. */
  readonly source: DatasetSource | undefined;
  /** The publications to cite. */
  readonly citation: readonly string[];
}
