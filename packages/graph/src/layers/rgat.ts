import {
  type AttendInputs,
  type AttendOptions,
  add,
  attend,
  broadcastTo,
  checkCounts,
  DataError,
  defineScore,
  gatherRows,
  Linear,
  Module,
  matmul,
  mean,
  multiply,
  OptionError,
  parameter,
  relu,
  reshape,
  type Score,
  ShapeError,
  type SparseNeighborhood,
  segmentSum,
  type Tensor,
  tensor,
  zeros,
} from "@vicinal/core";
import { type ArrangedEdges, type RelationalEdges, relationalEdges } from "../hetero/relational-edges.ts";
import { isAttentionWanted, reportAttention } from "./attention-recorder.ts";
import { checkDropout, checkFinite } from "./check-options.ts";
import type { AttentionLayer, LayerAttention, LayerContext, LayerInput } from "./graph-layer.ts";
import { checkedEdgeFeatures, expectMatrix, oneSide } from "./layer-input.ts";
import { glorot, type RelationWeights, relationWeights } from "./relation-weights.ts";
import {
  checkRgatOptions,
  type RGATConvOptions,
  type RGATMechanism,
  type RGATMod,
  type RGATMode,
} from "./rgat-options.ts";

export type { RGATConvOptions, RGATMechanism, RGATMod, RGATMode } from "./rgat-options.ts";

/** What {@link RGATConv} reads beside the nodes. */
export interface RelationalLayerContext extends LayerContext {
  /**
   * The relation of each edge, a number below `numRelations`, in the order of the edge list that the neighborhood was made from; needed. Not
   * copied: it must not be written to.
   */
  readonly edgeTypes?: Uint32Array | undefined;
}

/**
 * The relational graph attention layer (Busbridge, Sherburn, Cavallo and Hammerla, "Relational Graph Attention Networks", 2019, section 2), over
 * edges each of which has one of `numRelations` relations. With the relation `r` of the edge from j to i
 *
 *     z_ir = W_r x_i,   q_ir = Q z_ir,   k_ir = K z_ir
 *     logit_ij = leakyRelu(q_ir + k_jr [+ E W_e e_ij])          additive-self-attention
 *              = q_ir k_jr [E W_e e_ij]                         multiplicative-self-attention, number by number
 *     out_i = concat or mean over heads of sum over j of softmax_j(logit_ij) z_jr, plus bias
 *
 * where softmax runs over all edges into i (across-relation) or over those of the same relation (within-relation). `mod` keeps the number of
 * neighbors in the answer, which a softmax loses (Zhang and Xie, "Improving Attention Mechanism in Graph Neural Networks via Cardinality
 * Preservation", 2019):
 *
 *     "additive"     + w ⊙ sum over j of z_jr              "f-additive"   + sum over j of z_jr
 *     "scaled"       ⊙ (relu(d_i l1 + b1) l2 + b2)          "f-scaled"     d_i times, with d_i the count of edges into i
 *
 * From `[nodes, inputs]` to `[nodes, heads * dim * channels]`, or `[nodes, dim * channels]` without `concat`. Each relation projects the nodes at
 * its own edges and no others. No self-loops are added. Names and defaults are those of PyTorch Geometric's `RGATConv`.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, or `conflicting-options`; `forward` throws OptionError `missing-input` without
 * `edgeTypes`, `missing-input` or `unexpected-input` for edge features that do not agree with `edgeDim`, `sparse-features` for sparse features
 * with `numBlocks`; DataError `index-out-of-range` for a relation that is not there; ShapeError `shapes-differ`.
 */
