import {
  checkJsonFields,
  checkOptionNames,
  type DenseMatrix,
  type Engine,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonField,
  type LoadedModels,
  type Module,
  OptionError,
  type Registry,
  readModels,
  type SparseNeighborhood,
} from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { graphCollection } from "../batch/batch-graphs.ts";
import type { ConvertGraphsOptions } from "../batch/graphs-to-parts.ts";
import { encoderFromJSON } from "../convert/encoder-from-json.ts";
import type { ComputedFeature } from "../convert/feature-source.ts";
import type { FeatureEncoder } from "../convert/features.ts";
import type { GraphModel } from "../models/graph-model.ts";
import { builtInRegistry } from "../plugin/built-in-registry.ts";
import { type GraphTaskKind, graphTaskKinds } from "../tasks/graphs/graph-answers.ts";
import type { GraphPrediction } from "../tasks/graphs/graph-prediction.ts";
import { GraphPredictor } from "../tasks/graphs/graph-predictor.ts";
import { predictionsOf } from "../tasks/graphs/predictions-of.ts";
import type { Standardization } from "../tasks/graphs/standardization.ts";
import { invalidConfiguration } from "./invalid-configuration.ts";
import { isCount, isFlag, isNames, isNumbers } from "./json-values.ts";
import { modelWidths } from "./model-widths.ts";
import { graphPurposes } from "./save-graph-predictor.ts";

