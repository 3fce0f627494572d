import type { AttentionPlan } from "../engine/attention-kernels.ts";
import { dropout as dropElements } from "../tensor/dropout.ts";
import { add } from "../tensor/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { attendFused } from "./fused.ts";
import type { AttendInputs, AttendOptions, Attention } from "./inputs.ts";
import { logitsOnTensors, type SymbolTensors } from "./logits.ts";
import type { SparseNeighborhood } from "./neighborhood/sparse.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import { softmaxNormalizer } from "./normalize/softmax.ts";
import type { EdgePath } from "./path.ts";
import { biasName, planFor } from "./plan.ts";
import type { PositionBias } from "./position/position-bias.ts";
import type { ParameterRanks } from "./score/score.ts";
import { weightedSum } from "./segment.ts";

/** The options of a call with their defaults filled in. */
export interface Mechanism {
  readonly plan: AttentionPlan;
  readonly parameters: SymbolTensors;
  readonly normalizer: Normalizer;
  readonly bias: readonly PositionBias[];
  readonly seed: number | undefined;
}

/** A call's options with their defaults. */
export function mechanismOf<Parameters extends ParameterRanks>(
  { query, value }: AttendInputs,
  { score, parameters, normalizer = softmaxNormalizer(), bias = [], dropout = 0, seed }: AttendOptions<Parameters>,
): Mechanism {
  const [, heads = 0, channels = 0] = query.shape;
  const [, , valueChannels = 0] = value.shape;
  const dropped = seed === undefined ? 0 : dropout;
  const shape = { heads, channels, valueChannels, dropout: dropped, normalizer, hasBias: bias.length > 0 };
  return { plan: planFor(score, shape), parameters, normalizer, bias, seed };
}

/** The tensors of the plan's symbols, by name. */
export function symbolsOf(
  { query, key, edge }: AttendInputs,
  { parameters, bias }: Mechanism,
  edges: SparseNeighborhood,
  firstReceiver = 0,
): SymbolTensors {
  const terms = bias.map((one) => one.terms(query, edges, firstReceiver));
  return {
    ...parameters,
    query,
    key,
    ...(edge && { edge }),
    ...(terms.length > 0 && { [biasName]: terms.reduce((sum, term) => add(sum, term)) }),
  };
}

/** Attention over edges that are listed. */
export function attendEdges(
  path: EdgePath,
  edges: SparseNeighborhood,
  value: Tensor,
  symbols: SymbolTensors,
  mechanism: Mechanism,
): Tensor {
  if (path.kind === "segments") return attendBySegments(edges, value, symbols, mechanism).output;
  return attendFused(path.kernels, mechanism.plan, edges, value, symbols, mechanism.seed ?? 0);
}

/** Attention by general kernels, with its weights. */
export function attendBySegments(
  edges: SparseNeighborhood,
  value: Tensor,
  symbols: SymbolTensors,
  { plan, normalizer, seed }: Mechanism,
): Attention {
  const logits = logitsOnTensors(plan.score, symbols, edges, plan.channels);
  const weights = normalizer.normalize(logits, edges, seed);
  const dropped = seed === undefined ? weights : dropElements(weights, plan.dropout, seed);
  const output = weightedSum(edges, dropped, value);
  if (seed === undefined || normalizer.logProbability === undefined) return { output, weights };
  return { output, weights, logProbability: normalizer.logProbability(logits, weights, edges) };
}