export class RGATConv extends Module implements AttentionLayer {
  readonly outputs: number;
  /** Width of the input. */
  readonly inputs: number;
  /** Width of each head. */
  readonly channels: number;
  /** Count of relations. */
  readonly numRelations: number;
  /** Count of heads that attend side by side. */
  readonly heads: number;
  /** Width of query and key, for each head. */
  readonly dim: number;
  /** Whether the heads' outputs are put side by side, else averaged. */
  readonly concat: boolean;
  /** Probability with which a weight is dropped while training. */
  readonly dropout: number;
  /** Over which edges a softmax runs. */
  readonly attentionMechanism: RGATMechanism;
  /** How query and key become a logit. */
  readonly attentionMode: RGATMode;
  /** What is done about the number of neighbors. */
  readonly mod: RGATMod | undefined;
  /** Width of the edge features; undefined when none are read. */
  readonly edgeDim: number | undefined;
  /** The matrices of the relations, from `inputs` to `heads * channels`. */
  readonly weight: RelationWeights;
  /** `Q`, `[heads * channels, heads * dim]`, applied from the right. */
  readonly query: Tensor;
  /** `K`, `[heads * channels, heads * dim]`, applied from the right. */
  readonly key: Tensor;
  /** From `edgeDim` to `heads * channels`, without bias; undefined without `edgeDim`. */
  readonly linearEdge: Linear | undefined;
  /** `E`, `[heads * channels, heads * dim]`, applied from the right; undefined without `edgeDim`. */
  readonly edge: Tensor | undefined;
  /** `[outputs]`, or undefined. */
  readonly bias: Tensor | undefined;
  /** `w`, `[channels]`, ones at first; undefined unless `mod` is `"additive"`. */
  readonly sumScale: Tensor | undefined;
  /**
   * What the count of edges becomes: `l1` `[channels]`, `b1` `[channels]`, `l2` `[channels, channels]` applied from the right, `b2` `[channels]`;
   * undefined unless `mod` is `"scaled"`.
   */
  readonly degreeScale: readonly [l1: Tensor, b1: Tensor, l2: Tensor, b2: Tensor] | undefined;
  readonly #score: Score<Record<never, "vector">>;

