import { checkOptionNames, OptionError, type SparseNeighborhood, scope, Tensor, withoutGradient } from "@vicinal/core";
import type { Relation } from "../hetero/relation.ts";
import { type AttentionWanted, collectAttention, type ReportedAttention } from "../layers/attention-recorder.ts";

/** The attention of one layer, read from its engine. */
export interface AttentionRecord {
  /** The neighborhood that the layer was called with. */
  readonly given: SparseNeighborhood;
  /** Of a layer over a heterogeneous graph: the relation whose edges `given` has. Such a layer is told of once for each relation that has edges. */
  readonly relation?: Relation | undefined;
  /** The edges attended over: those given, with self-loops if the layer adds them. */
  readonly neighborhood: SparseNeighborhood;
  /**
   * `[positions]`: for each position of `neighborhood` the number that the edge has in the edge list of `given`; -1 where no edge of the list stands for it, such as a
   * self-loop that the layer added.
   */
  readonly edgeOf: Int32Array;
  /** Count of heads. */
  readonly heads: number;
  /** `[edges * heads]` in the order of `neighborhood`'s positions, before dropout. */
  readonly weights: Float32Array | Float64Array;
}

/** Options of {@link recordAttention}. */
export interface RecordAttentionOptions {
  /** The neighborhood whose layers are recorded; others, such as those of a read-out, are left alone. Default: any. */
  readonly over?: SparseNeighborhood | undefined;
  /** Whether attention among all nodes of a graph is recorded too, in memory of pairs x heads. Default false. */
  readonly global?: boolean | undefined;
}

/** What a model answered, and what its layers attended to. */
export interface RecordedRun {
  /** The numbers of the answer, row after row, as many as its shape holds. */
  readonly output: Float32Array | Float64Array;
  /** The shape of the answer. */
  readonly shape: readonly number[];
  /** The attention of every layer, in the order in which the layers were called. */
  readonly layers: readonly AttentionRecord[];
}

/**
 * Runs a model and records what every layer attended to, whatever the model is made of:
 *
 *     const { layers } = await recordAttention(() => model.forward(x, neighborhood, { edgeFeatures }));
 *
 * Layers compute without fused kernels meanwhile, in memory of edges x heads for each; otherwise recording costs nothing. No gradient is recorded.
 * A layer over a heterogeneous graph answers for the nodes of several types: return what it says of one.
 *
 * @param run Computes the answer at once; a promise is refused.
 * @throws OptionError `unknown-option`, or `not-a-tensor` for what `run` returned; what `run` throws.
 */
export async function recordAttention(run: () => Tensor, options: RecordAttentionOptions = {}): Promise<RecordedRun> {
  checkOptionNames("recordAttention", options, ["over", "global"] satisfies readonly (keyof AttentionWanted)[]);
  const { result, attention } = withoutGradient(() =>
    scope(() => collectAttention(options, () => checkedTensor(run()))),
  );
  const [output, layers] = await Promise.all([result.data(), Promise.all(attention.map(read))]);
  return { output, shape: result.shape, layers };
}

async function read({ weights, ...attention }: ReportedAttention): Promise<AttentionRecord> {
  return { ...attention, heads: weights.shape[1] ?? 1, weights: await weights.data() };
}

function checkedTensor(result: unknown): Tensor {
  if (result instanceof Tensor) return result;
  throw new OptionError(
    "not-a-tensor",
    "recordAttention: got a function that returns no tensor at once; expected the answer of a model, such as that of `forward`.",
  );
}
