import {
  add,
  Linear,
  Module,
  OptionError,
  type ParameterOptions,
  parameter,
  type Registry,
  recordArchitecture,
  type SparseNeighborhood,
  type Tensor,
} from "@vicinal/core";
import type { LayerContext, NodeFeatureTensor } from "../../layers/graph-layer.ts";
import type { LayerName } from "../../models/attention-layer-by-name.ts";
import { GAT } from "../../models/gat.ts";
import { graphIdentity } from "../../plugin/graph-identity.ts";
import { LinkDecoder, type LinkDecoderName } from "./link-decoder.ts";

/** Options of {@link LinkModel}. */
export interface LinkModelOptions extends ParameterOptions {
  /** Count of nodes. */
  readonly nodes: number;
  /** Width of the features of nodes; 0 for none. */
  readonly features: number;
  /** Whether a link has a direction. */
  readonly directed: boolean;
  /** Width of the embeddings. */
  readonly dimensions: number;
  /** How two embeddings become one number. */
  readonly decoder: LinkDecoderName;
  /** Whether a vector is learned for each node. */
  readonly nodeVectors: boolean;
  /** The layer that attends: one of those built in, or one that `registry` has. */
  readonly layer: LayerName;
  /** More options of a layer of the registry. Default: none. */
  readonly layerOptions?: Readonly<Record<string, unknown>> | undefined;
  /** Where the name of the layer is looked up first. Default: those built in are known. */
  readonly registry?: Registry | undefined;
  /** Count of layers. */
  readonly layers: number;
  /** Heads of every layer but the last. */
  readonly heads: number;
  /** Width of every layer but the last, and of what the first one reads. */
  readonly hidden: number;
  /** Probability with which inputs of each layer are dropped while training. */
  readonly dropout: number;
  /** Whether each layer adds a projection of its input. */
  readonly residual: boolean;
  /** Whether hidden layers are normalized (layer norm). */
  readonly normalize: boolean;
}

/**
 * The deviation of the first values of what is learned for each node. Small: where nodes start far apart they stay told apart by chance, and
 * what they learn does not carry over to pairs that were not seen.
 */
const firstDeviation = 0.1;

/**
 * A graph auto-encoder: attention layers from what is known of nodes, and a vector learned for each, to embeddings; a decoder from two embeddings
 * to the logit of a link.
 */
export class LinkModel extends Module {
  /** `[nodes, hidden]`, or undefined. */
  readonly vectors: Tensor | undefined;
  /** From features to `hidden`, or undefined. */
  readonly project: Linear | undefined;
  /** From `[nodes, hidden]` to embeddings. */
  readonly encoder: GAT;
  /** From two embeddings to a logit. */
  readonly decoder: LinkDecoder;

  /** @throws OptionError `no-features` when there is neither a feature nor a vector to learn from, `out-of-range`, `heads-do-not-divide`. */
  constructor(options: LinkModelOptions) {
    super();
    if (options.features === 0 && !options.nodeVectors) {
      throw new OptionError(
        "no-features",
        "LinkModel: got nodeVectors false and no features; expected something to know nodes by. Name features, or let vectors be learned.",
      );
    }
    const { random, engine, nodes, features, directed, dimensions, decoder, nodeVectors } = options;
    const { layer, layers, heads, hidden, dropout, residual, normalize } = options;
    this.encoder = new GAT(hidden, dimensions, {
      random,
      engine,
      layer,
      layerOptions: options.layerOptions,
      registry: options.registry,
      layers,
      heads,
      hidden,
      dropout,
      attentionDropout: 0,
      residual,
      normalize,
    });
    this.vectors = nodeVectors
      ? parameter(firstVectors(nodes * hidden, options), [nodes, hidden], { engine })
      : undefined;
    this.project = features > 0 ? new Linear(features, hidden, { random, engine, initialize: "glorot" }) : undefined;
    this.decoder = new LinkDecoder({ random, engine, nodes, directed, dimensions, decoder });
    recordArchitecture(this, LinkModel, graphIdentity, "links", options);
  }

  /**
   * The embeddings of all nodes, `[nodes, dimensions]`.
   *
   * @throws OptionError `missing-input` for a model of features alone that gets none.
   */
  encode(
    features: NodeFeatureTensor | undefined,
    neighborhood: SparseNeighborhood,
    context: Pick<LayerContext, "training"> = {},
  ): Tensor {
    return this.encoder.forward(this.#input(features), neighborhood, context);
  }

  #input(features: NodeFeatureTensor | undefined): Tensor {
    const projected = features && this.project?.forward(features);
    if (projected !== undefined) return this.vectors === undefined ? projected : add(projected, this.vectors);
    if (this.vectors !== undefined) return this.vectors;
    throw new OptionError("missing-input", "LinkModel: got no features; expected those of every node.");
  }
}

function firstVectors(length: number, { random }: ParameterOptions): Float32Array {
  return new Float32Array(length).map(() => random.normal(0, firstDeviation));
}
