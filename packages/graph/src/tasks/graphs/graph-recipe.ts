import { OptionError } from "@vicinal/core";
import type { Selection } from "../../train/fit.ts";
import type { Choice } from "../node-labeling.ts";
import { type GraphTaskKind, graphTaskKinds } from "./graph-answers.ts";
import type { GraphMetricName } from "./graph-classification.ts";
import type { GraphModelName, GraphPredictorOptions } from "./graph-predictor-options.ts";

/** What a graph recipe looks at. */
export interface GraphDataSummary {
  /** Graphs that are trained on. */
  readonly train: number;
  /** Graphs held out to decide when to stop. */
  readonly validation: number;
}

/** The options that a graph recipe settles. */
export interface SettledGraphOptions {
  readonly task: GraphTaskKind;
  readonly model: NonNullable<GraphPredictorOptions["model"]>;
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly schedule: NonNullable<GraphPredictorOptions["schedule"]>;
  readonly weightDecay: number;
  readonly batchSize: number;
  readonly epochs: number;
  readonly patience: number;
  readonly select: Selection;
  readonly metric: GraphMetricName;
}

/** A recipe with the reasons for it. */
export interface GraphRecipe {
  readonly options: SettledGraphOptions;
  readonly choices: readonly Choice[];
}

/** Shape of a network and size of its steps, by its name. */
interface ModelDefaults {
  /** By count of graphs that are trained on. */
  readonly hidden: (train: number) => number;
  readonly layers: number;
  readonly heads: number;
  readonly learningRate: number;
  readonly why: string;
}

const attentive = {
  hidden: () => 64,
  layers: 3,
  heads: 4,
  learningRate: 2e-3,
  why: "layers of attention, with several heads each",
};

const defaults: Readonly<Record<GraphModelName, ModelDefaults>> = {
  "attentive-fp": {
    // Of few graphs the wider network learns better, and takes little time.
    hidden: (train) => (train < 2000 ? 128 : 64),
    layers: 2,
    heads: 1,
    learningRate: 2e-3,
    why: "does well on properties of molecules",
  },
  gat: attentive,
  gatv2: attentive,
  transformer: attentive,
  gin: { hidden: () => 64, layers: 4, heads: 1, learningRate: 0.01, why: "as in the GIN paper" },
};

/** The names of the networks. */
const graphModelNames = Object.keys(defaults);

/** Epochs of a run that is long enough where there are steps enough. */
const usualEpochs = 120;

/** Steps that a run should have, and the most epochs that small data gets for it. */
const few = { steps: 1500, epochs: 300 } as const;

/** Training graphs from which on a batch has so many. */
const batchSizes = [
  { from: 640, size: 64 },
  { from: 160, size: 32 },
  { from: 0, size: 16 },
] as const;

/**
 * Chooses what was left out: the recipe by which AttentiveFP (Xiong et al., J. Med. Chem. 2020) trains on solubility and lipophilicity, with batches and
 * epochs that suit the count of graphs.
 *
 * @throws OptionError `out-of-range` for what no part of the network checks, `does-not-apply` for an option that the task or the network does not read.
 */
export function chooseGraphRecipe(data: GraphDataSummary, given: GraphPredictorOptions): GraphRecipe {
  checkOptions(given);
  const choices: Choice[] = [];
  const settle = <T>(option: string, asked: T | undefined, value: T, reason: string): T => {
    const settled = asked ?? value;
    choices.push({ option, value: nameOf(settled), reason: asked === undefined ? reason : "given" });
    return settled;
  };
  const { task = "regression" } = given;
  const byName = typeof given.model === "function" ? undefined : defaultsOf(given.model);
  const shape = byName ?? defaults["attentive-fp"];
  const named = given.model === undefined ? shape.why : "given";
  const ofModel = byName === undefined ? "for a network of one's own" : shape.why;
  const size = batchSizes.find(({ from }) => data.train >= from)!.size;
  const steps = Math.ceil(data.train / (given.batchSize ?? size));
  const epochs = Math.min(few.epochs, Math.max(usualEpochs, Math.ceil(few.steps / steps)));
  const graphs = `${data.train} training graphs`;
  const cosine = "steps start large and shrink to nothing";
  const model = settle("model", given.model, "attentive-fp", named);
  const settledShape = {
    hidden: given.hidden ?? shape.hidden(data.train),
    layers: given.layers ?? shape.layers,
    heads: given.heads ?? shape.heads,
    dropout: given.dropout ?? 0.2,
  };
  if (byName !== undefined) {
    settle("hidden", given.hidden, settledShape.hidden, "does well on properties of molecules");
    settle("layers", given.layers, settledShape.layers, ofModel);
    if (shape.heads > 1) settle("heads", given.heads, settledShape.heads, ofModel);
    settle("dropout", given.dropout, settledShape.dropout, "does well on properties of molecules");
  }
  const settledEpochs = settle("epochs", given.epochs, epochs, `${graphs}: about ${steps * epochs} steps`);
  const options: SettledGraphOptions = {
    task,
    model,
    ...settledShape,
    learningRate: settle("learningRate", given.learningRate, shape.learningRate, ofModel),
    schedule: settle("schedule", given.schedule, "cosine", cosine),
    weightDecay: settle("weightDecay", given.weightDecay, 1e-5, "dropout does most of the work"),
    batchSize: settle("batchSize", given.batchSize, size, graphs),
    epochs: settledEpochs,
    patience: settle("patience", given.patience, settledEpochs, "the last epochs of a cosine are often its best"),
    select: data.validation === 0 ? "loss" : settle("select", given.select, ...selectionFor(task, given)),
    metric: given.metric ?? (task === "multi-task" ? "roc-auc" : "accuracy"),
  };
  return { options, choices };
}

