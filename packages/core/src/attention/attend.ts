import { temperatureOf } from "../engine/attention-kernels.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { attendBySegments, attendEdges, type Mechanism, mechanismOf, symbolsOf } from "./attend-edges.ts";
import { checkInputs } from "./check-inputs.ts";
import type { AttendInputs, AttendOptions, Attention } from "./inputs.ts";
import { oneSidedOnTensors } from "./logits.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import { pathOf, type TiledPath } from "./path.ts";
import type { ParameterRanks } from "./score/score.ts";

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
  const path = pathOf(mechanism.plan, inputs.query.engine, neighborhood.runs);
  if (path.kind === "tiled") return attendTiled(path, inputs, mechanism);
  const inBlocks = neighborhood.computed?.attend(path, neighborhood, inputs, mechanism);
  if (inBlocks !== undefined) return inBlocks;
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