  constructor(inputs: number, channels: number, numRelations: number, options: RGATConvOptions) {
    super();
    const { heads = 1, dim = 1, concat = true, negativeSlope = 0.2, dropout = 0, mod, edgeDim } = options;
    const { attentionMechanism = "across-relation", attentionMode = "additive-self-attention" } = options;
    const { random, engine, bias = true } = options;
    checkRgatOptions(options);
    checkCounts("RGATConv", { inputs, channels, numRelations, heads, dim, edgeDim: edgeDim ?? 1 });
    checkFinite("RGATConv", "negativeSlope", negativeSlope);
    checkDropout("RGATConv", dropout);
    this.inputs = inputs;
    this.channels = channels;
    this.numRelations = numRelations;
    this.heads = heads;
    this.dim = dim;
    this.concat = concat;
    this.dropout = dropout;
    this.attentionMechanism = attentionMechanism;
    this.attentionMode = attentionMode;
    this.mod = mod;
    this.edgeDim = edgeDim;
    this.outputs = (concat ? heads : 1) * dim * channels;

    const width = heads * channels;
    this.weight = relationWeights("RGATConv", inputs, width, numRelations, options);
    this.query = glorot([width, heads * dim], options);
    this.key = glorot([width, heads * dim], options);
    this.linearEdge =
      edgeDim === undefined
        ? undefined
        : new Linear(edgeDim, width, { random, engine, bias: false, initialize: "glorot" });
    this.edge = edgeDim === undefined ? undefined : glorot([width, heads * dim], options);
    const constant = (value: number, shape: readonly number[]): Tensor =>
      parameter(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value), shape, { engine });
    this.bias = bias ? constant(0, [this.outputs]) : undefined;
    this.sumScale = mod === "additive" ? constant(1, [channels]) : undefined;
    this.degreeScale =
      mod === "scaled"
        ? [
            constant(1, [channels]),
            constant(0, [channels]),
            constant(1 / channels, [channels, channels]),
            constant(0, [channels]),
          ]
        : undefined;
    this.#score = attentionMode === "additive-self-attention" ? additiveScore(negativeSlope) : multiplicativeScore;
  }

  forward(x: LayerInput, neighborhood: SparseNeighborhood, context: RelationalLayerContext = {}): Tensor {
    if (isAttentionWanted(neighborhood)) return this.detailed(x, neighborhood, context).output;
    const prepared = this.#prepare(x, neighborhood, context);
    return this.#finish(attend(prepared.arranged.neighborhood, prepared.inputs, prepared.options), prepared);
  }

  /** {@link forward}, with the attention: its weights are `[edges, heads * dim]`. */
  detailed(
    x: LayerInput,
    neighborhood: SparseNeighborhood,
    context: RelationalLayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    const prepared = this.#prepare(x, neighborhood, context);
    const { output, weights } = attend.detailed(prepared.arranged.neighborhood, prepared.inputs, prepared.options);
    const attention: LayerAttention = {
      neighborhood,
      edgeOf: Int32Array.from(neighborhood.edgeOf),
      weights: this.#isWithin ? gatherRows(weights, prepared.edges.within.positions) : weights,
    };
    reportAttention(neighborhood, attention);
    return { output: this.#finish(output, prepared), attention };
  }

  get #isWithin(): boolean {
    return this.attentionMechanism === "within-relation";
  }

  #prepare(x: LayerInput, given: SparseNeighborhood, context: RelationalLayerContext): Prepared {
    const nodes = oneSide("RGATConv", x, given);
    expectMatrix("RGATConv", "features", nodes, given.senders, this.inputs);
    const features = checkedEdgeFeatures("RGATConv", context, given.edges, this.edgeDim);
    const edges = relationalEdges(given, this.#checkedTypes(given, context), this.numRelations);
    const arranged = this.#isWithin ? edges.within : edges.across;
    const projected = this.weight.project(nodes, edges.relations);
    return {
      edges,
      arranged,
      projected,
      inputs: this.#inputs(projected, arranged, features),
      options: { score: this.#score, parameters: {}, dropout: this.dropout, seed: context.training?.random.bits() },
    };
  }

  #checkedTypes(neighborhood: SparseNeighborhood, { edgeTypes }: RelationalLayerContext): Uint32Array {
    if (edgeTypes === undefined) {
      throw new OptionError(
        "missing-input",
        "RGATConv: got no edgeTypes; expected the relation of each edge, such as `homogeneous.edgeTypes` of a TypedNeighborhood.",
      );
    }
    if (edgeTypes.length !== neighborhood.edges) {
      throw new ShapeError(
        "shapes-differ",
        `RGATConv: got ${edgeTypes.length} edgeTypes; expected ${neighborhood.edges}, one for each edge.`,
      );
    }
    const unknown = edgeTypes.findIndex((relation) => relation >= this.numRelations);
    if (unknown === -1) return edgeTypes;
    throw new DataError(
      "index-out-of-range",
      `RGATConv: got the relation ${edgeTypes[unknown]} for edge ${unknown}; expected numbers below ${this.numRelations}, the count of relations.`,
    );
  }

  /**
   * Every number of a query and a key has a softmax of its own, and so is a head of width 1. The query depends on the relation of the edge, not on
   * the receiver alone: it comes with the edge.
   */
  #inputs(
    projected: Tensor,
    { neighborhood, receiverPairs, edgeOf }: ArrangedEdges,
    features: Tensor | undefined,
  ): AttendInputs {
    const numbers = this.heads * this.dim;
    const query = gatherRows(matmul(projected, this.query), receiverPairs);
    return {
      query: zeros([neighborhood.receivers, numbers, 1], { engine: projected.engine }),
      key: reshape(matmul(projected, this.key), [neighborhood.senders, numbers, 1]),
      value: this.#perNumber(projected),
      edge: this.#withFeatures(query, features, edgeOf),
    };
  }

  #withFeatures(query: Tensor, features: Tensor | undefined, order: Uint32Array): Tensor {
    if (features === undefined || this.linearEdge === undefined || this.edge === undefined) return query;
    const term = gatherRows(matmul(this.linearEdge.forward(features), this.edge), order);
    return this.attentionMode === "additive-self-attention" ? add(query, term) : multiply(query, term);
  }

  /** `[rows, heads * channels]` as `[rows, heads * dim, channels]`: every number of a head sums the same values. */
  #perNumber(z: Tensor): Tensor {
    const { heads, dim, channels } = this;
    const [rows = 0] = z.shape;
    if (dim === 1) return reshape(z, [rows, heads, channels]);
    const repeated = broadcastTo(reshape(z, [rows, heads, 1, channels]), [rows, heads, dim, channels]);
    return reshape(repeated, [rows, heads * dim, channels]);
  }

  #finish(attended: Tensor, { edges, projected }: Prepared): Tensor {
    const { heads, dim, channels } = this;
    const ofNodes = this.#isWithin ? segmentSum(attended, edges.within.ofNodes) : attended;
    const kept = this.#withCardinality(ofNodes, projected, edges);
    const [nodes = 0] = kept.shape;
    const merged = this.concat
      ? reshape(kept, [nodes, this.outputs])
      : reshape(mean(reshape(kept, [nodes, heads, dim, channels]), { axis: 1 }), [nodes, this.outputs]);
    return this.bias === undefined ? merged : add(merged, this.bias);
  }

  /** `attended`, `[nodes, heads * dim, channels]`, with what `mod` says about the number of neighbors. */
  #withCardinality(attended: Tensor, projected: Tensor, { sending, across }: RelationalEdges): Tensor {
    const [nodes = 0] = attended.shape;
    const neighborSum = (): Tensor => this.#perNumber(segmentSum(projected, sending));
    switch (this.mod) {
      case undefined:
        return attended;
      case "additive":
        return this.sumScale === undefined ? attended : add(attended, multiply(neighborSum(), this.sumScale));
      case "f-additive":
        return add(attended, neighborSum());
      case "scaled": {
        if (this.degreeScale === undefined) return attended;
        const [l1, b1, l2, b2] = this.degreeScale;
        const hidden = relu(add(multiply(degreesOf(across.neighborhood, attended), l1), b1));
        return multiply(attended, reshape(add(matmul(hidden, l2), b2), [nodes, 1, this.channels]));
      }
      case "f-scaled":
        return multiply(attended, reshape(degreesOf(across.neighborhood, attended), [nodes, 1, 1]));
    }
  }
}

/** What a call is computed from. */
interface Prepared {
  readonly edges: RelationalEdges;
  /** The arrangement of the edges that the softmax runs over. */
  readonly arranged: ArrangedEdges;
  /** `[pairs, heads * channels]`: the nodes of each relation by its matrix. */
  readonly projected: Tensor;
  readonly inputs: AttendInputs;
  readonly options: AttendOptions<Record<never, "vector">>;
}

function additiveScore(negativeSlope: number): Score<Record<never, "vector">> {
  return defineScore("relational-additive", {
    parameters: {},
    edge: "scalar",
    score: ({ key, edge }) => key.sum().add(edge).leakyRelu(negativeSlope),
  });
}

const multiplicativeScore = defineScore("relational-multiplicative", {
  parameters: {},
  edge: "scalar",
  score: ({ key, edge }) => key.sum().multiply(edge),
});

/** The count of edges into each node, `[nodes, 1]`. */
function degreesOf({ offsets, receivers }: SparseNeighborhood, { engine }: Tensor): Tensor {
  const degrees = Float64Array.from({ length: receivers }, (_, i) => offsets[i + 1]! - offsets[i]!);
  return tensor(degrees, [receivers, 1], { engine });
}
