import { DataError, FileError } from "@vicinal/core";
import { type LoadedNodeLabeling, loadNodeLabeling, neighborhoodOf, saveNodeLabeling } from "@vicinal/graph";
import type { AbstractGraph } from "graphology-types";
import { AnsweringNetwork } from "./network.ts";
import { assignStructure } from "./structural-features.ts";

/**
 * A network as a safetensors file, as `labelNodes` writes it: a model of the page works in Node, and the other way round.
 *
 * @throws DataError `no-features`, `cannot-save`.
 */
export async function writeModelFile(
  { model, inputs: { encoder }, classes, learned }: AnsweringNetwork,
  training: object,
): Promise<Uint8Array<ArrayBuffer>> {
  if (encoder === undefined) {
    throw new DataError(
      "no-features",
      "a network that was trained without features knows no nodes but its own, so a file of it would be of no use. Choose a feature and train again.",
    );
  }
  return saveNodeLabeling({ model, encoder, classes, learned, training });
}

/** A network out of a file, before it has seen a graph. */
export type ReadModel = LoadedNodeLabeling;

/**
 * Reads a file that the page or `labelNodes` of the library wrote. It may come from a stranger: all of it is checked first.
 *
 * @throws FileError and PluginError; see `loadNodeLabeling`. FileError `does-not-apply` for a network that reads weights of edges.
 */
export function readModelFile(bytes: Uint8Array): ReadModel {
  const loaded = loadNodeLabeling(bytes);
  if (!loaded.readsEdgeWeight && !loaded.normalizeFeatures) return loaded;
  throw new FileError(
    "does-not-apply",
    "the network reads weights of edges, or features that are divided by their sum, which this page does not. Use it with the library.",
  );
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
