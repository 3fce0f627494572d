import {
  checkFeatureMatrix,
  checkOptionNames,
  DataError,
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  ShapeError,
  type SparseNeighborhood,
  scope,
  withoutGradient,
} from "@vicinal/core";
import { Turn } from "../train/turn.ts";
import { checkCount, checkSameNodes } from "./check-sampling.ts";
import { type HostMatrix, rowsOnEngine } from "./feature-rows.ts";
import { pairOfRows } from "./forward-sample.ts";
import { receiversWithSenders } from "./graph-part.ts";
import { engineOf, type LayeredNetwork, layersOf, type NetworkLayer } from "./network-layers.ts";
import { NodeNumbers } from "./node-numbers.ts";

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
  /** Called after each chunk. */
  readonly onProgress?: ((progress: InferenceProgress) => void) | undefined;
  /** Aborts: the call rejects with the signal's reason. */
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
  const { chunkSize = 4096, chunkEdges = 2 ** 18, edgeFeatures, engine = engineOf(network) } = options;
  checkCount("inferInChunks", "chunkSize", chunkSize);
  checkCount("inferInChunks", "chunkEdges", chunkEdges);
  checkInputs(neighborhood, features, edgeFeatures);
  const layers = layersOf("inferInChunks", network);
  options.signal?.throwIfAborted();
  const nodes = neighborhood.receivers;
  const walk: Walk = { neighborhood, edgeFeatures, engine, numbers: new NodeNumbers(nodes), chunkSize, chunkEdges };
  const begin = performance.now();
  const turn = new Turn();
  let current = new LayerOutput(nodes);
  for (const [k, layer] of layers.entries()) {
    const inputs = k === 0 ? features : current.matrix();
    current = new LayerOutput(nodes);
    for (const done of outputsInChunks(layer, inputs, walk, current)) {
      const elapsedMilliseconds = performance.now() - begin;
      options.onProgress?.({ layer: k + 1, layers: layers.length, done, nodes, elapsedMilliseconds });
      await turn.end();
      options.signal?.throwIfAborted();
    }
  }
  return current.matrix();
}

/** What stays the same from layer to layer. */
interface Walk extends Required<Pick<InferenceOptions, "chunkSize" | "chunkEdges">> {
  readonly neighborhood: SparseNeighborhood;
  readonly edgeFeatures: DenseMatrix | undefined;
  readonly engine: Engine | undefined;
  readonly numbers: NodeNumbers;
}

/** Computes one layer. Yields how many nodes are done, after each chunk. */
function* outputsInChunks(
  layer: NetworkLayer,
  inputs: FeatureMatrix | HostMatrix,
  walk: Walk,
  output: LayerOutput,
): Generator<number, void, undefined> {
  const { neighborhood: whole, edgeFeatures, engine, numbers } = walk;
  for (const [first, last] of chunks(walk)) {
    const { nodes, neighborhood } = receiversWithSenders(whole, first, last, numbers);
    const edges = edgeFeatures && whole.edgeOf.subarray(whole.offsets[first], whole.offsets[last]);
    output.append(
      withoutGradient(() =>
        scope(() => {
          const context = { edgeFeatures: edgeFeatures && rowsOnEngine(edgeFeatures, edges!, engine) };
          const rows = layer.forward(pairOfRows(inputs, nodes, last - first, engine), neighborhood, context);
          if (rows.shape[0] === last - first && rows.shape.length === 2)
            return [rows.shape[1]!, rows.dataSync()] as const;
          throw new ShapeError(
            "shapes-differ",
            `inferInChunks: got the output [${rows.shape.join(", ")}] of a layer for ${last - first} nodes; expected ` +
              `[${last - first}, outputs]. Return what the graph layer gives for the receivers.`,
          );
        }),
      ),
    );
    yield last;
  }
}

/** Cuts the nodes into runs that have at most `chunkSize` nodes and `chunkEdges` edges, if a single node has no more. */
function* chunks({
  neighborhood: { offsets, receivers },
  chunkSize,
  chunkEdges,
}: Walk): Generator<readonly [first: number, last: number], void, undefined> {
  for (let first = 0, last = 0; first < receivers; first = last) {
    last = first + 1;
    while (last < receivers && last - first < chunkSize && offsets[last + 1]! - offsets[first]! <= chunkEdges) last++;
    yield [first, last];
  }
}

/** The output of a layer, put together from chunks that come in order. */
class LayerOutput {
  readonly #rows: number;
  #columns = 0;
  #written = 0;
  #values: Float32Array | Float64Array = new Float32Array(0);

  constructor(rows: number) {
    this.#rows = rows;
  }

  append([columns, values]: readonly [columns: number, values: Float32Array | Float64Array]): void {
    if (this.#written === 0) {
      const size = this.#rows * columns;
      this.#values = values instanceof Float64Array ? new Float64Array(size) : new Float32Array(size);
      this.#columns = columns;
    }
    this.#values.set(values, this.#written);
    this.#written += values.length;
  }

  matrix(): HostMatrix {
    return { kind: "dense", rows: this.#rows, columns: this.#columns, values: this.#values };
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
