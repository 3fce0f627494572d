import type { TableColumns } from "./table/training-table.ts";

/** The networks that can be chosen. */
export const networkNames = ["attentive-fp", "gatv2", "gat", "transformer"] as const;

/** One of {@link networkNames}. */
export type NetworkName = (typeof networkNames)[number];

/** How networks are trained. */
export interface TrainingSettings {
  readonly network: NetworkName;
  /** Width of the hidden layers. */
  readonly hidden: number;
  /** Count of networks, whose mean is the prediction and whose spread is its uncertainty. */
  readonly networks: number;
  /** Passes over the training molecules. */
  readonly epochs: number;
  readonly seed: number;
}

/** What is learned from: the list that comes with the page, or the table that was read last. */
export type TrainingSource =
  | { readonly kind: "embedded" }
  | { readonly kind: "table"; readonly columns: TableColumns; readonly unit: string };

/** What the page asks of the worker. */
export type MoleculeRequest =
  /** These are the molecules to predict from now on. `list` numbers what the text box held, so that late answers are told from right ones. */
  | { readonly kind: "list"; readonly list: number; readonly smiles: readonly string[] }
  | { readonly kind: "draw"; readonly list: number; readonly places: readonly number[] }
  | { readonly kind: "table"; readonly name: string; readonly text: string }
  | { readonly kind: "train"; readonly source: TrainingSource; readonly settings: TrainingSettings }
  | { readonly kind: "pause" }
  | { readonly kind: "resume" }
  | { readonly kind: "stop" }
  | { readonly kind: "load"; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: "save" };

/** A molecule of the list that was read. */
export interface ReadMolecule {
  /** Its place in the list, from 0. */
  readonly place: number;
  readonly formula: string;
  /** `[atoms]`, such as `"Cl"`. */
  readonly elements: readonly string[];
}

/** A molecule that could not be read. */
export interface UnreadMolecule {
  /** Its place in the list, from 0; in a table, its row from 1. */
  readonly place: number;
  readonly smiles: string;
  readonly reason: string;
}

/** The part that a molecule plays in training. */
export type Part = "train" | "validation" | "test";

/** What is said of a molecule. */
export interface Prediction {
  /** Its place in the list, from 0. */
  readonly place: number;
  /** `[targets]`: numbers in their unit, or the probability of a yes. */
  readonly values: readonly number[];
  /** `[targets]`: standard deviation between the networks; undefined for one network. */
  readonly uncertainty: readonly number[] | undefined;
  /** `[atoms]`, summing to 1; undefined where the networks do not attend to atoms. */
  readonly attention: readonly number[] | undefined;
  /** `[targets]`: what is known; undefined where nothing is. */
  readonly known: readonly (number | undefined)[];
  /** Undefined for a molecule that is not among those that were trained and measured on. */
  readonly part: Part | undefined;
}

/** How well the molecules that were held out are predicted. */
export interface HeldOutScores {
  /** Count of molecules. */
  readonly molecules: number;
  readonly part: Part;
  /** Of numbers, in their unit. */
  readonly rmse: number | undefined;
  readonly mae: number | undefined;
  readonly rSquared: number | undefined;
  /** RMSE of who answers with the mean of the training part. */
  readonly rmseOfMean: number | undefined;
  /** Area under the ROC curve, of answers yes and no. */
  readonly rocAuc: number | undefined;
}

/** What is learned, of numbers or of answers yes and no. */
export type LearnedTask = "regression" | "multi-task";

/** What a model answers. */
export interface ModelFacts {
  readonly title: string;
  readonly task: LearnedTask;
  readonly targetNames: readonly string[];
  /** Empty where there is none, or it is not known. */
  readonly unit: string;
  /** Where the numbers that were learned come from. */
  readonly origin: "computed" | "measured";
}

/** A model that predicts. */
export interface ModelSummary extends ModelFacts {
  readonly networks: number;
  /** Whether it attends to atoms. */
  readonly attends: boolean;
  readonly from: ModelOrigin;
}

/** How a model came to be here. */
export type ModelOrigin =
  | { readonly kind: "file"; readonly name: string }
  | {
      readonly kind: "trained";
      readonly epochs: number;
      /** Whether it was stopped before its last epoch. */
      readonly stopped: boolean;
      readonly seconds: number;
      /** Count of molecules that were trained on. */
      readonly molecules: number;
      readonly scores: HeldOutScores;
      /** Rows that hold no molecule. */
      readonly unread: readonly UnreadMolecule[];
    };

/** How far training has come. */
export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Mean squared error of standardized numbers, or cross entropy; the mean over the networks. */
  readonly loss: number;
  /** The same on the validation part; undefined without one. */
  readonly validationLoss: number | undefined;
  /** RMSE in the unit of the target, or area under the ROC curve, on the validation part; the mean over the networks. */
  readonly validationScore: number | undefined;
  readonly seconds: number;
}

/** What was asked for when something failed. */
export type Undertaking = "list" | "table" | "train" | "load" | "save";

/** What the worker answers. */
export type MoleculeReply =
  /** The chemistry is loaded. */
  | { readonly kind: "ready"; readonly compounds: number }
  | {
      readonly kind: "listed";
      readonly list: number;
      readonly molecules: readonly ReadMolecule[];
      readonly unread: readonly UnreadMolecule[];
    }
  | { readonly kind: "drawn"; readonly list: number; readonly drawings: readonly Drawing[] }
  /** While training, what the networks say at that moment. */
  | {
      readonly kind: "predicted";
      readonly list: number;
      readonly facts: ModelFacts;
      readonly predictions: readonly Prediction[];
    }
  | {
      readonly kind: "table";
      readonly name: string;
      readonly columns: readonly string[];
      readonly rows: number;
      readonly guess: Partial<TableColumns>;
    }
  /** The networks are made; training begins. */
  | { readonly kind: "training"; readonly molecules: number; readonly facts: ModelFacts }
  | { readonly kind: "progress"; readonly progress: TrainingProgress }
  | { readonly kind: "paused" }
  | { readonly kind: "trained"; readonly model: ModelSummary }
  /** Training was stopped before anything was learned; the model before it, if any, is still there. */
  | { readonly kind: "stopped" }
  | { readonly kind: "loaded"; readonly model: ModelSummary }
  | { readonly kind: "saved"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly doing: Undertaking; readonly sentence: string };

/** A molecule as openchemlib draws it. */
export interface Drawing {
  readonly place: number;
  /** SVG whose circles are discs behind the atoms, in their order. */
  readonly svg: string;
}
