import type { FeatureMatrix } from "@vicinal/core";

/** Node numbers of the three parts of one split, each ascending. Nodes in no part are unused. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** Who made the splits: the publisher of the data, or the collection described in the README (seeded, reproducible). */
export type SplitsFrom = "published" | "collection";

/** A figure that a publication reports, to compare with. Check it there before citing it. */
export interface PublishedResult {
  readonly model: string;
  /** Percent, on the test part. */
  readonly value: number;
  /** Standard deviation in percent, or undefined where the publication gives none. */
  readonly std: number | undefined;
  readonly protocol: string;
  readonly source: string;
}

/** The repository that a data set was taken from. */
export interface DatasetSource {
  /** Address of the repository. */
  readonly repository: string;
  readonly commit: string | undefined;
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
  readonly title: string;
  readonly task: "node classification";
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
  readonly splits: readonly Split[];
  readonly splitsFrom: SplitsFrom;
  /** How the splits were made, in words. */
  readonly splitsHow: string;
  readonly published: readonly PublishedResult[];
  readonly source: DatasetSource | undefined;
  /** The publications to cite. */
  readonly citation: readonly string[];
}
