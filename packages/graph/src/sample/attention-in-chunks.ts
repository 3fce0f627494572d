import type { FeatureMatrix } from "@vicinal/core";
import { SparseNeighborhood } from "@vicinal/core";
import type { LayerAttention } from "../layers/graph-layer.ts";
import type { LayeredModel } from "../models/layered-model.ts";
import { type ChunkedGraph, inChunksAtOnce } from "./chunked-inference.ts";

/** The attention of a layer, edge by edge, on the host. */
export interface HostAttention extends Omit<LayerAttention, "weights"> {
  /** Count of heads. */
  readonly heads: number;
  /** `[edges * heads]` in the order of `neighborhood`'s positions. */
  readonly weights: Float32Array | Float64Array;
}

/** The attention of the last layer of a model over a whole graph, computed chunk by chunk: that of `detailed`, to the bit. */
export function attentionInChunks(model: LayeredModel, features: FeatureMatrix, graph: ChunkedGraph): HostAttention {
  const layers = model.networkLayers();
  const last = layers[layers.length - 1]!;
  const gathered = new GatheredAttention(graph.neighborhood);
  const watched: typeof last = {
    ...last,
    forward(x, neighborhood, context) {
      const { output, attention } = last.detailed(x, neighborhood, context);
      gathered.append(attention);
      return output;
    },
  };
  inChunksAtOnce([...layers.slice(0, -1), watched], features, graph);
  return gathered.whole();
}

/** The attention of chunks that come in the order of their receivers. */
class GatheredAttention {
  readonly #given: SparseNeighborhood;
  readonly #chunks: {
    readonly senderOf: Uint32Array;
    readonly edgeOf: Int32Array;
    readonly weights: Float32Array | Float64Array;
  }[] = [];
  readonly #offsets: Uint32Array;
  #heads = 1;
  /** Receivers that are done. */
  #receivers = 0;

  constructor(given: SparseNeighborhood) {
    this.#given = given;
    this.#offsets = new Uint32Array(given.receivers + 1);
  }

  append({ neighborhood, edgeOf, weights }: LayerAttention): void {
    const { senderOf, edgeOf: numberOf, offsets } = this.#given;
    const first = this.#receivers;
    const start = offsets[first]!;
    const { receiverOf } = neighborhood;
    // An edge of a chunk has the number of its place there; a self-loop that the layer added has none, and both ends are the receiver.
    this.#chunks.push({
      senderOf: Uint32Array.from(edgeOf, (edge, p) => (edge < 0 ? first + receiverOf[p]! : senderOf[start + edge]!)),
      edgeOf: edgeOf.map((edge) => (edge < 0 ? -1 : numberOf[start + edge]!)),
      weights: weights.dataSync(),
    });
    for (let i = 1; i <= neighborhood.receivers; i++) {
      this.#offsets[first + i] = this.#offsets[first]! + neighborhood.offsets[i]!;
    }
    this.#receivers += neighborhood.receivers;
    this.#heads = weights.shape[1] ?? 1;
  }

  whole(): HostAttention {
    const edges = this.#offsets[this.#receivers]!;
    const senderOf = new Uint32Array(edges);
    const edgeOf = new Int32Array(edges);
    const isDouble = this.#chunks[0]?.weights instanceof Float64Array;
    const weights = isDouble ? new Float64Array(edges * this.#heads) : new Float32Array(edges * this.#heads);
    let next = 0;
    for (const chunk of this.#chunks) {
      senderOf.set(chunk.senderOf, next);
      edgeOf.set(chunk.edgeOf, next);
      weights.set(chunk.weights, next * this.#heads);
      next += chunk.senderOf.length;
    }
    const neighborhood = SparseNeighborhood.fromRows({
      offsets: this.#offsets,
      senderOf,
      senders: this.#given.senders,
    });
    return { neighborhood, edgeOf, heads: this.#heads, weights };
  }
}
