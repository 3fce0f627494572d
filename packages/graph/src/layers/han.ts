import {
  additive,
  attend,
  concatenate,
  glorotUniform,
  Linear,
  matmul,
  mean,
  multiply,
  parameter,
  relu,
  reshape,
  softmax,
  sum,
  type Tensor,
  tanh,
  zeros,
} from "@vicinal/core";
import type { FeaturesByType, OutputsByType, RelationAttention, TypedLayerContext } from "../hetero/hetero-layer.ts";
import type { Relation } from "../hetero/relation.ts";
import type { TypedNeighborhood } from "../hetero/typed-neighborhood.ts";
import { isTypedAttentionWanted, reportRelationAttention } from "./attention-recorder.ts";
import { checkDropout, checkFinite } from "./check-options.ts";
import { TypedMultiHeadConv, type TypedMultiHeadConvOptions } from "./typed-multi-head-conv.ts";

/** Options of {@link HANConv}; names and defaults are PyTorch Geometric's. */
export interface HANConvOptions extends TypedMultiHeadConvOptions {
  /** Slope of the leaky ReLU for negative arguments. Default 0.2. */
  readonly negativeSlope?: number;
  /** Probability with which a weight of an edge is dropped while training. Default 0. */
  readonly dropout?: number;
}

/** How much each relation counts at the nodes of one type. */
export interface SemanticAttention {
  /** The type of the nodes. */
  readonly type: string;
  /** The relations that arrive there. */
  readonly relations: readonly Relation[];
  /** `[relations]`, sums to 1. */
  readonly weights: Tensor;
}

/**
 * The heterogeneous graph attention layer (Wang et al., "Heterogeneous Graph Attention Network", WWW 2019, section 4): attention among the
 * neighbors by each relation, or meta-path, and then among the relations:
 *
 *     h_i  = W_t(i) x_i + b_t(i)
 *     z_ir = relu(concat over heads of sum over j in N_r(i) of weight_ijr h_j)
 *            weight_ijr = softmax over j in N_r(i) of leakyRelu(dot(a_target,r, h_i) + dot(a_source,r, h_j))
 *     out_i = sum over r of beta_r z_ir,   beta = softmax over r of dot(q, mean over i of tanh(W_k z_ir + b_k))
 *
 * From `[nodes, inputs]` of each type to `[nodes, outputs]` of each type at which one of the layer's relations arrives; the others have no output.
 * A relation that a graph has no edges of counts as one by which no node has neighbors, whether the graph names it or not. No self-loops are added.
 * The answer does not depend on the order in which types are named anywhere: parameters are listed by sorted types, `nodeTypes` and
 * `relations`.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide`, `missing-input` or `unknown-type` for widths that do not fit the
 * types; DataError `duplicate-type` or `unknown-type`. `forward` throws DataError `unknown-type` for a graph with other types, OptionError
 * `missing-input` for a type without features, `unknown-type` for features of a type that is not there; ShapeError `shapes-differ`.
 */
export class HANConv extends TypedMultiHeadConv {
  /** Slope of the leaky ReLU for negative arguments. */
  readonly negativeSlope: number;
  /** Probability with which a weight of an edge is dropped while training. */
  readonly dropout: number;
  /** For each of `nodeTypes`, `[outputs, inputs]` with a bias. */
  readonly projection: readonly Linear[];
  /** For each of `relations`, `[heads, outputs / heads]`, for the sender. */
  readonly attSource: readonly Tensor[];
  /** For each of `relations`, `[heads, outputs / heads]`, for the receiver. */
  readonly attTarget: readonly Tensor[];
  /** What a relation's nodes say of it, `[outputs, outputs]` with a bias. */
  readonly semanticKey: Linear;
  /** `[outputs]`, what is asked of each relation. */
  readonly semanticQuery: Tensor;

  /** @param inputs Width of the features, one for all node types or by type. */
  constructor(inputs: number | Readonly<Record<string, number>>, outputs: number, options: HANConvOptions) {
    super("HANConv", inputs, outputs, options, ["negativeSlope", "dropout"]);
    const { random, engine, negativeSlope = 0.2, dropout = 0 } = options;
    checkFinite("HANConv", "negativeSlope", negativeSlope);
    checkDropout("HANConv", dropout);
    this.negativeSlope = negativeSlope;
    this.dropout = dropout;
    this.projection = this.widths.map((width) => new Linear(width, outputs, { random, engine }));
    const shape = [this.heads, outputs / this.heads] as const;
    const vector = (): Tensor => parameter(glorotUniform(random, shape, ...shape), shape, { engine });
    this.attSource = this.relations.map(vector);
    this.attTarget = this.relations.map(vector);
    this.semanticKey = new Linear(outputs, outputs, { random, engine });
    this.semanticQuery = parameter(glorotUniform(random, [outputs], 1, outputs), [outputs], { engine });
  }

