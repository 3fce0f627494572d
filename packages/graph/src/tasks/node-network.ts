import {
  adam,
  cosineSchedule,
  type Engine,
  type FeatureMatrix,
  OptionError,
  type ParameterOptions,
  Random,
} from "@vicinal/core";
import { normalizeRows } from "../convert/normalize-rows.ts";
import { GAT } from "../models/gat.ts";
import type { LayeredModel } from "../models/layered-model.ts";
import type { HostAttention } from "../sample/attention-in-chunks.ts";
import { type FitResult, fit, type TrainingTask } from "../train/fit.ts";
import { decideByTrial } from "./decide-by-trial.ts";
import { identityFeatures } from "./identity-features.ts";
import { estimatedStepBytes, largestStepBytes } from "./memory-estimate.ts";
import type { NodeNetworkOptions } from "./node-classifier-options.ts";
import type { Choice } from "./node-labeling.ts";
import { NodeLearning } from "./node-learning.ts";
import { NodePredictor } from "./node-predictor.ts";
import type { NodeData, NodeInputs, NodeTargets, PreparedNodeData } from "./node-targets.ts";
import { chooseRecipe, type DataSummary, type Recipe, type SettledOptions } from "./recipe.ts";
import type { SettledSampling } from "./sampling-options.ts";

/** A trained network with its answer for every node. */
export interface TrainedNodeNetwork extends FitResult {
  /** The network, with the weights of the best epoch. */
  readonly model: LayeredModel;
  /** What the network read of the nodes. */
  readonly features: FeatureMatrix;
  /** The probability of each class, or label, for each node: `[nodes * classes]`. */
  readonly probabilities: Float32Array | Float64Array;
  /** What was chosen, and why. */
  readonly choices: readonly Choice[];
  /** Whether each row of features was divided by its sum. */
  readonly normalizeFeatures: boolean;
  /**
   * The attention of the last layer: the edges, their numbers in the edge list, and the weights `[edges * heads]`. Computed when it is first
   * read, with the weights that the model has then, because it takes memory for every edge and head.
   */
  readonly attention: HostAttention;
  /**
   * The probability of each class, or label, for each node of other data, `[nodes * classes]`: a graph that was not trained on, with the same
   * columns of features. Computed in chunks of nodes, so that memory stays bounded.
   *
   * @throws DataError `no-features` for a network that was trained without features, and so knows no nodes but its own; `columns-differ` for
   * features, of nodes or edges, of other columns; `wrong-length`, `index-out-of-range`, `not-finite`.
   */
  predict(inputs: NodeInputs): Promise<Float32Array | Float64Array>;
}

/** What a {@link TrainedNodeNetwork} is trained on. The data have been checked. */
export interface NodeProblem {
  /** What errors begin with. */
  readonly where: string;
  readonly data: NodeData;
  readonly targets: NodeTargets;
  /** How many labels the training nodes carry together. */
  readonly labels: number;
  /** The most bytes that a step on the whole graph may be estimated to take. Default 3 GiB. */
  readonly largestStep?: number;
}

/**
 * Trains a network of nodes: chooses what was left out, decides what a trial can tell, trains, and answers.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, `does-not-apply`, `heads-do-not-divide`; TrainingError `loss-not-finite`.
 */
export async function trainNodeNetwork(problem: NodeProblem, options: NodeNetworkOptions): Promise<TrainedNodeNetwork> {
  const { where, data, targets } = problem;
  checkModel(where, options);
  const given = data.features ?? identityFeatures(data.neighborhood.receivers);
  const { recipe, sampling, samplingChoice } = await chooseSteps(problem, { ...data, features: given }, options);
  const { normalizeFeatures } = recipe.options;
  const prepared = { ...data, features: normalizeFeatures ? normalizeRows(given) : given };
  const run = (settled: SettledOptions, asked: NodeNetworkOptions) =>
    train(prepared, targets, settled, sampling, { ...asked, select: recipe.select });
  const { settled, choices } = recipe.isOpen
    ? await decideByTrial(recipe, data.validation.length, options, run)
    : { settled: recipe.options, choices: recipe.choices };
  const { model, ...result } = await run(settled, options);
  const { engine, signal } = options;
  const predictor = new NodePredictor(model, targets, { where, data, normalizeFeatures, engine });
  // What was trained on at once is answered for at once: no row is computed twice.
  const inChunks = sampling !== undefined;
  const chunked = inChunks ? await import("../on-demand.ts") : undefined;
  let attention: HostAttention | undefined;
  return {
    ...result,
    model,
    features: prepared.features,
    probabilities: await predictor.answer(prepared, { inChunks, signal }),
    choices: samplingChoice === undefined ? choices : [...choices, samplingChoice],
    normalizeFeatures,
    get attention() {
      attention ??=
        chunked === undefined
          ? predictor.attention(prepared)
          : chunked.attentionInChunks(model, prepared.features, {
              neighborhood: data.neighborhood,
              edgeFeatures: data.edgeFeatures,
              engine,
              ...chunked.defaultChunks,
            });
      return attention;
    },
    predict: (inputs) => predictor.predict(inputs),
  };
}

