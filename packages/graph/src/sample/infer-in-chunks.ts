import {
  checkFeatureMatrix,
  checkOptionNames,
  DataError,
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  type SparseNeighborhood,
} from "@vicinal/core";
import { Turn } from "../train/turn.ts";
import { checkCount, checkSameNodes } from "./check-sampling.ts";
import { defaultChunks, inChunks } from "./chunked-inference.ts";
import type { HostMatrix } from "./feature-rows.ts";
import { engineOf, type LayeredNetwork, layersOf } from "./network-layers.ts";

/** How far {@link inferInChunks} has come. */
export interface InferenceProgress {
  /** The layer that is being computed, counted from 1. */
  readonly layer: number;
  /** Count of layers. */
  readonly layers: number;
  /** Nodes that have the output of this layer. */
  readonly done: number;
  /** Count of nodes. */
  readonly nodes: number;
  /** Time since the call. */
  readonly elapsedMilliseconds: number;
}

/** Options of {@link inferInChunks}. */
export interface InferenceOptions {
  /** The most nodes of a chunk. Default 4096. */
  readonly chunkSize?: number;
  /** The most edges of a chunk; a node with more is a chunk of its own. Default 262144. */
  readonly chunkEdges?: number;
  /** One row for each edge, in the order of the edge list that the neighborhood was made from. Default: none. */
  readonly edgeFeatures?: DenseMatrix | undefined;
  /** Where chunks are computed. Default: the engine of the network's parameters. */
  readonly engine?: Engine | undefined;
  /** Called after each chunk. Default: nothing is. */
  readonly onProgress?: ((progress: InferenceProgress) => void) | undefined;
  /** Aborts: the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

const optionNames = [
  "chunkSize",
  "chunkEdges",
  "edgeFeatures",
  "engine",
  "onProgress",
  "signal",
] as const satisfies readonly (keyof InferenceOptions)[];

/**
 * The output of a network for every node, `[nodes, outputs]`, from whole neighborhoods: layer by layer, and within a layer for one chunk of
 * nodes after the other, each with all of its senders. The same as `forward` computes at once, but the engine holds one chunk and the host the
 * outputs of two layers. A sender is projected once for each chunk that it sends to, so the larger the chunks, the less work.
 *
 * Gives way to other work every 40 milliseconds.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`; DataError `wrong-length`, `not-finite`; what the layers
 * throw, among them `unexpected-input` of those that need senders and receivers to be the same nodes. The signal's reason.
 */
export async function inferInChunks(
  network: LayeredNetwork,
  neighborhood: SparseNeighborhood,
  features: FeatureMatrix,
  options: InferenceOptions = {},
): Promise<HostMatrix> {
  checkOptionNames("inferInChunks", options, optionNames);
  const { chunkSize, chunkEdges, edgeFeatures, engine = engineOf(network) } = { ...defaultChunks, ...options };
  checkCount("inferInChunks", "chunkSize", chunkSize);
  checkCount("inferInChunks", "chunkEdges", chunkEdges);
  checkInputs(neighborhood, features, edgeFeatures);
  const layers = layersOf("inferInChunks", network);
  options.signal?.throwIfAborted();
  const begin = performance.now();
  const turn = new Turn();
  const walk = inChunks(layers, features, { neighborhood, edgeFeatures, engine, chunkSize, chunkEdges });
  for (let step = walk.next(); ; step = walk.next()) {
    if (step.done) return step.value;
    options.onProgress?.({
      ...step.value,
      layers: layers.length,
      nodes: neighborhood.receivers,
      elapsedMilliseconds: performance.now() - begin,
    });
    await turn.end();
    options.signal?.throwIfAborted();
  }
}

function checkInputs(
  neighborhood: SparseNeighborhood,
  features: FeatureMatrix,
  edgeFeatures: DenseMatrix | undefined,
): void {
  checkSameNodes("inferInChunks", neighborhood);
  for (const [what, matrix, rows] of [
    ["features", features, neighborhood.receivers],
    ["edgeFeatures", edgeFeatures, neighborhood.edges],
  ] as const) {
    if (matrix === undefined) continue;
    checkFeatureMatrix("inferInChunks", matrix);
    if (matrix.rows === rows) continue;
    throw new DataError(
      "wrong-length",
      `inferInChunks: got ${what} of ${matrix.rows} rows; expected ${rows}, one row for each ${what === "features" ? "node" : "edge"}.`,
    );
  }
}
