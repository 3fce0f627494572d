import { type AttentionPlan, temperatureOf } from "../engine/attention-kernels.ts";
import { dropout as dropElements } from "../tensor/dropout.ts";
import { add } from "../tensor/elementwise.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Block, type BlockInput, inBlocks } from "./blocks.ts";
import { attendFused } from "./fused.ts";
import { type AttendInputs, type AttendOptions, type Attention, checkInputs } from "./inputs.ts";
import { logitsOnTensors, oneSidedOnTensors, type SymbolTensors } from "./logits.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import type { SparseNeighborhood } from "./neighborhood/sparse.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import { softmaxNormalizer } from "./normalize/softmax.ts";
import { type AttentionPath, blockSize, pathOf, type TiledPath } from "./path.ts";
import { biasName, planFor } from "./plan.ts";
import { type PositionBias, pairBias } from "./position/position-bias.ts";
import type { ParameterRanks } from "./score/score.ts";
import { weightedSum } from "./segment.ts";

/**
 * Attention: a weighted sum over a neighborhood,
 *
 * ```math
 * \mathrm{out}_i = \sum_{j \in N(i)} \operatorname{normalize}_j\bigl(\operatorname{score}(q_i, k_j, e_{ij}) + \mathrm{bias}_{ij}\bigr)\, v_j
 * ```
 *
 * for each head by itself. Every mechanism is a choice of neighborhood, score, normalizer and position. A receiver with an empty
 * neighborhood gets zeros.
 *
 * Which kernels compute it follows from the choices and the counts; {@link explainPlan} says which. Where a neighborhood has runs and the score
 * is an inner product under softmax, nothing of the size of the pairs is made; elsewhere pairs that are too many to list are computed one block
 * of receivers after the other, and again for the gradient. What dropout drops is a function of `seed`, and differs between these ways.
 *
 * @returns `[receivers, heads, valueChannels]`.
 * @throws ShapeError `shapes-differ` naming the input; OptionError `missing-input` or `unexpected-input` for an edge or a parameter that the
 * score does not agree with, `out-of-range` for a dropout probability.
 */
export function attend<Parameters extends ParameterRanks>(
  neighborhood: Neighborhood,
  inputs: AttendInputs,
  options: AttendOptions<Parameters>,
): Tensor {
  checkInputs(neighborhood, inputs, options);
  const mechanism = mechanismOf(inputs, options);
  const path = pathOf(mechanism.plan, inputs.query.engine, neighborhood);
  if (path.kind === "tiled") return attendTiled(path, inputs, mechanism);
  const pairsPerBlock = blockSize(path, mechanism.plan, neighborhood);
  if (pairsPerBlock !== undefined) return attendInBlocks(path, neighborhood, inputs, mechanism, pairsPerBlock);
  const edges = neighborhood.sparse();
  return attendEdges(path, edges, inputs.value, symbolsOf(inputs, mechanism, edges), mechanism);
}

/**
 * {@link attend}, with the weights. Takes memory of edges x heads, because the weights do.
 */
attend.detailed = <Parameters extends ParameterRanks>(
  neighborhood: Neighborhood,
  inputs: AttendInputs,
  options: AttendOptions<Parameters>,
): Attention => {
  checkInputs(neighborhood, inputs, options);
  const edges = neighborhood.sparse();
  const mechanism = mechanismOf(inputs, options);
  return attendBySegments(edges, inputs.value, symbolsOf(inputs, mechanism, edges), mechanism);
};

/** The options of a call with their defaults filled in. */
interface Mechanism {
  readonly plan: AttentionPlan;
  readonly parameters: SymbolTensors;
  readonly normalizer: Normalizer;
  readonly bias: readonly PositionBias[];
  readonly seed: number | undefined;
}

function mechanismOf<Parameters extends ParameterRanks>(
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
function symbolsOf(
  { query, key, edge }: AttendInputs,
  { parameters, bias }: Mechanism,
  edges: SparseNeighborhood,
  firstReceiver = 0,
): SymbolTensors {
  const terms = bias.map((one) => pairBias(one, query, edges, firstReceiver));
  return {
    ...parameters,
    query,
    key,
    ...(edge && { edge }),
    ...(terms.length > 0 && { [biasName]: terms.reduce((sum, term) => add(sum, term)) }),
  };
}

function attendTiled(
  { form, runs }: TiledPath,
  { query, key, value }: AttendInputs,
  { plan, parameters, seed }: Mechanism,
): Tensor {
  const symbols = { ...parameters, query, key };
  const side = (part: typeof form.query): Tensor => oneSidedOnTensors(part, symbols, plan.channels);
  return runs.attend(
    { query: side(form.query), key: side(form.key), value },
    { scale: form.scale / temperatureOf(plan), dropout: plan.dropout, seed },
  );
}

function attendEdges(
  path: Exclude<AttentionPath, TiledPath>,
  edges: SparseNeighborhood,
  value: Tensor,
  symbols: SymbolTensors,
  mechanism: Mechanism,
): Tensor {
  if (path.kind === "segments") return attendBySegments(edges, value, symbols, mechanism).output;
  return attendFused(path.kernels, mechanism.plan, edges, value, symbols, mechanism.seed ?? 0);
}

function attendBySegments(
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

function attendInBlocks(
  path: Exclude<AttentionPath, TiledPath>,
  neighborhood: Neighborhood,
  { query, key, value, edge }: AttendInputs,
  mechanism: Mechanism,
  pairsPerBlock: number,
): Tensor {
  const { plan, seed } = mechanism;
  const parameters = Object.entries(mechanism.parameters);
  const tables = mechanism.bias.map((bias) => bias.table(query));
  const inputs: readonly BlockInput[] = [
    { tensor: query, rows: "receivers" },
    { tensor: key, rows: "all" },
    { tensor: value, rows: "all" },
    ...parameters.map(([, tensor]): BlockInput => ({ tensor, rows: "all" })),
    ...tables.map((tensor): BlockInput => ({ tensor, rows: tensor.shape.length === 3 ? "receivers" : "all" })),
    ...(edge === undefined ? [] : [{ tensor: edge, rows: "edges" } as const]),
  ];
  const compute = ({ edges, firstReceiver, inputs: parts, seed: ofBlock }: Block): Tensor => {
    const rest = parts.slice(3);
    const [ofParameters, ofTables] = [rest.splice(0, parameters.length), rest.splice(0, tables.length)];
    const mine: Mechanism = {
      ...mechanism,
      seed: ofBlock,
      parameters: Object.fromEntries(parameters.map(([name], k) => [name, ofParameters[k]!])),
      bias: mechanism.bias.map((bias, k) => withTable(bias, ofTables[k]!)),
    };
    const given = { query: parts[0]!, key: parts[1]!, value: parts[2]!, edge: rest[0] };
    return attendEdges(path, edges, given.value, symbolsOf(given, mine, edges, firstReceiver), mine);
  };
  return inBlocks({
    name: "attend in blocks",
    neighborhood,
    inputs,
    shape: [neighborhood.receivers, plan.heads, plan.valueChannels],
    seed,
    pairsPerBlock,
    compute,
  });
}

/** The same term with its table computed already. */
function withTable(bias: PositionBias, table: Tensor): PositionBias {
  const { name, buckets } = bias;
  return { name, buckets, bucketOf: (receiver, sender) => bias.bucketOf(receiver, sender), table: () => table };
}
