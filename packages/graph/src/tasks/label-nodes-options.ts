import type { FeatureSource } from "../convert/features.ts";
import type { EdgeGetter, NodeGetter } from "../convert/getter.ts";
import { type NodeClassifierOptions, nodeClassifierOptionNames } from "./node-classifier-options.ts";

/** The part that a labelled node plays. A node without a part takes the label it is given and trains. */
export type SplitPart = "train" | "validation" | "test";

/** Options of `labelNodes`. How to build and train the network is chosen by the size of the graph and the share of labels. */
export interface LabelNodesOptions extends NodeClassifierOptions {
  /** The known labels: nullish where unknown. Numbers and booleans are taken as text. Default `"label"`. */
  readonly label?: NodeGetter<string | number | boolean | null | undefined>;
  /** Node attributes to learn from, by name or getter. Default: none, and every node is learned by itself from the structure. */
  readonly features?: readonly FeatureSource[];
  /**
   * The part that each labelled node plays. Labels of test nodes are not learned from. Default: a share of the labelled nodes is
   * held out for validation if there are enough.
   */
  readonly split?: NodeGetter<SplitPart | null | undefined>;
  /** Weight of an edge: a feature that attention sees. Default: none. */
  readonly edgeWeight?: EdgeGetter<number>;
}

/** Options of `labelNodes.assign`. */
export interface AssignLabelsOptions extends LabelNodesOptions {
  /** The attribute that gets the label. Default `"predictedLabel"`. */
  readonly nodeLabelAttribute?: string;
  /** The attribute that gets the probability of the label. Default `"labelConfidence"`. */
  readonly nodeConfidenceAttribute?: string;
}

/** The names of {@link LabelNodesOptions}. */
export const labelNodesOptionNames = [
  ...nodeClassifierOptionNames,
  "label",
  "features",
  "split",
  "edgeWeight",
] as const satisfies readonly (keyof LabelNodesOptions)[];

/** The names of {@link AssignLabelsOptions}. */
export const assignLabelsOptionNames = [
  ...labelNodesOptionNames,
  "nodeLabelAttribute",
  "nodeConfidenceAttribute",
] as const satisfies readonly (keyof AssignLabelsOptions)[];
