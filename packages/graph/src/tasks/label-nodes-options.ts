import type { FeatureSource } from "../convert/features.ts";
import type { EdgeGetter, NodeGetter } from "../convert/getter.ts";
import {
  type MultiLabelClassifierOptions,
  multiLabelClassifierOptionNames,
  type NodeClassifierOptions,
  nodeClassifierOptionNames,
} from "./node-classifier-options.ts";

/** The part that a labelled node plays. A node without a part takes the label it is given and trains. */
export type SplitPart = "train" | "validation" | "test";

/** How the labelled nodes are split, where it is not said of each which part it plays. */
export interface NodeSplitOptions {
  /**
   * When each labelled node came to be, a number or a date: the latest nodes are tested on, those before them decide when to stop, the earliest are
   * trained on. Nodes of equal time stay together, so that parts may be larger or smaller than asked for. Default: parts are drawn.
   */
  readonly byTime?: NodeGetter<number | Date>;
  /** The share of labelled nodes that is tested on. Default 0.2. */
  readonly testFraction?: number;
  /** The share of labelled nodes that decides when to stop. Default 0.2 from 50 labelled nodes on, else 0. */
  readonly validationFraction?: number;
  /** Whether parts that are drawn have the same share of each class, rounded down. Not for nodes with several labels. Default true. */
  readonly stratified?: boolean;
}

/**
 * The part that each labelled node plays, by the name of an attribute or a getter; or how to split. Labels of test nodes are not learned from.
 */
export type NodeSplitSource = NodeGetter<SplitPart | null | undefined> | NodeSplitOptions;

/** What is read from a graph whose nodes are to be labelled, beside the labels. */
export interface LabelingSources {
  /** Node attributes to learn from, by name or getter. Default: none, and every node is learned by itself from the structure. */
  readonly features?: readonly FeatureSource[];
  /**
   * The part that each labelled node plays, or how to split: `{ byTime: "joined" }`, `{ testFraction: 0.1 }`. Labels of test nodes are not learned
   * from. Default: a share of the labelled nodes, of each class alike, is held out for validation if there are enough.
   */
  readonly split?: NodeSplitSource;
  /** Weight of an edge: a feature that attention sees. Default: none. */
  readonly edgeWeight?: EdgeGetter<number>;
}

/** Options of `labelNodes`. How to build and train the network is chosen by the size of the graph and the share of labels. */
export type LabelNodesOptions = NodeClassifierOptions &
  LabelingSources & {
    /** The known labels: nullish where unknown. Numbers and booleans are taken as text. Default `"label"`. */
    readonly label?: NodeGetter<string | number | boolean | null | undefined>;
  };

/** Options of `multiLabelNodes`. How to build and train the network is chosen as by `labelNodes`. */
export type MultiLabelNodesOptions = MultiLabelClassifierOptions &
  LabelingSources & {
    /**
     * The labels that each node is known to carry: nullish where unknown; an empty list says that it carries none. Numbers and booleans are taken as
     * text. Default `"labels"`.
     */
    readonly labels?: NodeGetter<readonly (string | number | boolean)[] | null | undefined>;
  };

/** Options of `labelNodes.assign`. */
export type AssignLabelsOptions = LabelNodesOptions & {
  /** The attribute that gets the label. Default `"predictedLabel"`. */
  readonly nodeLabelAttribute?: string;
  /** The attribute that gets the probability of the label. Default `"labelConfidence"`. */
  readonly nodeConfidenceAttribute?: string;
};

/** Options of `multiLabelNodes.assign`. */
export type AssignLabelSetsOptions = MultiLabelNodesOptions & {
  /** The attribute that gets the list of labels. Default `"predictedLabels"`. */
  readonly nodeLabelsAttribute?: string;
  /** The attribute that gets the probability of each label, by its name. Default `"labelProbabilities"`. */
  readonly nodeProbabilitiesAttribute?: string;
};

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

/** The names of {@link MultiLabelNodesOptions}. */
export const multiLabelNodesOptionNames = [
  ...multiLabelClassifierOptionNames,
  "labels",
  "features",
  "split",
  "edgeWeight",
] as const satisfies readonly (keyof MultiLabelNodesOptions)[];

/** The names of {@link AssignLabelSetsOptions}. */
export const assignLabelSetsOptionNames = [
  ...multiLabelNodesOptionNames,
  "nodeLabelsAttribute",
  "nodeProbabilitiesAttribute",
] as const satisfies readonly (keyof AssignLabelSetsOptions)[];