/** Which epoch's weights are kept, and why. */
function selectionFor(
  task: GraphTaskKind,
  { schedule = "cosine", patience }: GraphPredictorOptions,
): [Selection, string] {
  if (task !== "regression") return ["metric", "what is measured is what counts"];
  // Where training may stop early, the last epoch is one after which nothing became better.
  if (schedule !== "cosine" || patience !== undefined) return ["loss", "the error is what counts"];
  return ["last", "steps that shrink to nothing end at the most settled weights"];
}

function isGraphModel(name: string): name is GraphModelName {
  return Object.hasOwn(defaults, name);
}

/** A layer of a registry is one that attends. */
function defaultsOf(model: string = "attentive-fp"): ModelDefaults {
  return isGraphModel(model) ? defaults[model] : attentive;
}

function nameOf(value: unknown): string | number | boolean {
  if (typeof value === "number" || typeof value === "boolean") return value;
  return typeof value === "function" ? value.name || "a function" : String(value);
}

function checkOptions(given: GraphPredictorOptions): void {
  const { task = "regression", model, registry, schedule, ensemble, heads, metric, classWeights } = given;
  const refuse = (name: string, value: unknown, expected: string): never => {
    throw new OptionError(
      "out-of-range",
      `trainGraphPredictor: got ${name} ${JSON.stringify(value)}; expected ${expected}.`,
    );
  };
  if (!graphTaskKinds.includes(task)) refuse("task", task, '"regression", "classification" or "multi-task"');
  if (model !== undefined && typeof model !== "function" && !isGraphModel(model) && !registry?.has("layers", model)) {
    const known = [...graphModelNames, ...(registry?.names("layers") ?? [])];
    refuse("model", model, `one of ${known.map((name) => `"${name}"`).join(", ")}, or a function`);
  }
  if (schedule !== undefined && typeof schedule !== "function" && schedule !== "constant" && schedule !== "cosine") {
    refuse("schedule", schedule, '"constant", "cosine" or a function of the epoch');
  }
  for (const [name, count] of Object.entries({ ensemble, batchSize: given.batchSize })) {
    if (count === undefined || (Number.isSafeInteger(count) && count > 0)) continue;
    refuse(name, count, "a whole number above 0");
  }
  const names = { hidden: given.hidden, layers: given.layers, heads, dropout: given.dropout };
  const unread =
    typeof model === "function"
      ? Object.entries(names)
      : Object.entries({ heads }).filter(() => defaultsOf(model).heads === 1);
  for (const [name, value] of unread) {
    if (value === undefined) continue;
    throw new OptionError(
      "does-not-apply",
      `trainGraphPredictor: got ${name} for ${typeof model === "function" ? "a network of one's own" : `the model "${model ?? "attentive-fp"}"`}; ` +
        "expected none, because it is not read there.",
    );
  }
  for (const [name, value] of Object.entries({ metric, classWeights })) {
    if (value === undefined || task !== "regression") continue;
    throw new OptionError(
      "does-not-apply",
      `trainGraphPredictor: got ${name} for the task "regression"; expected none. Numbers have no classes.`,
    );
  }
}
