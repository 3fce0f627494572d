import type { AbstractGraph } from "graphology-types";
import type { ExplainableLabeling } from "../explain/explainable-labeling.ts";
import type { MultiLabelMetrics } from "../metrics/multi-label-metrics.ts";
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
  /** `[heads]`: the weight in each head of the last layer; over the edges of one target they sum to 1 in each head. */
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

/** What a trained network says of the nodes of another graph, by their keys. */
export interface GraphLabels {
  /** The predicted label of every node. */
  readonly labels: Readonly<Record<string, string>>;
  /** The probability of the predicted label. */
  readonly confidences: Readonly<Record<string, number>>;
  /** The probability of each class, in the order of the classes that the network was trained with. */
  readonly probabilities: Readonly<Record<string, readonly number[]>>;
}

/** A {@link NodeLabeling} with the network that it came from. */
export interface TrainedNodeLabeling extends NodeLabeling, ExplainableLabeling {
  /**
   * Labels another graph by the same network, without training: its attributes become features as those of the first graph did. Labels that its
   * nodes carry are not looked at.
   *
   * @throws DataError `no-features` for a network that was trained without features, and so knows no nodes but its own; `not-a-graph`; and for features
   * or weights that cannot be used.
   */
  label(graph: AbstractGraph): Promise<GraphLabels>;
  /**
   * The network, with all that it takes to label other graphs, as one file in the safetensors format: `loadNodeLabeling` reads it. Write it with
   * `writeFileSafely` of `@vicinal/core/node`, or make a `toBlob` of it.
   *
   * @throws DataError `no-features` for a network that was trained without features; `cannot-save` for options that JSON cannot say.
   */
  save(): Promise<Uint8Array<ArrayBuffer>>;
}

/** All that `multiLabelNodes.detailed` found out. Node keys are the graph's. */
export interface MultiLabeling {
  /** The labels of every node: the given ones where they were known, else those predicted. Test nodes get those predicted. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** The predicted labels of every node, also of those whose labels were given. */
  readonly predictions: Readonly<Record<string, readonly string[]>>;
  /**
   * The distinct labels, sorted; labels that test nodes alone carry come last, because they are not learned: their probability is 0.
   * Probabilities, thresholds and metrics are in this order.
   */
  readonly labelNames: readonly string[];
  /** The probability of each label, for every node. */
  readonly probabilities: Readonly<Record<string, readonly number[]>>;
  /** `[labels]`: from which probability on a node is said to carry each label. */
  readonly thresholds: readonly number[];
  /** The part that each node with known labels played: as given by the option `split`, or as it was held out. */
  readonly parts: Readonly<Record<string, SplitPart>>;
  /** On the nodes that were trained on, held out for validation, and held out for testing; undefined when there are none. */
  readonly metrics: {
    readonly train: MultiLabelMetrics;
    readonly validation: MultiLabelMetrics | undefined;
    readonly test: MultiLabelMetrics | undefined;
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

/** What a trained network says of the nodes of another graph, by their keys. */
export interface GraphLabelSets {
  /** The predicted labels of every node. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** The probability of each label, in the order of the labels that the network was trained with. */
  readonly probabilities: Readonly<Record<string, readonly number[]>>;
}

/** A {@link MultiLabeling} with the network that it came from. */
export interface TrainedMultiLabeling extends MultiLabeling, ExplainableLabeling {
  /**
   * Labels another graph by the same network, without training. See {@link TrainedNodeLabeling.label}.
   *
   * @throws As {@link TrainedNodeLabeling.label}.
   */
  label(graph: AbstractGraph): Promise<GraphLabelSets>;
  /** The network as a file, which `loadMultiLabeling` reads. See {@link TrainedNodeLabeling.save}. */
  save(): Promise<Uint8Array<ArrayBuffer>>;
}
