import type { Selection } from "../train/fit.ts";
import type { NodeNetworkOptions } from "./node-classifier-options.ts";
import type { Choice } from "./node-labeling.ts";

/** The options that a recipe settles. */
export type SettledOptions = Required<
  Pick<
    NodeNetworkOptions,
    | "model"
    | "layer"
    | "layers"
    | "heads"
    | "hidden"
    | "outputHeads"
    | "dropout"
    | "residual"
    | "normalize"
    | "normalizeFeatures"
    | "learningRate"
    | "schedule"
    | "weightDecay"
    | "epochs"
    | "patience"
  >
>;

/** What a recipe looks at. */
export interface DataSummary {
  readonly nodes: number;
  /** Classes that a node can be of, or labels that it can carry. */
  readonly classes: number;
  /** Labels to learn from: one a training node, or as many as it carries. */
  readonly train: number;
  /** Nodes held out to decide when to stop. */
  readonly validation: number;
  /** `"identity"` when nodes come without features. */
  readonly features: "dense" | "sparse" | "identity";
  /** How many hops neighbors are drawn over; undefined where all are seen. */
  readonly hops?: number;
  /** Steps of training in an epoch. Default 1: the whole graph in each. */
  readonly stepsPerEpoch?: number;
}

/** A recipe with the reasons for it. */
export interface Recipe {
  readonly options: SettledOptions;
  readonly choices: readonly Choice[];
  /** Which epoch's weights are kept. */
  readonly select: Selection;
  /** Whether it should be tried on the validation nodes which of {@link alternatives} does better. */
  readonly isOpen: boolean;
}

/**
 * With few labels it depends on the features whether a node should see itself apart from its neighbors: where they tell a class by themselves
 * (co-authors' keywords) it gains, where they are noisy (a few words of an abstract) it loses. The labels alone do not say which it
 * is; a short run of each does.
 */
export const alternatives: readonly Pick<SettledOptions, "residual" | "learningRate">[] = [
  { residual: false, learningRate: 0.005 },
  { residual: true, learningRate: 0.01 },
];

/** Length and step size of a trial. */
export const trial = { epochs: 60, learningRate: 0.01 } as const;

/** The fewest validation nodes that a trial may be decided by. */
const enoughToTry = 100;

/** Below so many training labels a class they count as few: the graphs of the GAT paper have 20. */
const manyLabelsPerClass = 60;

/** The fewest epochs, however many steps each has. */
const fewestEpochs = 20;

/** What differs between the recipes. */
type Regime = Pick<
  SettledOptions,
  | "model"
  | "layers"
  | "outputHeads"
  | "dropout"
  | "residual"
  | "learningRate"
  | "schedule"
  | "weightDecay"
  | "epochs"
  | "patience"
>;

/**
 * With nothing held out nothing says when to stop: a short run. With few labels a class the recipe of the GAT paper, heavy dropout
 * and weight decay. That recipe is too timid where labels are plentiful: there each layer also sees the node itself, several heads answer
 * together, and steps start large and shrink to nothing.
 */
const regimes = {
  handful: {
    model: "gat",
    layers: 2,
    outputHeads: 1,
    dropout: 0.3,
    residual: false,
    learningRate: 0.01,
    schedule: "constant",
    weightDecay: 5e-4,
    epochs: 100,
    patience: 100,
  },
  few: {
    model: "gat",
    layers: 2,
    outputHeads: 1,
    dropout: 0.6,
    residual: false,
    learningRate: 0.005,
    schedule: "constant",
    weightDecay: 5e-4,
    epochs: 1000,
    patience: 100,
  },
  many: {
    model: "gat",
    layers: 2,
    outputHeads: 8,
    dropout: 0.5,
    residual: true,
    learningRate: 0.01,
    schedule: "cosine",
    weightDecay: 0,
    epochs: 120,
    patience: 120,
  },
  dense: {
    model: "graph-transformer",
    layers: 5,
    outputHeads: 1,
    dropout: 0.2,
    residual: true,
    learningRate: 0.003,
    schedule: "cosine",
    weightDecay: 0,
    epochs: 400,
    patience: 400,
  },
} as const satisfies Readonly<Record<string, Regime>>;

