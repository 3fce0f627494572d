import type { EpochRecord } from "../train/history.ts";
import type { SplitPart } from "./label-nodes-options.ts";

/** One decision that was made for the user, with its reason: what `labelNodes` says it chose. */
export interface Choice {
  /** The option, such as `"dropout"`. */
  readonly option: string;
  /** What the option was set to. */
  readonly value: string | number | boolean;
  /** Why, in a sentence; or that it was given. */
  readonly reason: string;
}

/** How much one node attended to another. */
export interface AttendedEdge {
  /** The key of the graph's edge; undefined for the attention of a node to itself that no edge of the graph stands for. */
  readonly edge: string | undefined;
  /** The node that was attended to. */
  readonly source: string;
  /** The node that attended. */
  readonly target: string;
  /** The weight in each head of the last layer; over the edges of one target they sum to 1 in each head. */
  readonly heads: readonly number[];
  /** The mean over the heads. */
  readonly weight: number;
}

/** How well predictions agree with known labels, over one part of the nodes. */
export interface LabelingMetrics {
  /** Count of nodes. */
  readonly nodes: number;
  /** The share of nodes that were labelled right. */
  readonly accuracy: number;
  /** The unweighted mean of the classes' F1 scores. */
  readonly macroF1: number;
  /** The area under the receiver operating characteristic, for two classes; undefined for more, or when the nodes are of one class only. */
  readonly rocAuc: number | undefined;
  /** `confusion[actual][predicted]` counts nodes, in the order of the classes. */
  readonly confusion: readonly (readonly number[])[];
}

/** All that `labelNodes.detailed` found out. Node keys are the graph's. */
export interface NodeLabeling {
  /** The label of every node: the given one where there was one, else the predicted one. Test nodes get the predicted one. */
  readonly labels: Readonly<Record<string, string>>;
  /** The predicted label of every node, also of those whose label was given. */
  readonly predictions: Readonly<Record<string, string>>;
  /** The probability of the predicted label, for every node. */
  readonly confidences: Readonly<Record<string, number>>;
  /**
   * The distinct labels, sorted; labels that test nodes alone have come last, because they are not learned: their probability is 0.
   * Probabilities and confusion tables are in this order.
   */
  readonly classes: readonly string[];
  /** The probability of each class, for every node. */
  readonly probabilities: Readonly<Record<string, readonly number[]>>;
  /** The part that each labelled node played: as given by the option `split`, or as it was held out. */
  readonly parts: Readonly<Record<string, SplitPart>>;
  /** On the nodes that were trained on, held out for validation, and held out for testing; undefined when there are none. */
  readonly metrics: {
    readonly train: LabelingMetrics;
    readonly validation: LabelingMetrics | undefined;
    readonly test: LabelingMetrics | undefined;
  };
  /** One record an epoch. */
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were kept. */
  readonly bestEpoch: number;
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
  /** The attention of the last layer. */
  readonly attention: readonly AttendedEdge[];
}
