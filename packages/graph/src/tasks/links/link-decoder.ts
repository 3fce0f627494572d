import {
  add,
  gatherRows,
  Linear,
  Module,
  matmul,
  multiply,
  type ParameterOptions,
  parameter,
  relu,
  reshape,
  slice,
  sum,
  type Tensor,
  transpose,
} from "@vicinal/core";

/** How two embeddings become one number. */
export type LinkDecoderName = "dot" | "network";

/** One number for two vectors. */
export interface PairScore extends Module {
  /** Numbers per pair that are held at once. */
  readonly widthPerPair: number;
  /** Row by row: two of `[pairs, width]` to `[pairs, 1]`. */
  ofRows(sources: Tensor, targets: Tensor): Tensor;
  /** Each with each: `[n, width]` and `[m, width]` to `[n, m]`. */
  ofAll(sources: Tensor, targets: Tensor): Tensor;
}

class DotProduct extends Module implements PairScore {
  readonly widthPerPair = 1;

  ofRows(sources: Tensor, targets: Tensor): Tensor {
    return sum(multiply(sources, targets), { axis: 1, keepDimension: true });
  }

  ofAll(sources: Tensor, targets: Tensor): Tensor {
    return matmul(sources, targets, { transposeB: true });
  }
}

/** `contract(relu(expand(source * target)))`. */
class ProductNetwork extends Module implements PairScore {
  readonly widthPerPair: number;
  readonly expand: Linear;
  readonly contract: Linear;

  constructor(width: number, options: ParameterOptions) {
    super();
    this.widthPerPair = 3 * width;
    this.expand = new Linear(width, width, options);
    this.contract = new Linear(width, 1, options);
  }

  ofRows(sources: Tensor, targets: Tensor): Tensor {
    return this.contract.forward(relu(this.expand.forward(multiply(sources, targets))));
  }

  ofAll(sources: Tensor, targets: Tensor): Tensor {
    const [n = 0, width = 0] = sources.shape;
    const m = targets.shape[0] ?? 0;
    const products = multiply(reshape(sources, [n, 1, width]), reshape(targets, [1, m, width]));
    const scores = this.contract.forward(relu(this.expand.forward(reshape(products, [n * m, width]))));
    return reshape(scores, [n, m]);
  }
}

/** Options of {@link LinkDecoder}. */
export interface LinkDecoderOptions extends ParameterOptions {
  /** Count of nodes. */
  readonly nodes: number;
  /** Width of the embeddings. */
  readonly dimensions: number;
  /** Whether a link from `a` to `b` is another than one from `b` to `a`. */
  readonly directed: boolean;
  /** How two embeddings become one number. */
  readonly decoder: LinkDecoderName;
}

/**
 * From the embeddings of two nodes to the logit of a link between them:
 *
 *     logit(i, j) = score(s_i, t_j) + p_i + q_j
 *
 * with `score` the inner product (Kipf and Welling, "Variational graph auto-encoders", 2016), or a network of one hidden layer on the
 * elementwise product. `p` and `q` are learned for each node: how likely it is to have links at all, which the normalized weights of attention
 * cannot tell. Without direction `s = t = z` and `p = q`, so that both ends are alike; with direction `s = W_s z`, `t = W_t z`.
 */
export class LinkDecoder extends Module {
  /** From an embedding to what it is as a source; undefined without direction. */
  readonly source: Linear | undefined;
  /** From an embedding to what it is as a target; undefined without direction. */
  readonly target: Linear | undefined;
  /** `[nodes, 1]`; with direction `[nodes, 2]`: as a source, and as a target. */
  readonly popularity: Tensor;
  /** What relates the two. */
  readonly score: PairScore;

  constructor({ nodes, dimensions, directed, decoder, random, engine }: LinkDecoderOptions) {
    super();
    const projection = { random, engine, bias: false, initialize: "glorot" } as const;
    this.source = directed ? new Linear(dimensions, dimensions, projection) : undefined;
    this.target = directed ? new Linear(dimensions, dimensions, projection) : undefined;
    const sides = directed ? 2 : 1;
    this.popularity = parameter(new Float32Array(nodes * sides), [nodes, sides], { engine });
    this.score = decoder === "dot" ? new DotProduct() : new ProductNetwork(dimensions, { random, engine });
  }

  /** The logits of pairs, `[pairs, 1]`, from embeddings `[nodes, dimensions]` and the two nodes of each pair, `[pairs]` and `[pairs]`. */
  ofPairs(embeddings: Tensor, sources: Uint32Array, targets: Uint32Array): Tensor {
    const { sent, received } = this.#roles(embeddings);
    const related = this.score.ofRows(gatherRows(sent, sources), gatherRows(received, targets));
    const [asSource, asTarget] = this.#popularity();
    // Summed first, so that without direction both orders of a pair give the same bits.
    return add(related, add(gatherRows(asSource, sources), gatherRows(asTarget, targets)));
  }

  /** The logits of all links from the nodes `first` to `last - 1`: `[last - first, nodes]`, from embeddings `[nodes, dimensions]`. */
  ofRange(embeddings: Tensor, first: number, last: number): Tensor {
    const { sent, received } = this.#roles(embeddings);
    const related = this.score.ofAll(slice(sent, 0, first, last), received);
    const [asSource, asTarget] = this.#popularity();
    return add(related, add(slice(asSource, 0, first, last), transpose(asTarget)));
  }

  #roles(embeddings: Tensor): { sent: Tensor; received: Tensor } {
    return {
      sent: this.source?.forward(embeddings) ?? embeddings,
      received: this.target?.forward(embeddings) ?? embeddings,
    };
  }

  #popularity(): readonly [asSource: Tensor, asTarget: Tensor] {
    if (this.source === undefined) return [this.popularity, this.popularity];
    return [slice(this.popularity, 1, 0, 1), slice(this.popularity, 1, 1, 2)];
  }
}
