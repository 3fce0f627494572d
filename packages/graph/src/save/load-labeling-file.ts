import {
  checkJsonFields,
  checkOptionNames,
  type Engine,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonField,
  OptionError,
  type Registry,
  readModels,
} from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { encoderFromJSON } from "../convert/encoder-from-json.ts";
import type { ComputedFeature } from "../convert/feature-source.ts";
import type { FeatureEncoder } from "../convert/features.ts";
import type { EdgeGetter } from "../convert/getter.ts";
import { isLayered, type LayeredModel } from "../models/layered-model.ts";
import { builtInRegistry } from "../plugin/built-in-registry.ts";
import { type ReadGraph, readGraph } from "../tasks/labeling-graph.ts";
import { NodePredictor } from "../tasks/node-predictor.ts";
import type { NodeInputs, NodeTargets } from "../tasks/node-targets.ts";
import { invalidConfiguration } from "./invalid-configuration.ts";
import { isCount, isFlag, isList, isNames } from "./json-values.ts";
import { modelWidths } from "./model-widths.ts";
import type { LabelingPurpose } from "./save-labeling.ts";

/** Options of the functions that load what labels nodes. */
export interface LoadLabelingOptions {
  /** What the network is made with: it must have the plug-ins that it was made of. Default: {@link builtInRegistry}. */
  readonly registry?: Registry | undefined;
  /** Where the network is to be. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** How features that were read by functions are read, by their names. Default: none were. */
  readonly getters?: Readonly<Record<string, ComputedFeature["get"]>> | undefined;
  /** How the weight of an edge is read, if it was by a function. Default: by the attribute, if there was one. */
  readonly edgeWeight?: EdgeGetter<number> | undefined;
}

/** What a file of a labeling is made to. */
export interface LoadedLabeling {
  readonly model: LayeredModel;
  readonly names: readonly string[];
  readonly learned: number;
  readonly encoder: FeatureEncoder;
  readonly readsEdgeWeight: boolean;
  readonly normalizeFeatures: boolean;
  readonly more: JsonObject;
  readonly training: JsonObject;
  /** Reads a graph, and computes the probabilities of what was learned, `[nodes * learned]`. */
  predict(
    graph: AbstractGraph,
  ): Promise<{ readonly read: ReadGraph; readonly probabilities: Float32Array | Float64Array }>;
}

/**
 * Reads what `saveLabeling` wrote.
 *
 * @param targetsOf What makes probabilities of logits.
 * @throws As `readModels`; FileError `invalid-configuration`; OptionError `missing-getter`, `unused-getter`, `missing-input` or `unexpected-input` for
 * `edgeWeight`, `unknown-option`.
 */
export function loadLabeling(
  where: string,
  purpose: LabelingPurpose,
  bytes: Uint8Array,
  options: LoadLabelingOptions,
  targetsOf: (learned: number) => NodeTargets,
): LoadedLabeling {
  checkOptionNames(where, options, ["registry", "engine", "getters", "edgeWeight"]);
  const { registry = builtInRegistry(), engine, getters } = options;
  const { models, details, training } = readModels(bytes, { purpose, registry, engine });
  checkJsonFields(where, details, ["features", "edgeWeight", "normalizeFeatures", "names", "learned", "more"]);
  const [model] = models;
  if (models.length !== 1 || model === undefined || !isLayered(model)) {
    throw invalidConfiguration(where, "a file of other models", "one network of nodes that is made of layers");
  }
  const names = jsonField(where, details, "names", isNames, "a list of texts, each once");
  const learned = jsonField(where, details, "learned", isCount, "a count");
  const normalizeFeatures = jsonField(where, details, "normalizeFeatures", isFlag, "true or false");
  const more = jsonField(where, details, "more", isJsonObject, "an object");
  const widths = modelWidths(where, model);
  if (widths.outputs !== learned || learned > names.length) {
    throw invalidConfiguration(
      where,
      `${names.length} labels, ${learned} of them learned, for ${widths.outputs} outputs`,
      "as many as there are outputs",
    );
  }
  const encoder = encoderFromJSON(jsonField(where, details, "features", isList, "a list"), {
    columns: widths.inputs,
    getters,
  });
  const edgeWeight = edgeWeightOf(where, details["edgeWeight"], options.edgeWeight);
  if ((widths.edgeDim ?? 0) !== (edgeWeight === undefined ? 0 : 1)) {
    throw invalidConfiguration(where, `edgeDim ${widths.edgeDim}`, "1 with weights of edges, none without");
  }
  const data = emptyInputs(widths.inputs, edgeWeight !== undefined);
  const predictor = new NodePredictor(model, targetsOf(learned), { where, data, normalizeFeatures, engine });
  return {
    model,
    names,
    learned,
    encoder,
    readsEdgeWeight: edgeWeight !== undefined,
    normalizeFeatures,
    more,
    training,
    async predict(graph) {
      const read = readGraph(graph, encoder, edgeWeight);
      return { read, probabilities: await predictor.predict(read.inputs) };
    },
  };
}

/** What a predictor looks at to know the columns that its network was trained with. */
function emptyInputs(columns: number, hasWeights: boolean): Pick<NodeInputs, "features" | "edgeFeatures"> {
  const empty = (width: number) => ({ kind: "dense", rows: 0, columns: width, values: new Float32Array() }) as const;
  return { features: empty(columns), edgeFeatures: hasWeights ? empty(1) : undefined };
}

function edgeWeightOf(
  where: string,
  saved: JsonValue | undefined,
  given: EdgeGetter<number> | undefined,
): EdgeGetter<number> | undefined {
  if (saved === "function") {
    if (given !== undefined) return given;
    throw new OptionError(
      "missing-input",
      `${where}: the weights of edges were read by a function, which is no part of a file; expected it as edgeWeight.`,
    );
  }
  if (given !== undefined) {
    throw new OptionError(
      "unexpected-input",
      `${where}: got edgeWeight; expected none, because the network ${saved === "none" ? "reads no weights of edges" : "reads them from an attribute"}.`,
    );
  }
  if (saved === "none") return undefined;
  if (isJsonObject(saved) && Object.keys(saved).length === 1 && typeof saved["attribute"] === "string") {
    return saved["attribute"];
  }
  throw invalidConfiguration(where, "another edgeWeight", '"none", "function" or an attribute');
}
