import type { AttentionKernels, AttentionOperands, AttentionPlan } from "../engine/attention-kernels.ts";
import { OptionError, ShapeError } from "../errors.ts";
import { symbolNode } from "../expression/expression.ts";
import { formula } from "../expression/formula.ts";
import { zeros } from "../tensor/create.ts";
import { checkProbability, dropout } from "../tensor/dropout.ts";
import { record } from "../tensor/record.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { logitsOnTensors, oneSidedOnTensors, type SymbolTensors } from "./logits.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import type { Normalizer } from "./normalize/normalizer.ts";
import { softmaxNormalizer } from "./normalize/softmax.ts";
import { planFor } from "./plan.ts";
import type { ParameterRanks, Score } from "./score/score.ts";
import { weightedSum } from "./segment.ts";

/** What attention reads. */
export interface AttendInputs {
  /** Of the elements that attend, `[receivers, heads, channels]`. */
  readonly query: Tensor;
  /** Of the elements that are attended to, `[senders, heads, channels]`. */
  readonly key: Tensor;
  /** What is summed, `[senders, heads, valueChannels]`. */
  readonly value: Tensor;
  /** Of each pair, in the order of the neighborhood's positions: `[edges, heads, channels]` or `[edges, heads]`, as the score declares. */
  readonly edge?: Tensor | undefined;
}

/** The choices that make a mechanism. */
export interface AttendOptions<Parameters extends ParameterRanks> {
  /** How relevant a sender is to a receiver. */
  readonly score: Score<Parameters>;
  /** The score's parameters by name: `[heads, channels]` for a vector, `[heads]` for a scalar. */
  readonly parameters: { readonly [Name in keyof Parameters]: Tensor };
  /** Default: softmax. */
  readonly normalizer?: Normalizer;
  /** Drops weights while training: each with `probability`, by a mask that is a function of `seed`. Default: none. */
  readonly dropout?: { readonly probability: number; readonly seed: number } | undefined;
}

/** Attention with its weights. */
export interface Attention {
  /** `[receivers, heads, valueChannels]`. */
  readonly output: Tensor;
  /** `[edges, heads]` in the order of the neighborhood's positions, before dropout. */
  readonly weights: Tensor;
}

/**
 * Attention: a weighted sum over a neighborhood,
 *
 *     out_i = sum over j in N(i) of normalize_j(score(q_i, k_j, e_ij)) * v_j
 *
 * for each head by itself. Every mechanism is a choice of neighborhood, score, normalizer and what was added to the elements for
 * their positions. A receiver with an empty neighborhood gets zeros.
 *
 * @returns `[receivers, heads, valueChannels]`.
 * @throws ShapeError `shapes-differ` naming the input; OptionError `missing-input` or `unexpected-input` for an edge that the score
 * does not agree with, `out-of-range` for a dropout probability.
 */
export function attend<Parameters extends ParameterRanks>(
  neighborhood: Neighborhood,
  inputs: AttendInputs,
  options: AttendOptions<Parameters>,
): Tensor {
  const plan = planOf(neighborhood, inputs, options);
  const kernels = inputs.query.engine.attention?.(plan);
  if (kernels !== undefined && !("refused" in kernels))
    return attendFused(kernels, plan, neighborhood, inputs, options);
  return attendBySegments(plan, neighborhood, inputs, options).output;
}

/** {@link attend}, with the weights. Takes memory of edges x heads. */
attend.detailed = <Parameters extends ParameterRanks>(
  neighborhood: Neighborhood,
  inputs: AttendInputs,
  options: AttendOptions<Parameters>,
): Attention => attendBySegments(planOf(neighborhood, inputs, options), neighborhood, inputs, options);

function attendBySegments<Parameters extends ParameterRanks>(
  { score, channels }: AttentionPlan,
  neighborhood: Neighborhood,
  { query, key, value, edge }: AttendInputs,
  { parameters, normalizer = softmaxNormalizer(), dropout: drop }: AttendOptions<Parameters>,
): Attention {
  const sparse = neighborhood.sparse();
  const symbols: Record<string, Tensor> = { ...parameters, query, key, ...(edge && { edge }) };
  const weights = normalizer.normalize(logitsOnTensors(score, symbols, sparse, channels), sparse);
  const dropped = drop === undefined ? weights : dropout(weights, drop.probability, drop.seed);
  return { output: weightedSum(sparse, dropped, value), weights };
}

