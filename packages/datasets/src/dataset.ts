import type { FeatureMatrix } from "@vicinal/core";

/** Node numbers of the three parts of one split, each ascending. Nodes in no part are unused. */
export interface Split {
  /** Nodes to learn from; any count of them. */
  readonly train: Uint32Array;
  /** Nodes that decide when to stop, and between models; any count of them. */
  readonly validation: Uint32Array;
  /** Nodes to measure on, once; any count of them. */
  readonly test: Uint32Array;
}

/** Who made the splits: the publisher of the data, or the collection described in the README (seeded, reproducible). */
export type SplitsFrom = "published" | "collection";

/** A figure that a publication reports, to compare with. Check it there before citing it. */
export interface PublishedResult {
  /** The name of the model. */
  readonly model: string;
  /** Percent, on the test part. */
  readonly value: number;
  /** Standard deviation in percent, or undefined where the publication gives none. */
  readonly std: number | undefined;
  /** How it was measured, in words. */
  readonly protocol: string;
  /** The publication. */
  readonly source: string;
}

/** The repository that a data set was taken from. */
export interface DatasetSource {
  /** Address of the repository. */
  readonly repository: string;
  /** The commit that the files are of; undefined where none is known. */
  readonly commit: string | undefined;
  /** The licence of the repository, such as `"MIT"`. */
  readonly licence: string;
}

/** What is to be measured: the share of right labels, or the area under the ROC curve of the second class. */
export type Metric = "accuracy" | "roc-auc";

/**
 * A graph whose nodes are to be labelled: edges, features, labels and splits, with all nodes numbered from 0.
 *
 * The arrays are as published: nothing is normalised, no edge added, none removed.
 */
export interface NodeDataset {
  /** A short name in kebab-case, such as `"cora"`. */
  readonly name: string;
  /** A name for readers. */
  readonly title: string;
  /** What is to be predicted. */
  readonly task: "node classification";
  /** What is measured. */
  readonly metric: Metric;
  /** Number of nodes. */
  readonly nodes: number;
  /** Whether an edge has a direction. In an undirected graph a row `a, b` stands for both. */
  readonly directed: boolean;
  /** Edge `r` runs from `sources[r]` to `targets[r]`. Repeats, self-loops and both directions occur as in the file. */
  readonly edges: { readonly sources: Uint32Array; readonly targets: Uint32Array };
  /** `[nodes, features]`, or undefined for a data set that consists of structure and labels alone. */
  readonly features: FeatureMatrix | undefined;
  /** `[nodes]` class numbers; -1 where the label is unknown, and throughout where `labelSets` is given. */
  readonly labels: Int32Array;
  /** `[nodes, classNames.length]` bytes of 0 or 1 where a node can carry several labels; undefined elsewhere. */
  readonly labelSets: Uint8Array | undefined;
  /** One name a class; `"0"`, `"1"`, … where the publisher gives none. */
  readonly classNames: readonly string[];
  /** At least one for a named data set. */
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
