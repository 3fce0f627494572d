import { DataError, FileError, type JsonObject, readModels, writeModels } from "@vicinal/core";
import {
  builtInRegistry,
  encoderFromJSON,
  type FeatureEncoder,
  loadNodeLabeling,
  type NodeModel,
  neighborhoodOf,
} from "@vicinal/graph";
import type { AbstractGraph } from "graphology-types";
import { AnsweringNetwork } from "./network.ts";
import { assignStructure } from "./structural-features.ts";

/** What `labelNodes` writes and `loadNodeLabeling` reads: a model of the page works in Node, and the other way round. */
const purpose = "labels of nodes";

/**
 * A network as a safetensors file.
 *
 * @throws DataError `no-features`, `cannot-save`.
 */
export function writeModelFile(
  { model, inputs, classes, learned }: AnsweringNetwork,
  training: object,
): Promise<Uint8Array<ArrayBuffer>> {
  const { encoder } = inputs;
  if (encoder === undefined) {
    throw new DataError(
      "no-features",
      "a network that was trained without features knows no nodes but its own, so a file of it would be of no use. Choose a feature and train again.",
    );
  }
  return writeModels({
    purpose,
    models: [model],
    details: {
      features: encoder.fitted,
      edgeWeight: "none",
      normalizeFeatures: false,
      names: classes,
      learned,
      more: {},
    },
    training,
  });
}

/** A network out of a file, before it has seen a graph. */
export interface ReadModel {
  readonly model: NodeModel;
  readonly classes: readonly string[];
  readonly learned: number;
  readonly encoder: FeatureEncoder;
}

/**
 * Reads a file that the page or `labelNodes` of the library wrote. It may come from a stranger: all of it is checked first.
 *
 * @throws FileError and PluginError; see `loadNodeLabeling`. FileError `does-not-apply` for a network that reads weights of edges.
 */
export function readModelFile(bytes: Uint8Array): ReadModel {
  const { model, classes } = loadNodeLabeling(bytes);
  // It has been checked by now; what it says of features is not part of what was loaded.
  const details: JsonObject = readModels(bytes, { purpose, registry: builtInRegistry() }).details;
  const { features, learned, edgeWeight, normalizeFeatures } = details;
  if (edgeWeight !== "none" || normalizeFeatures !== false || features === undefined || typeof learned !== "number") {
    throw new FileError(
      "does-not-apply",
      "the network reads weights of edges, or features that are divided by their sum, which this page does not. Use it with the library.",
    );
  }
  return { model, classes, learned, encoder: encoderFromJSON(features) };
}

/**
 * Lets a network out of a file answer for a graph.
 *
 * @throws DataError for a graph whose attributes are not those that the network reads.
 */
export function networkFromFile(read: ReadModel, graph: AbstractGraph): AnsweringNetwork {
  const names = read.encoder.fitted.flatMap(({ attribute }) => attribute ?? []);
  assignStructure(graph, names);
  const missing = names.filter((name) => !graph.someNode((_, attributes) => attributes[name] !== undefined));
  if (missing.length > 0) {
    throw new DataError(
      "unknown-attribute",
      `the network reads the node attribute ${missing.map((name) => `"${name}"`).join(", ")}, which no node of this graph has. Open the graph that it is for first.`,
    );
  }
  const { matrix } = read.encoder.encode(graph);
  const inputs = { converted: neighborhoodOf(graph), features: matrix, encoder: read.encoder };
  return new AnsweringNetwork(read.model, inputs, read, graph.edges());
}
