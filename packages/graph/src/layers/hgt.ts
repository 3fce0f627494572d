import {
  type AttendInputs,
  type AttendOptions,
  add,
  attend,
  concatenate,
  gatherRows,
  gelu,
  Linear,
  matmul,
  multiply,
  parameter,
  reshape,
  scaledDot,
  sigmoid,
  slice,
  subtract,
  type Tensor,
  transpose,
  uniform,
  zeros,
} from "@vicinal/core";
import type { FeaturesByType, OutputsByType, RelationAttention } from "../hetero/hetero-layer.ts";
import { relationKey } from "../hetero/relation.ts";
import { type StackedRelations, stackedRelations } from "../hetero/stacked-relations.ts";
import type { RelationEdges, TypedNeighborhood } from "../hetero/typed-neighborhood.ts";
import { isTypedAttentionWanted, reportRelationAttention } from "./attention-recorder.ts";
import type { NodeFeatureTensor } from "./graph-layer.ts";
import { denseFeatures } from "./layer-input.ts";
import { TypedMultiHeadConv, type TypedMultiHeadConvOptions } from "./typed-multi-head-conv.ts";

/** Options of {@link HGTConv}; names and defaults are PyTorch Geometric's. */
export type HGTConvOptions = TypedMultiHeadConvOptions;

/**
 * The heterogeneous graph transformer layer (Hu, Dong, Wang and Sun, "Heterogeneous Graph Transformer", WWW 2020, section 3), as PyTorch
 * Geometric defines it since version 2.4: one softmax runs over the edges of all relations that arrive at a node. With the type `t(i)` of a node
 * and the relation `r` of the edge from j to i, for each head of `channels = outputs / heads`
 *
 *     q_i = Q_t(i) x_i,   k_j = K_t(j) x_j,   v_j = V_t(j) x_j
 *     weight_ij = softmax over all edges into i of prior_r dot(q_i, k_j A_r) / sqrt(channels)
 *     h_i       = concat over heads of sum over j of weight_ij (v_j M_r)
 *     out_i     = O_t(i) gelu(h_i);   where the widths agree   s out_i + (1 - s) x_i,   s = sigmoid(skip_t(i))
 *
 * From `[nodes, inputs]` of each type to `[nodes, outputs]` of each type at which one of the layer's relations arrives; the others have no output.
 * All projections of nodes have a bias. The answer does not depend on the order in which types are named anywhere: parameters are listed by
 * sorted types, `nodeTypes` and `relations`.
 *
 * @throws OptionError `unknown-option`, `out-of-range`, `heads-do-not-divide`, `missing-input` or `unknown-type` for widths that do not fit the
 * types; DataError `duplicate-type` or `unknown-type`. `forward` throws DataError `unknown-type` for a graph with other types, OptionError
 * `missing-input` for a type without features, `unknown-type` for features of a type that is not there, `sparse-features` where the features
 * themselves are added to the output; ShapeError `shapes-differ`.
 */
export class HGTConv extends TypedMultiHeadConv {
  /** For each of `nodeTypes`, `[outputs, inputs]`. */
  readonly linearKey: readonly Linear[];
  /** For each of `nodeTypes`, `[outputs, inputs]`. */
  readonly linearQuery: readonly Linear[];
  /** For each of `nodeTypes`, `[outputs, inputs]`. */
  readonly linearValue: readonly Linear[];
  /** For each of `nodeTypes`, `[outputs, outputs]`. */
  readonly linearOut: readonly Linear[];
  /** For each of `nodeTypes`, `[1]`, 1 at first: the share of the input in the output before the sigmoid. Read where the widths agree. */
  readonly skip: readonly Tensor[];
  /** For each of `relations`, `A_r` of each head, `[heads, channels, channels]`, applied from the right. */
  readonly keyTransform: readonly Tensor[];
  /** For each of `relations`, `M_r` of each head, `[heads, channels, channels]`, applied from the right. */
  readonly valueTransform: readonly Tensor[];
  /** For each of `relations`, `[heads]`, ones at first: how much the relation counts. */
  readonly prior: readonly Tensor[];

  /** @param inputs Width of the features, one for all node types or by type. */
  constructor(inputs: number | Readonly<Record<string, number>>, outputs: number, options: HGTConvOptions) {
    super("HGTConv", inputs, outputs, options);
    const { random, engine } = options;
    const { heads, relations, widths } = this;
    const linear = (width: number): Linear => new Linear(width, outputs, { random, engine });
    this.linearKey = widths.map(linear);
    this.linearQuery = widths.map(linear);
    this.linearValue = widths.map(linear);
    this.linearOut = widths.map(() => linear(outputs));
    this.skip = widths.map(() => parameter([1], [1], { engine }));
    const channels = outputs / heads;
    const shape = [heads, channels, channels];
    const transform = (): Tensor => parameter(uniform(random, shape, 1 / Math.sqrt(channels)), shape, { engine });
    this.keyTransform = relations.map(transform);
    this.valueTransform = relations.map(transform);
    this.prior = relations.map(() => parameter(new Float32Array(heads).fill(1), [heads], { engine }));
  }