/** The recipe, and whether a step sees the whole graph: as asked for, or unless that would take too much memory. */
async function chooseSteps(
  problem: NodeProblem,
  data: PreparedNodeData,
  options: NodeNetworkOptions,
): Promise<{ readonly recipe: Recipe; readonly sampling?: SettledSampling; readonly samplingChoice?: Choice }> {
  const { where, targets, largestStep = largestStepBytes } = problem;
  if (options.sampling !== undefined) {
    const { checkHops, describeSampling, settledSampling } = await import("../on-demand.ts");
    const sampling = settledSampling(where, options.sampling);
    const recipe = chooseRecipe(summaryOf(problem, sampling), options);
    checkHops(where, recipe.options.layers, sampling);
    return { recipe, sampling, samplingChoice: choiceOf(describeSampling(sampling), "given") };
  }
  const recipe = chooseRecipe(summaryOf(problem), options);
  const bytes = estimatedStepBytes(data, targets.outputs, recipe.options);
  if (!(bytes > largestStep)) return { recipe };
  const { describeSampling, samplingForBytes } = await import("../on-demand.ts");
  const sampling = samplingForBytes(bytes);
  const reason = `a step on the whole graph would take about ${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return {
    recipe: chooseRecipe(summaryOf(problem, sampling), options),
    sampling,
    samplingChoice: choiceOf(describeSampling(sampling), reason),
  };
}

function choiceOf(value: string, reason: string): Choice {
  return { option: "sampling", value, reason };
}

function checkModel(where: string, { model = "gat", outputHeads, residual, normalize }: NodeNetworkOptions): void {
  if (model !== "gat" && model !== "graph-transformer") {
    throw new OptionError(
      "out-of-range",
      `${where}: got the model ${JSON.stringify(model)}; expected "gat" or "graph-transformer".`,
    );
  }
  if (model === "gat") return;
  for (const [name, value] of Object.entries({ outputHeads, residual, normalize })) {
    if (value === undefined) continue;
    throw new OptionError(
      "does-not-apply",
      `${where}: got ${name} for the model "${model}"; expected none. Its blocks have a shortcut and a norm in any case, and one output.`,
    );
  }
}

function summaryOf({ data, targets, labels }: NodeProblem, sampling?: SettledSampling): DataSummary {
  const { neighborhood, validation, features, train } = data;
  return {
    nodes: neighborhood.receivers,
    classes: targets.outputs,
    train: labels,
    validation: validation.length,
    features: features === undefined ? "identity" : features.kind === "csr" ? "sparse" : "dense",
    ...(sampling?.kind === "neighbors" && {
      hops: sampling.fanOut.length,
      stepsPerEpoch: Math.ceil(train.length / sampling.batchSize),
    }),
    ...(sampling?.kind === "clusters" && {
      stepsPerEpoch: Math.ceil(sampling.clusters / sampling.clustersPerBatch),
    }),
  };
}

async function modelFor(
  { features, edgeFeatures }: PreparedNodeData,
  outputs: number,
  settled: SettledOptions,
  parameters: ParameterOptions & Pick<NodeNetworkOptions, "layerOptions" | "registry">,
): Promise<LayeredModel> {
  const { layer, layers, heads, hidden, outputHeads, dropout, residual, normalize } = settled;
  const edgeDim = edgeFeatures?.columns;
  const shared = { ...parameters, layer, layers, heads, hidden, dropout, ...(edgeDim !== undefined && { edgeDim }) };
  if (settled.model === "graph-transformer") {
    const { GraphTransformer } = await import("../on-demand.ts");
    return new GraphTransformer(features.columns, outputs, shared);
  }
  return new GAT(features.columns, outputs, { ...shared, outputHeads, residual, normalize });
}

/**
 * Trains one network from its first weights on. What most graphs do not need is imported when it is needed, so that a page downloads no more than it uses.
 */
async function train(
  data: PreparedNodeData,
  targets: NodeTargets,
  settled: SettledOptions,
  sampling: SettledSampling | undefined,
  {
    engine,
    registry,
    layerOptions,
    seed = 0,
    onProgress,
    signal,
    select,
  }: NodeNetworkOptions & Pick<Parameters<typeof fit>[2], "select">,
): Promise<FitResult & { readonly model: LayeredModel }> {
  const random = new Random(seed);
  const { learningRate, schedule, weightDecay, epochs, patience } = settled;
  const model = await modelFor(data, targets.outputs, settled, {
    random,
    engine,
    ...(registry !== undefined && { registry }),
    ...(layerOptions !== undefined && { layerOptions }),
  });
  const task = await taskFor(model, data, targets, sampling, random, engine);
  const cosine = schedule === "cosine" ? cosineSchedule({ learningRate, steps: epochs }) : undefined;
  const result = await fit(model, task, {
    optimizer: adam(model.parameters(), { learningRate, weightDecay }),
    epochs,
    patience,
    ...(select !== undefined && { select }),
    ...(cosine !== undefined && { schedule: (epoch: number) => cosine(epoch - 1) }),
    random,
    onProgress,
    signal,
  });
  return { ...result, model };
}

async function taskFor(
  model: LayeredModel,
  data: PreparedNodeData,
  targets: NodeTargets,
  sampling: SettledSampling | undefined,
  random: Random,
  engine: Engine | undefined,
): Promise<TrainingTask> {
  if (sampling === undefined) return new NodeLearning(model, data, targets, engine);
  const { sampledTask } = await import("../on-demand.ts");
  return sampledTask(model, data, targets, { ...sampling, seed: random.bits(), engine });
}
