import {
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  ShapeError,
  type SparseNeighborhood,
  scope,
  withoutGradient,
} from "@vicinal/core";
import { type HostMatrix, rowsOnEngine } from "./feature-rows.ts";
import { pairOfRows } from "./forward-sample.ts";
import { receiversWithSenders } from "./graph-part.ts";
import type { NetworkLayer } from "./network-layers.ts";
import { NodeNumbers } from "./node-numbers.ts";

/** How large chunks are unless something else is asked for. */
export const defaultChunks = { chunkSize: 4096, chunkEdges: 2 ** 18 } as const;

/** What stays the same from layer to layer. */
export interface ChunkedGraph {
  readonly neighborhood: SparseNeighborhood;
  readonly edgeFeatures: DenseMatrix | undefined;
  readonly engine: Engine | undefined;
  /** The most nodes of a chunk. */
  readonly chunkSize: number;
  /** The most edges of a chunk; a node with more is a chunk of its own. */
  readonly chunkEdges: number;
}

/** A chunk that has been computed. */
export interface ChunkDone {
  /** Of which layer, counted from 1. */
  readonly layer: number;
  /** Nodes that have the output of this layer. */
  readonly done: number;
}

/** The output of layers for every node, computed layer by layer and chunk by chunk. Stops after each chunk. */
export function* inChunks(
  layers: readonly NetworkLayer[],
  features: FeatureMatrix,
  graph: ChunkedGraph,
): Generator<ChunkDone, HostMatrix, undefined> {
  const nodes = graph.neighborhood.receivers;
  const numbers = new NodeNumbers(nodes);
  let current = new LayerOutput(nodes);
  for (const [k, layer] of layers.entries()) {
    const inputs = k === 0 ? features : current.matrix();
    current = new LayerOutput(nodes);
    for (const done of outputsInChunks(layer, inputs, graph, numbers, current)) yield { layer: k + 1, done };
  }
  return current.matrix();
}

/** {@link inChunks} without a stop. */
export function inChunksAtOnce(
  layers: readonly NetworkLayer[],
  features: FeatureMatrix,
  graph: ChunkedGraph,
): HostMatrix {
  const walk = inChunks(layers, features, graph);
  for (let step = walk.next(); ; step = walk.next()) if (step.done) return step.value;
}

/** Computes one layer. Yields how many nodes are done, after each chunk. */
function* outputsInChunks(
  layer: NetworkLayer,
  inputs: FeatureMatrix | HostMatrix,
  graph: ChunkedGraph,
  numbers: NodeNumbers,
  output: LayerOutput,
): Generator<number, void, undefined> {
  const { neighborhood: whole, edgeFeatures, engine } = graph;
  for (const [first, last] of chunks(graph)) {
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
}: ChunkedGraph): Generator<readonly [first: number, last: number], void, undefined> {
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