  forward(x: FeaturesByType, graph: TypedNeighborhood): OutputsByType {
    if (isTypedAttentionWanted(graph)) return this.detailed(x, graph).output;
    const { features, stack, inputs } = this.#prepare(x, graph);
    const attended = inputs === undefined ? undefined : attend(stack.neighborhood, inputs, options);
    return this.#finish(features, graph, stack, attended);
  }

  /** {@link forward}, with the attention along each relation that has edges. Over all edges into a node the weights of a head sum to 1. */
  detailed(
    x: FeaturesByType,
    graph: TypedNeighborhood,
  ): { readonly output: OutputsByType; readonly attention: readonly RelationAttention[] } {
    const { features, stack, inputs } = this.#prepare(x, graph);
    if (inputs === undefined) return { output: this.#finish(features, graph, stack, undefined), attention: [] };
    const { output, weights } = attend.detailed(stack.neighborhood, inputs, options);
    const attention = stack.relations.map(({ neighborhood, ...relation }, r) => ({
      relation,
      neighborhood,
      weights: gatherRows(weights, stack.positions[r]!),
    }));
    reportRelationAttention(attention);
    return { output: this.#finish(features, graph, stack, output), attention };
  }

  #prepare(x: FeaturesByType, graph: TypedNeighborhood) {
    const features = this.checked(x, graph);
    const stack = stackedRelations(graph);
    return { features, stack, inputs: stack.relations.length === 0 ? undefined : this.#inputs(features, graph, stack) };
  }

  /** Queries of all nodes; keys and values of the source nodes of each relation, as the relation sees them. */
  #inputs(
    features: ReadonlyMap<string, NodeFeatureTensor>,
    graph: TypedNeighborhood,
    { relations }: StackedRelations,
  ): AttendInputs {
    const of = (linears: readonly Linear[], type: string): Tensor =>
      this.split(linears[this.nodeTypes.indexOf(type)]!.forward(features.get(type)!));
    const receiving = new Set(relations.map(({ target }) => target));
    const query = graph.nodeTypes.map((type) =>
      receiving.has(type)
        ? of(this.linearQuery, type)
        : // No edge arrives there, so that nothing asks what its query is.
          zeros([graph.nodeCount(type), this.heads, this.outputs / this.heads], { engine: this.skip[0]!.engine }),
    );
    const sending = [...new Set(relations.map(({ source }) => source))];
    const keys = new Map(sending.map((type) => [type, of(this.linearKey, type)]));
    const values = new Map(sending.map((type) => [type, of(this.linearValue, type)]));
    const numbers = relations.map((relation) => this.#numberOf(relation));
    return {
      query: concatenate(query, 0),
      key: concatenate(
        relations.map(({ source }, k) => {
          const r = numbers[k]!;
          // The prior scales the logits, and as well the keys: the score is then a plain inner product.
          const prior = reshape(this.prior[r]!, [this.heads, 1, 1]);
          return transformed(keys.get(source)!, multiply(this.keyTransform[r]!, prior));
        }),
        0,
      ),
      value: concatenate(
        relations.map(({ source }, k) => transformed(values.get(source)!, this.valueTransform[numbers[k]!]!)),
        0,
      ),
    };
  }

  #numberOf(relation: RelationEdges): number {
    const key = relationKey(relation);
    return this.relations.findIndex((known) => relationKey(known) === key);
  }

  #finish(
    features: ReadonlyMap<string, NodeFeatureTensor>,
    graph: TypedNeighborhood,
    { firstReceivers }: StackedRelations,
    attended: Tensor | undefined,
  ): OutputsByType {
    const receiving = new Set(this.relations.map(({ target }) => target));
    const results: [type: string, output: Tensor][] = [];
    for (const [t, type] of graph.nodeTypes.entries()) {
      if (!receiving.has(type)) continue;
      const [first, end] = [firstReceivers[t]!, firstReceivers[t + 1]!];
      const number = this.nodeTypes.indexOf(type);
      const own =
        attended === undefined
          ? zeros([end - first, this.outputs], { engine: this.skip[0]!.engine })
          : reshape(slice(attended, 0, first, end), [end - first, this.outputs]);
      const output = this.linearOut[number]!.forward(gelu(own));
      results.push([
        type,
        this.widths[number] === this.outputs
          ? mixed(output, denseFeatures("HGTConv", features.get(type)!), this.skip[number]!)
          : output,
      ]);
    }
    return Object.fromEntries(results);
  }
}

const options: AttendOptions<Record<never, "vector">> = { score: scaledDot(), parameters: {} };

/** Each head by its matrix: `[nodes, heads, channels]` and `[heads, channels, channels]` to `[nodes, heads, channels]`. */
function transformed(x: Tensor, matrices: Tensor): Tensor {
  const [, heads] = x.shape;
  if (heads === 1) {
    const [nodes = 0, , channels = 0] = x.shape;
    const product = matmul(reshape(x, [nodes, channels]), reshape(matrices, [channels, channels]));
    return reshape(product, x.shape);
  }
  return transpose(matmul(transpose(x, [1, 0, 2]), matrices), [1, 0, 2]);
}

/** `s a + (1 - s) b` with `s = sigmoid(skip)`. */
function mixed(a: Tensor, b: Tensor, skip: Tensor): Tensor {
  return add(b, multiply(sigmoid(skip), subtract(a, b)));
}