  forward(x: FeaturesByType, graph: TypedNeighborhood, context: TypedLayerContext = {}): OutputsByType {
    if (isTypedAttentionWanted(graph)) return this.detailed(x, graph, context).output;
    return this.#combined(graph, this.#seenByRelation(x, graph, context, false)).output;
  }

  /** {@link forward}, with the attention along each relation that has edges and that among the relations. */
  detailed(
    x: FeaturesByType,
    graph: TypedNeighborhood,
    context: TypedLayerContext = {},
  ): {
    readonly output: OutputsByType;
    readonly attention: readonly RelationAttention[];
    readonly semantic: readonly SemanticAttention[];
  } {
    const seen = this.#seenByRelation(x, graph, context, true);
    const attention = seen.flatMap(({ attention: own }) => (own === undefined ? [] : [own]));
    reportRelationAttention(attention);
    return { ...this.#combined(graph, seen), attention };
  }

  #seenByRelation(
    x: FeaturesByType,
    graph: TypedNeighborhood,
    { training }: TypedLayerContext,
    withWeights: boolean,
  ): readonly SeenByRelation[] {
    const projected = new Map(
      [...this.checked(x, graph)].map(([type, own]) => {
        return [type, this.split(this.projection[this.nodeTypes.indexOf(type)]!.forward(own))];
      }),
    );
    const score = additive({ negativeSlope: this.negativeSlope });
    return this.relations.map((relation, r) => {
      const nodes = graph.nodeCount(relation.target);
      const neighborhood = graph.relation(relation)?.neighborhood;
      if (neighborhood === undefined || neighborhood.edges === 0) {
        return { relation, z: zeros([nodes, this.outputs], { engine: this.semanticQuery.engine }) };
      }
      const key = projected.get(relation.source)!;
      const inputs = { query: projected.get(relation.target)!, key, value: key };
      const options = {
        score,
        parameters: { source: this.attSource[r]!, target: this.attTarget[r]! },
        dropout: this.dropout,
        seed: training?.random.bits(),
      };
      const { output, weights } = withWeights
        ? attend.detailed(neighborhood, inputs, options)
        : { output: attend(neighborhood, inputs, options), weights: undefined };
      return {
        relation,
        z: relu(reshape(output, [nodes, this.outputs])),
        attention: weights === undefined ? undefined : { relation, neighborhood, weights },
      };
    });
  }

  #combined(
    graph: TypedNeighborhood,
    seen: readonly SeenByRelation[],
  ): { readonly output: OutputsByType; readonly semantic: readonly SemanticAttention[] } {
    const output: [type: string, output: Tensor][] = [];
    const semantic: SemanticAttention[] = [];
    for (const type of graph.nodeTypes) {
      const arriving = seen.filter(({ relation }) => relation.target === type);
      if (arriving.length === 0) continue;
      const nodes = graph.nodeCount(type);
      if (nodes === 0) {
        // There is nothing to take the mean of.
        output.push([type, arriving[0]!.z]);
        continue;
      }
      const weights = softmax(
        concatenate(
          arriving.map(({ z }) => this.#relevance(z)),
          0,
        ),
      );
      const rows = arriving.map(({ z }) => reshape(z, [1, nodes * this.outputs]));
      const mixture = matmul(reshape(weights, [1, arriving.length]), concatenate(rows, 0));
      output.push([type, reshape(mixture, [nodes, this.outputs])]);
      semantic.push({ type, relations: arriving.map(({ relation }) => relation), weights });
    }
    return { output: Object.fromEntries(output), semantic };
  }

  /** `dot(q, mean over i of tanh(W_k z_i + b_k))`, `[1]`. */
  #relevance(z: Tensor): Tensor {
    const said = mean(tanh(this.semanticKey.forward(z)), { axis: 0 });
    return reshape(sum(multiply(this.semanticQuery, said)), [1]);
  }
}

/** What one relation shows the nodes at which it arrives. */
interface SeenByRelation {
  readonly relation: Relation;
  /** `[nodes, outputs]`. */
  readonly z: Tensor;
  readonly attention?: RelationAttention | undefined;
}
