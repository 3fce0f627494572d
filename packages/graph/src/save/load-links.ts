import {
  checkJsonFields,
  checkOptionNames,
  type Engine,
  type JsonObject,
  type JsonValue,
  jsonField,
  OptionError,
  parseJson,
  type Registry,
  readModels,
} from "@vicinal/core";
import { encoderFromJSON } from "../convert/encoder-from-json.ts";
import type { ComputedFeature } from "../convert/feature-source.ts";
import type { FeatureEncoder } from "../convert/features.ts";
import { builtInRegistry } from "../plugin/built-in-registry.ts";
import { LinkModel } from "../tasks/links/link-model.ts";
import { type LinkReader, linkReader } from "../tasks/links/link-reader.ts";
import { invalidConfiguration } from "./invalid-configuration.ts";
import { isFlag, isNames } from "./json-values.ts";
import { linksPurpose } from "./save-links.ts";

/** Options of {@link loadLinkPrediction}. */
export interface LoadLinkPredictionOptions {
  /** What the network is made with: it must have the plug-ins that it was made of. Default: {@link builtInRegistry}. */
  readonly registry?: Registry | undefined;
  /** Where the network is to be. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
  /** How features that were read by functions are read, by their names. Default: none were. */
  readonly getters?: Readonly<Record<string, ComputedFeature["get"]>> | undefined;
}

/** A network out of a file, which predicts links and embeds nodes. */
export interface LoadedLinkPrediction extends LinkReader {
  /** The network. */
  readonly model: LinkModel;
  /** The key of each node that it knows. */
  readonly nodes: readonly string[];
  /** Whether a link has a direction. */
  readonly directed: boolean;
  /** How the network was trained. */
  readonly training: JsonObject;
}

/**
 * Loads what `save` of `predictLinks.detailed` or `embedNodes.detailed` wrote: the network, the nodes that it knows, and the way from attributes to
 * features. Given the same graph, it answers with the same bits.
 *
 * ```ts
 * const trained = await predictLinks.detailed(graph);
 * const bytes = await trained.save();
 * const missing = await loadLinkPrediction(bytes).predict(graph, { top: 20 });
 * ```
 *
 * Any bytes may be given: everything is checked before anything is built.
 *
 * @throws FileError and PluginError as `readModels`; FileError `invalid-configuration`; OptionError `missing-getter`, `unused-getter`, `unknown-option`.
 */
export function loadLinkPrediction(bytes: Uint8Array, options: LoadLinkPredictionOptions = {}): LoadedLinkPrediction {
  const where = "loadLinkPrediction";
  checkOptionNames(where, options, ["registry", "engine", "getters"]);
  const { registry = builtInRegistry(), engine, getters } = options;
  const { models, details, training } = readModels(bytes, { purpose: linksPurpose, registry, engine });
  checkJsonFields(where, details, ["nodes", "features", "normalizeFeatures"]);
  const [model] = models;
  if (models.length !== 1 || !(model instanceof LinkModel)) {
    throw invalidConfiguration(where, "a file of other models", "one network of links");
  }
  const [count = 0, sides] = model.decoder.popularity.shape;
  const nodes = nodesOf(where, jsonField(where, details, "nodes", isText, "text"), count);
  const normalizeFeatures = jsonField(where, details, "normalizeFeatures", isFlag, "true or false");
  const encoder = encoderFor(where, model, details["features"], getters);
  const directed = sides === 2;
  return {
    model,
    nodes,
    directed,
    training,
    ...linkReader({ model, nodes, directed, encoder, normalizeFeatures, engine }),
  };
}

function nodesOf(where: string, text: string, count: number): readonly string[] {
  const nodes = parseJson(`${where}: the nodes`, text, { depth: 1, values: count + 1 });
  if (isNames(nodes) && nodes.length === count) return nodes;
  throw invalidConfiguration(where, "other nodes", `the keys of ${count} nodes, each once`);
}

function encoderFor(
  where: string,
  { project }: LinkModel,
  saved: JsonValue | undefined,
  getters: LoadLinkPredictionOptions["getters"],
): FeatureEncoder | undefined {
  if (project !== undefined && saved !== undefined && saved !== null) {
    return encoderFromJSON(saved, { columns: project.inputs, getters });
  }
  if (project !== undefined || saved !== null) {
    throw invalidConfiguration(where, "features of another network", "those that the network reads, or null for none");
  }
  if (getters === undefined || Object.keys(getters).length === 0) return undefined;
  throw new OptionError(
    "unused-getter",
    `${where}: got getters; expected none, because the network reads no features.`,
  );
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string";
}