const reasons: Readonly<Record<keyof typeof regimes, string>> = {
  handful: "no labels held out to say when to stop: a short run",
  few: "few labels: as in the GAT paper",
  many: "many labels: each layer also sees the node itself, and steps start large and shrink to nothing",
  dense:
    "many labels, and dense features that say more together with those of nodes further away: a deeper stack with shortcuts",
};

/**
 * With several steps in an epoch fewer epochs do, but not as few as would make as many steps: a step on a part of the graph teaches less. On planted
 * communities the square root lost nothing against the whole graph, as many steps up to five points.
 */
function fewerEpochs(epochs: number, stepsPerEpoch: number): number {
  return Math.min(epochs, Math.max(fewestEpochs, Math.ceil(epochs / Math.sqrt(stepsPerEpoch))));
}

/** Chooses what was left out by the size of the data and the share of labels. */
export function chooseRecipe(data: DataSummary, given: NodeNetworkOptions): Recipe {
  const labels = `${data.train} training labels for ${data.classes} classes`;
  const isMany = data.train / data.classes >= manyLabelsPerClass;
  // Options that only a GAT has ask for one.
  const isGAT =
    given.model === "gat" || [given.outputHeads, given.residual, given.normalize].some((x) => x !== undefined);
  const plentiful = data.features === "dense" && !isGAT ? "dense" : "many";
  const name = data.validation === 0 ? "handful" : isMany ? plentiful : "few";
  const regime: Regime = given.model === "graph-transformer" ? regimes.dense : regimes[name];
  const why = `${reasons[name]} (${labels})`;
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
  const asInPaper = "as in the GAT paper";
  const isSparse = data.features === "sparse";
  const isBlocks = (given.model ?? regime.model) === "graph-transformer";
  const seen = "neighbors of neighbors are seen";
  const { hops, stepsPerEpoch = 1 } = data;
  const epochs = fewerEpochs(regime.epochs, stepsPerEpoch);
  const inSteps = stepsPerEpoch === 1 ? why : `${why}, and ${stepsPerEpoch} steps in each`;
  const options: SettledOptions = {
    model: choose("model", given.model, regime.model, why),
    layer: choose("layer", given.layer, "gat", asInPaper),
    layers:
      hops === undefined
        ? choose("layers", given.layers, regime.layers, isBlocks ? why : seen)
        : choose("layers", given.layers, hops, "one for each number of the fan-out"),
    heads: choose("heads", given.heads, 8, asInPaper),
    hidden: choose("hidden", given.hidden, 8 * (given.heads ?? 8), `8 a head, ${asInPaper}`),
    outputHeads: choose("outputHeads", given.outputHeads, regime.outputHeads, why),
    dropout:
      isMany && data.features === "identity"
        ? choose("dropout", given.dropout, 0.3, `${why}, and no features to lean on too much`)
        : choose("dropout", given.dropout, regime.dropout, why),
    residual: choose("residual", given.residual, regime.residual, why),
    normalize: choose("normalize", given.normalize, isBlocks, isBlocks ? "as every block does" : asInPaper),
    normalizeFeatures: choose(
      "normalizeFeatures",
      given.normalizeFeatures,
      isSparse,
      isSparse ? "rows of sparse features differ in length" : "features are dense or absent",
    ),
    learningRate: choose("learningRate", given.learningRate, regime.learningRate, why),
    schedule: choose("schedule", given.schedule, regime.schedule, why),
    weightDecay: choose("weightDecay", given.weightDecay, regime.weightDecay, why),
    epochs: choose("epochs", given.epochs, epochs, inSteps),
    patience: choose("patience", given.patience, Math.min(regime.patience, epochs), inSteps),
  };
  const isOpen =
    name === "few" &&
    !isBlocks &&
    data.validation >= enoughToTry &&
    data.features !== "identity" &&
    given.residual === undefined &&
    given.learningRate === undefined;
  // The last epochs of a cosine are its best in the metric, long after the loss has begun to rise.
  return { options, choices, select: isMany || isBlocks ? "metric" : "both", isOpen };
}
