/** The layers that the page offers. */
export type LayerChoice = "gat" | "gatv2" | "transformer";

/** What is asked of a training run. */
export interface TrainingChoices {
  /** The node attribute to predict. */
  readonly label: string;
  /** Node attributes to learn from, those of `structuralFeatures` among them; none lets the network learn each node by itself. */
  readonly features: readonly string[];
  readonly layer: LayerChoice;
  readonly heads: number;
  /** Width of the hidden layer for each head. */
  readonly hiddenPerHead: number;
  readonly epochs: number;
  readonly seed: number;
}

/** What a node attribute holds, as far as the page asks. */
export interface AttributeSummary {
  readonly name: string;
  /** Nodes that have a value. */
  readonly present: number;
  /** Different values; counting stops at `mostDistinct`. */
  readonly distinct: number;
  readonly canBeLabel: boolean;
  readonly canBeFeature: boolean;
}

/** A graph as the page draws it: nodes and edges have numbers, and no attributes. */
export interface DrawnGraph {
  readonly title: string;
  /** What each node is called. */
  readonly names: readonly string[];
  /** The two ends of each edge, by number: `[source, target, source, target, …]`. */
  readonly edges: Uint32Array;
}

/** A graph that was opened, with what can be learned of it. */
export interface OpenedGraph {
  readonly drawn: DrawnGraph;
  readonly attributes: readonly AttributeSummary[];
  /** What to begin with. */
  readonly suggested: TrainingChoices;
  /** Why nothing can be learned, if so. */
  readonly hint: string | undefined;
}

/** What part a node plays in training. */
export type Part = "train" | "validation" | "test" | "unlabelled";

/** The labels of a graph for one training run: known before the first epoch. */
export interface LabelsInUse {
  /** Names of the classes; those that only hidden labels have come last. */
  readonly classes: readonly string[];
  /** The class that each node is known to be of, also where it is hidden from training; -1 where nothing is known. */
  readonly known: Int32Array;
  /** Numbers of {@link parts}, one for each node. */
  readonly parts: Uint8Array;
}

/** By number: see {@link LabelsInUse.parts}. */
export const parts: readonly Part[] = ["unlabelled", "train", "validation", "test"];

/** What was measured in one epoch; null where there is nothing to measure on. */
export interface EpochPoint {
  readonly epoch: number;
  readonly loss: number;
  readonly validationLoss: number | null;
  readonly trainAccuracy: number;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
}

/** An answer for every node. */
export interface Predictions {
  /** The likeliest class. */
  readonly classes: Uint16Array<ArrayBuffer>;
  /** Its probability. */
  readonly confidences: Float32Array<ArrayBuffer>;
}

/** Whom the inspected node attends to. */
export interface RankedNeighbor {
  /** Number of the node that is attended to: the inspected one itself, for attention to itself. */
  readonly node: number;
  /** Number of the edge; -1 for attention to itself that no edge stands for. */
  readonly edge: number;
  /** `[layer][head]`: over the neighbors of one node the weights of a head sum to 1. */
  readonly heads: readonly (readonly number[])[];
}

/** A node, as the network sees it now. */
export interface InspectedNode {
  readonly node: number;
  /** Edges that were taken away, ascending. */
  readonly removedEdges: readonly number[];
  readonly neighbors: readonly RankedNeighbor[];
  /** Probability of each class without the removed edges. */
  readonly probabilities: readonly number[];
  /** Probability of each class with all edges. */
  readonly before: readonly number[];
  /** How many other nodes have another label without the removed edges. */
  readonly othersChanged: number;
  /** The answers for all nodes without the removed edges. */
  readonly predictions: Predictions;
}

/** What can be taken home. */
export type ExportKind = "csv" | "gexf" | "model";

/** What the page asks of the worker. */
export type Request =
  | { readonly kind: "open-karate-club" }
  | { readonly kind: "open-communities"; readonly seed: number }
  | { readonly kind: "open-files"; readonly files: readonly File[] }
  | { readonly kind: "train"; readonly choices: TrainingChoices }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "stop" }
  | { readonly kind: "inspect"; readonly node: number | undefined; readonly removedEdges: readonly number[] }
  | {
      readonly kind: "export";
      readonly what: ExportKind;
      readonly colors: readonly string[];
      readonly places: Float32Array | undefined;
    }
  | { readonly kind: "open-model"; readonly file: File };

/** What the worker tells the page. */
export type Report =
  | { readonly kind: "opened"; readonly opened: OpenedGraph }
  | { readonly kind: "began"; readonly labels: LabelsInUse; readonly threads: number }
  | { readonly kind: "progress"; readonly points: readonly EpochPoint[]; readonly predictions: Predictions | undefined }
  | { readonly kind: "paused"; readonly epoch: number }
  | { readonly kind: "resumed" }
  | { readonly kind: "finished"; readonly result: TrainingResult; readonly predictions: Predictions }
  | {
      readonly kind: "model-opened";
      readonly labels: LabelsInUse;
      readonly predictions: Predictions;
      readonly name: string;
    }
  | { readonly kind: "inspected"; readonly inspected: InspectedNode }
  | {
      readonly kind: "exported";
      readonly name: string;
      readonly type: string;
      readonly content: string | Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: "failed"; readonly during: Request["kind"]; readonly message: string };

/** How a run ended. */
export interface TrainingResult {
  readonly wasStopped: boolean;
  readonly epochs: number;
  /** The epoch whose weights the network has. */
  readonly bestEpoch: number;
  readonly milliseconds: number;
  /** Shares of right answers; null where there is nothing to measure on. */
  readonly accuracy: {
    readonly train: number | null;
    readonly validation: number | null;
    readonly test: number | null;
  };
}