/** Options of {@link loadGraphPredictor}. */
export interface LoadGraphPredictorOptions {
  /** What the networks are made with: it must have the plug-ins that they were made of. Default: {@link builtInRegistry}. */
  readonly registry?: Registry | undefined;
  /** Where the networks are to be. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
}

/** Options of {@link loadGraphPredictions}. */
export interface LoadGraphPredictionsOptions
  extends LoadGraphPredictorOptions,
    Pick<ConvertGraphsOptions, "edgeFeatures" | "encode"> {
  /** How features that were read by functions are read, by their names. Default: none were. */
  readonly getters?: Readonly<Record<string, ComputedFeature["get"]>> | undefined;
}

/** Networks out of a file, which predict graphs. */
export interface LoadedGraphPredictions {
  /** Answers for typed arrays. */
  readonly predictor: GraphPredictor;
  /** What was learned. */
  readonly task: GraphTaskKind;
  /** The names of the targets. */
  readonly targets: readonly string[];
  /** The names of the classes, sorted; empty where none are learned. */
  readonly classes: readonly string[];
  /** How the networks were trained. */
  readonly training: JsonObject;
  /** Predicts graphs. @throws As `graphCollection`; DataError `mixed-widths`. */
  predict(graphs: readonly AbstractGraph[]): Promise<readonly GraphPrediction[]>;
}

/**
 * The predictor of a file that `saveGraphPredictor` wrote: it answers with the same bits. Any bytes may be given: everything is checked before anything is
 * built.
 *
 * @throws FileError and PluginError as `readModels`; FileError `invalid-configuration`; OptionError `unknown-option`.
 */
export function loadGraphPredictor(bytes: Uint8Array, options: LoadGraphPredictorOptions = {}): GraphPredictor {
  const where = "loadGraphPredictor";
  checkOptionNames(where, options, ["registry", "engine"]);
  const { registry = builtInRegistry(), engine } = options;
  const loaded = readModels(bytes, { purpose: graphPurposes.predictor, registry, engine });
  checkJsonFields(where, loaded.details, ["predictor"]);
  return predictorOf(where, loaded, engine);
}

/**
 * Loads what `save` of `predictGraphs.detailed` wrote: the networks, and the way from attributes to features and from numbers to predictions. Given the
 * same graphs, it answers with the same bits.
 *
 * ```ts
 * const trained = await predictGraphs.detailed(molecules, { target: "logS", features: ["element"] });
 * const bytes = await trained.save();
 * const predictions = await loadGraphPredictions(bytes).predict(others);
 * ```
 *
 * @throws As {@link loadGraphPredictor}; OptionError `missing-getter`, `unused-getter`, and `missing-input` or `unexpected-input` for `edgeFeatures` and
 * `encode`.
 */
export function loadGraphPredictions(
  bytes: Uint8Array,
  options: LoadGraphPredictionsOptions = {},
): LoadedGraphPredictions {
  const where = "loadGraphPredictions";
  checkOptionNames(where, options, ["registry", "engine", "getters", "edgeFeatures", "encode"]);
  const { registry = builtInRegistry(), engine } = options;
  const loaded = readModels(bytes, { purpose: graphPurposes.predictions, registry, engine });
  const { details, training } = loaded;
  checkJsonFields(where, details, ["predictor", "targets", "isList", "classes", "features", "edgeFeatures", "encode"]);
  const predictor = predictorOf(where, loaded, engine);
  const { task, width } = predictor;
  const names = jsonField(where, details, "targets", isNames, "a list of texts, each once");
  const isListOfTargets = jsonField(where, details, "isList", isFlag, "true or false");
  const classes = jsonField(where, details, "classes", isNames, "a list of texts, each once");
  const answers = task === "classification" ? classes : names;
  const isOneName = (task === "classification" ? 1 : width) === names.length;
  if (answers.length !== width || !isOneName || (task !== "classification" && classes.length > 0)) {
    throw invalidConfiguration(
      where,
      `${names.length} targets and ${classes.length} classes for ${width} outputs`,
      "a name for each",
    );
  }
  const edgeFeatures = savedGetter(where, "edgeFeatures", details["edgeFeatures"], options.edgeFeatures);
  const encode = savedEncoding(where, details["encode"], loaded, options.encode);
  const encoder = encoderOf(details["features"], predictor, encode !== undefined, options);
  const convert: ConvertGraphsOptions = {
    ...(encoder !== undefined && { features: encoder }),
    ...(edgeFeatures !== undefined && { edgeFeatures }),
    ...(encode !== undefined && { encode }),
  };
  return {
    predictor,
    task,
    targets: names,
    classes,
    training,
    async predict(graphs) {
      const { collection } = graphCollection(graphs, convert);
      const answer = await predictor.detailed(collection);
      return predictionsOf(answer, collection, { task, classes, names, isList: isListOfTargets });
    },
  };
}

function predictorOf(where: string, { models, details }: LoadedModels, engine: Engine | undefined): GraphPredictor {
  const saved = jsonField(where, details, "predictor", isJsonObject, "an object");
  checkJsonFields(where, saved, ["task", "inputs", "edgeDim", "standardization"]);
  const task = jsonField(where, saved, "task", isTask, `one of ${graphTaskKinds.join(", ")}`);
  const inputs = jsonField(where, saved, "inputs", isCount, "a count");
  const edgeDim = jsonField(where, saved, "edgeDim", isCountOrNull, "a count, or null") ?? undefined;
  const ofGraphs = models.filter(isGraphModel);
  const [first] = ofGraphs;
  if (first === undefined || ofGraphs.length < models.length) {
    throw invalidConfiguration(where, "a file of other models", "at least one, all of graphs");
  }
  for (const model of ofGraphs) {
    const widths = modelWidths(where, model);
    if (widths.inputs === inputs && widths.edgeDim === edgeDim && widths.outputs === first.outputs) continue;
    throw invalidConfiguration(
      where,
      `models of other widths than ${inputs} inputs and edgeDim ${edgeDim}`,
      "the same of each",
    );
  }
  const standardization = standardizationOf(where, saved["standardization"], first.outputs);
  if ((task === "regression") !== (standardization !== undefined)) {
    throw invalidConfiguration(
      where,
      `the task "${task}" ${standardization === undefined ? "without" : "with"} a scale of targets`,
      "one for regression alone",
    );
  }
  return new GraphPredictor({ task, models: ofGraphs, widths: { inputs, edgeDim }, standardization, engine });
}

function standardizationOf(where: string, saved: JsonValue | undefined, width: number): Standardization | undefined {
  if (saved === null) return undefined;
  if (isJsonObject(saved)) {
    const { mean, deviation } = saved;
    checkJsonFields(where, saved, ["mean", "deviation"]);
    const isRight = isNumbers(mean) && isNumbers(deviation) && mean.length === width && deviation.length === width;
    if (isRight && deviation.every((each) => each > 0)) return { mean, deviation };
  }
  throw invalidConfiguration(where, "another scale of targets", "a mean, and a deviation above 0, for each; or null");
}

function encoderOf(
  saved: JsonValue | undefined,
  { widths }: GraphPredictor,
  hasEncodings: boolean,
  { getters }: LoadGraphPredictionsOptions,
): FeatureEncoder | undefined {
  if (saved === null || saved === undefined) {
    if (getters === undefined || Object.keys(getters).length === 0) return undefined;
    throw new OptionError(
      "unused-getter",
      "loadGraphPredictions: got getters; expected none, because the networks read no features.",
    );
  }
  return encoderFromJSON(saved, {
    getters,
    ...(hasEncodings ? { mostColumns: widths.inputs } : { columns: widths.inputs }),
  });
}

function savedGetter<Getter>(
  where: string,
  option: string,
  saved: JsonValue | undefined,
  given: Getter | undefined,
): Getter | string | undefined {
  if (saved === "function") return required(where, option, given);
  refuse(where, option, given);
  if (saved === "none") return undefined;
  if (isJsonObject(saved) && Object.keys(saved).length === 1 && typeof saved["attribute"] === "string")
    return saved["attribute"];
  throw invalidConfiguration(where, `another ${option}`, '"none", "function" or an attribute');
}

function savedEncoding(
  where: string,
  saved: JsonValue | undefined,
  { made }: LoadedModels,
  given: ConvertGraphsOptions["encode"],
): ConvertGraphsOptions["encode"] {
  if (saved === "function") return required(where, "encode", given);
  refuse(where, "encode", given);
  if (saved === "none") return undefined;
  const encode = made.get("encode");
  if (saved === "made" && isEncoding(encode)) return encode;
  throw invalidConfiguration(where, "another encode", '"none", "function" or "made", with what makes it');
}

function required<Given>(where: string, option: string, given: Given | undefined): Given {
  if (given !== undefined) return given;
  throw new OptionError(
    "missing-input",
    `${where}: ${option} was a function, which is no part of a file; expected it as the option ${option}.`,
  );
}

function refuse(where: string, option: string, given: unknown): void {
  if (given === undefined) return;
  throw new OptionError(
    "unexpected-input",
    `${where}: got ${option}; expected none, because the file says what it was.`,
  );
}

function isEncoding(
  made: object | undefined,
): made is (neighborhood: SparseNeighborhood, graph: number) => DenseMatrix {
  return typeof made === "function";
}

function isGraphModel(model: Module): model is Module & GraphModel {
  return "outputs" in model && "forward" in model && "detailed" in model && !("networkLayers" in model);
}

function isTask(value: JsonValue | undefined): value is GraphTaskKind {
  return graphTaskKinds.some((kind) => kind === value);
}

function isCountOrNull(value: JsonValue | undefined): value is number | null {
  return value === null || isCount(value);
}