function attendFused<Parameters extends ParameterRanks>(
  kernels: AttentionKernels,
  { score, heads, channels, valueChannels }: AttentionPlan,
  neighborhood: Neighborhood,
  { query, key, value, edge }: AttendInputs,
  { parameters, dropout: drop }: AttendOptions<Parameters>,
): Tensor {
  const { engine } = value;
  const edges = neighborhood.sparse();
  const given: SymbolTensors = { ...parameters, query, key, ...(edge && { edge }) };
  const symbols = kernels.symbols.map((symbol): [name: string, tensor: Tensor] => {
    const { name } = symbolNode(symbol);
    const hoisted = kernels.hoisted.get(name);
    return [name, hoisted === undefined ? given[name]! : oneSidedOnTensors(hoisted, given, edges, channels)];
  });
  const inputs = [value, ...symbols.map(([, tensor]) => tensor)];
  const operands = (): AttentionOperands => ({
    edges,
    value: value.buffer,
    symbols: Object.fromEntries(symbols.map(([name, tensor]) => [name, tensor.buffer])),
    seed: drop?.seed ?? 0,
  });
  const saved = zeros([edges.receivers, heads], { engine });
  return record({
    name: `attend by ${formula(score)}`,
    shape: [edges.receivers, heads, valueChannels],
    inputs,
    forward: (out) => kernels.forward(operands(), out, saved.buffer),
    backward: (gradient, output) => {
      const gradients = inputs.map((input) => (input.requiresGrad ? zeros(input.shape, { engine }) : undefined));
      kernels.backward(operands(), output.buffer, saved.buffer, gradient.buffer, {
        value: gradients[0]?.buffer ?? null,
        symbols: Object.fromEntries(symbols.map(([name], k) => [name, gradients[k + 1]?.buffer ?? null])),
      });
      return gradients;
    },
  });
}

function planOf<Parameters extends ParameterRanks>(
  { receivers, senders, edges }: Neighborhood,
  { query, key, value, edge }: AttendInputs,
  { score, parameters, normalizer, dropout: drop }: AttendOptions<Parameters>,
): AttentionPlan {
  const [, heads = 0, channels = 0] = query.shape;
  const [, , valueChannels = 0] = value.shape;
  expectShape("query", query, [receivers, heads, channels]);
  expectShape("key", key, [senders, heads, channels]);
  expectShape("value", value, [senders, heads, valueChannels]);
  const named = Object.entries<Tensor>(parameters);
  for (const [name, tensor] of named) {
    const rank = score.parameters[name];
    if (rank === undefined) {
      throw new OptionError(
        "unexpected-input",
        `attend: got the parameter "${name}"; the score "${score.name}" has none of that name.`,
      );
    }
    expectShape(name, tensor, rank === "vector" ? [heads, channels] : [heads]);
  }
  for (const name of Object.keys(score.parameters)) {
    if (!named.some(([given]) => given === name)) {
      throw new OptionError("missing-input", `attend: got no parameter "${name}"; the score "${score.name}" needs it.`);
    }
  }
  if ((edge === undefined) !== (score.edge === "none")) {
    throw new OptionError(
      edge === undefined ? "missing-input" : "unexpected-input",
      `attend: got ${edge === undefined ? "no " : "an "}edge; the score "${score.name}" ${edge === undefined ? "needs" : "takes none"}` +
        `${edge === undefined ? ` one, a ${score.edge}` : ""}.`,
    );
  }
  if (edge !== undefined)
    expectShape("edge", edge, score.edge === "vector" ? [edges, heads, channels] : [edges, heads]);
  const probability = drop?.probability ?? 0;
  checkProbability("attend", probability);
  return planFor(score, { heads, channels, valueChannels, dropout: probability, ...(normalizer && { normalizer }) });
}

function expectShape(name: string, { shape }: Tensor, expected: readonly number[]): void {
  if (shape.length === expected.length && shape.every((length, d) => length === expected[d])) return;
  throw new ShapeError(
    "shapes-differ",
    `attend: got ${name} of shape [${shape.join(", ")}]; expected [${expected.join(", ")}]. Receivers, senders and edges follow from the ` +
      "neighborhood, heads and channels from the query.",
  );
}
