import type { NodeClassifierOptions } from "./node-classifier-options.ts";
import type { Choice } from "./node-labeling.ts";

/** The options that a recipe settles. */
export type SettledOptions = Required<
  Pick<
    NodeClassifierOptions,
    | "layer"
    | "layers"
    | "heads"
    | "hidden"
    | "dropout"
    | "residual"
    | "normalize"
    | "normalizeFeatures"
    | "learningRate"
    | "weightDecay"
    | "epochs"
    | "patience"
  >
>;

/** What a recipe looks at. */
export interface DataSummary {
  readonly nodes: number;
  readonly classes: number;
  /** Nodes that are trained on. */
  readonly train: number;
  /** Nodes held out to decide when to stop. */
  readonly validation: number;
  /** `"identity"` when nodes come without features. */
  readonly features: "dense" | "sparse" | "identity";
}

/** A recipe with the reasons for it. */
export interface Recipe {
  readonly options: SettledOptions;
  readonly choices: readonly Choice[];
}

/** A graph whose labels are this rare is learned by the recipe of the GAT paper, whose graphs have 20 labels a class. */
const fewLabelsPerClass = 60;

/**
 * Chooses what was left out. The recipe of the GAT paper (heavy dropout, weight decay) is made for a handful of labels a class and too
 * timid where labels are plentiful: there the network is wider in what it keeps, each layer also sees the node itself, and steps are larger.
 */
export function chooseRecipe(data: DataSummary, given: NodeClassifierOptions): Recipe {
  const perClass = data.train / data.classes;
  const few = perClass < fewLabelsPerClass;
  const counted = `${data.train} labels for ${data.classes} classes`;
  const choices: Choice[] = [];
  const choose = <T extends string | number | boolean>(
    option: string,
    asked: T | undefined,
    value: T,
    reason: string,
  ): T => {
    choices.push({ option, value: asked ?? value, reason: asked === undefined ? reason : "given" });
    return asked ?? value;
  };
  const scarcity = few ? `few labels (${counted}): as in the GAT paper` : `many labels (${counted})`;
  const options: SettledOptions = {
    layer: choose("layer", given.layer, few ? "gat" : "gat", scarcity),
    layers: choose("layers", given.layers, 2, "neighbors of neighbors are seen"),
    heads: choose("heads", given.heads, 8, "as in the GAT paper"),
    hidden: choose("hidden", given.hidden, 64, "as in the GAT paper"),
    dropout: choose("dropout", given.dropout, few ? 0.6 : 0.3, scarcity),
    residual: choose(
      "residual",
      given.residual,
      !few,
      few ? scarcity : `${scarcity}: a node's own features can be trusted`,
    ),
    normalize: choose("normalize", given.normalize, false, "as in the GAT paper"),
    normalizeFeatures: choose(
      "normalizeFeatures",
      given.normalizeFeatures,
      data.features === "sparse",
      data.features === "sparse" ? "rows of sparse features differ in length" : "features are dense or absent",
    ),
    learningRate: choose("learningRate", given.learningRate, few ? 0.005 : 0.01, scarcity),
    weightDecay: choose("weightDecay", given.weightDecay, few ? 5e-4 : 0, scarcity),
    epochs: choose("epochs", given.epochs, few ? 1000 : 300, scarcity),
    patience: choose("patience", given.patience, few ? 100 : 50, scarcity),
  };
  return { options, choices };
}
