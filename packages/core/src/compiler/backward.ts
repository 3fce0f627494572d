import type { AttentionPlan } from "../engine/attention-kernels.ts";
import { differentiate } from "../expression/derivative.ts";
import { type Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import { type AccumulateTask, emitAccumulate } from "./accumulate.ts";
import { edgesAtOnce, emitTouch } from "./caches.ts";
import { assemble, type BuiltKernel, type CompiledAttention } from "./compile.ts";
import { emitEdgeScalars, emitEdgeVectors } from "./edge-gradients.ts";
import { emitGather } from "./gather.ts";
import { interner } from "./intern.ts";
import { type Operand, rowKernel } from "./row-kernel.ts";
import { emitNumbers } from "./scalars.ts";
import type { ScoreForm } from "./score-form.ts";
import { emitSums } from "./sums.ts";
import {
  deltaSymbol,
  dropped,
  edgeScalar,
  gradientName,
  gradientSymbol,
  logSumSymbol,
  onEdges,
  operandNames,
  operandOf,
  scalarsBeside,
  scoreSums,
  valueSymbol,
} from "./symbols.ts";
import { isDivided, weightOf } from "./weight.ts";

/** The backward pass of a mechanism for the gradients that are wanted. */
export interface CompiledBackward extends CompiledAttention {
  /**
   * Gradients of the receivers' scalars that are the sums of what is left of their edges: from numbers for each edge and head, by the position of the
   * edge, to the gradient.
   */
  readonly rowSums: readonly { readonly from: Operand; readonly to: Operand }[];
}

/** A wanted gradient: what it is of, and where it goes. */
type Target = readonly [symbol: Expression, operand: Operand];

/** What one function over rows does. */
interface Walk {
  readonly owner: "query" | "key";
  /** Gradients of vectors of the owner, of parameters, and of edges. */
  readonly vectors: readonly Target[];
  /** Gradients of scalars of the owner and of parameters: summed over edges. */
  readonly summed: readonly Target[];
  /** Gradients of scalars of edges. */
  readonly perEdge: readonly Target[];
  /** Gradients of scalars of the other end, left by position to what comes after. */
  readonly left: readonly Target[];
  /** Whether it adds up the gradient of value. */
  readonly ownsValue: boolean;
}

/**
 * Compiles the backward pass for the gradients that are wanted, by name. Weights are recomputed from the saved logarithms, so that nothing of
 * the size of the edges is kept from the forward pass, and each number has one writer.
 *
 * What belongs to senders is summed by a function over senders, what belongs to receivers, to edges and to parameters by one over receivers. Where
 * receivers own scalars only, the function over senders leaves their gradients for each edge, and no second one is needed. Where they own
 * vectors, both compute the weights: numbers left by one and read by the other, in another order, were measured to cost as much.
 */
export function compileBackward(plan: AttentionPlan, form: ScoreForm, wanted: ReadonlySet<string>): CompiledBackward {
  const targets = form.inputs.flatMap((symbol): Target[] => {
    const operand = operandOf(symbol, plan);
    return wanted.has(operand.name) ? [[symbol, { ...operand, name: gradientName(operand.name) }]] : [];
  });
  const of = (side: Operand["side"], rank: "vector" | "scalar"): Target[] =>
    targets.filter(([symbol]) => symbolNode(symbol).side === side && symbol.rank === rank);
  const ownsValue = wanted.has(operandNames.value);
  const hasSenders = ownsValue || targets.some(([symbol]) => symbolNode(symbol).side === "key");
  const hasOthers = targets.some(([symbol]) => symbolNode(symbol).side !== "key");
  const otherVectors = [...of("query", "vector"), ...of("parameter", "vector"), ...of("edge", "vector")];
  const [queryScalars, keyScalars] = [of("query", "scalar"), of("key", "scalar")];
  const [perEdge, parameterScalars] = [of("edge", "scalar"), of("parameter", "scalar")];

  const isOne = hasSenders && otherVectors.length === 0;
  const rowSums = isOne ? queryScalars.map(([symbol, to]) => ({ symbol, from: keptOperand(symbol), to })) : [];
  const walks: Walk[] = [];
  if (hasOthers && !isOne) {
    const summed = [...queryScalars, ...parameterScalars];
    walks.push({ owner: "query", vectors: otherVectors, summed, perEdge, left: [], ownsValue: false });
  }
  if (hasSenders) {
    walks.push({
      owner: "key",
      vectors: of("key", "vector"),
      summed: isOne ? [...keyScalars, ...parameterScalars] : keyScalars,
      perEdge: isOne ? perEdge : [],
      left: rowSums.map(({ symbol, from }) => [symbol, from]),
      ownsValue,
    });
  }
  return { ...assemble(walks.map((walk) => backwardBy(plan, form, walk))), rowSums };
}

function keptOperand(symbol: Expression): Operand {
  return { name: `#kept for ${symbolNode(symbol).name}`, side: "edge", width: 1 };
}

/** The gradient of a scalar that the logit is made from, for each edge and head. */
function ofScalar(symbol: Expression): Expression {
  return edgeScalar(`gradient of ${symbolNode(symbol).name}`);
}

function backwardBy(
  plan: AttentionPlan,
  form: ScoreForm,
  { owner, vectors, summed, perEdge, left, ownsValue }: Walk,
): BuiltKernel {
  const { heads, valueChannels } = plan;
  const intern = interner();
  const value = operandOf(valueSymbol, plan);
  const valueTarget: Operand = { ...value, name: gradientName(operandNames.value) };

  // Numbers of an edge and head: what dropout leaves of the weight, and the gradients of what the logit is made from.
  const ofValue = edgeScalar("value dot gradient");
  const keptWeight = edgeScalar("kept weight");
  const weight = weightOf(plan, form);
  // A weight of a row that sums to 1 takes from the others what it gains.
  const ofWeight = isDivided(plan) ? dropped(ofValue, plan).subtract(deltaSymbol) : dropped(ofValue, plan);
  const byPart = differentiate(weight, onEdges(ofWeight, heads));
  const rootOf = (symbol: Expression): Expression => intern(byPart.get(symbolNode(symbol).name)!.gradient);
  const isIn = (vector: Expression, [symbol]: Target): boolean => symbolsOf(vector).has(symbolNode(symbol).name);
  const stored = [
    ...form.sums.filter(({ vector }) => vectors.some((target) => isIn(vector, target))).map(({ symbol }) => symbol),
    ...[...perEdge, ...left].map(([symbol]) => symbol),
  ];
  const stores = [
    ...stored.map((symbol) => ({ slot: ofScalar(symbol), root: rootOf(symbol) })),
    ...(ownsValue ? [{ slot: keptWeight, root: intern(onEdges(dropped(weight, plan), heads)) }] : []),
  ];
  const sums = summed.map(([symbol, target]) => ({ target, root: rootOf(symbol) }));

  const given = [gradientSymbol, logSumSymbol, deltaSymbol];
  const gathered = scalarsBeside([...form.inputs, ...given], owner, heads);
  const slots = [...form.sums.map(({ symbol }) => symbol), ofValue, ...gathered, ...stores.map(({ slot }) => slot)];
  const results = [...vectors, ...summed, ...perEdge].map(([, operand]) => operand);
  if (ownsValue) results.push(valueTarget);
  const operands = [
    ...[...form.inputs, valueSymbol, ...given].map((symbol) => operandOf(symbol, plan)),
    ...results,
    ...left.map(([, operand]) => operand),
  ];
  const name = owner === "key" ? "backward by sender" : "backward by receiver";
  const kernel = rowKernel(name, owner, plan, operands, slots);

  const vectorGradient = (symbol: Expression): Expression =>
    form.sums
      .flatMap(({ symbol: sum, vector }) => {
        const found = differentiate(vector.sum(), ofScalar(sum)).get(symbolNode(symbol).name);
        return found === undefined ? [] : [found.gradient];
      })
      .reduce((a, b) => a.add(b));
  const isOfEdge = ([symbol]: Target): boolean => symbolNode(symbol).side === "edge";
  const accumulated = vectors
    .filter((target) => !isOfEdge(target))
    .map(([symbol, target]): AccumulateTask => ({ target, vector: vectorGradient(symbol), mode: "add" }));
  const ofOutput: AccumulateTask = { target: valueTarget, vector: keptWeight.multiply(gradientSymbol), mode: "add" };
  const dotOfValue = { vector: gradientSymbol.multiply(valueSymbol), width: valueChannels, slot: ofValue };
  const chunk = edgesAtOnce(kernel);
  kernel.forEachChunk(chunk, () => {
    emitTouch(kernel, chunk);
    emitSums(kernel, [...scoreSums(plan, form), dotOfValue]);
    emitGather(kernel, gathered);
    emitNumbers(kernel, stores, sums);
    emitAccumulate(kernel, accumulated);
    if (ownsValue) emitAccumulate(kernel, [ofOutput]);
    for (const [symbol, target] of [...perEdge, ...left]) emitEdgeScalars(kernel, target, ofScalar(symbol));
    for (const [symbol, target] of vectors.filter(isOfEdge)) {
      emitEdgeVectors(kernel, target, intern(vectorGradient(symbol)));
    }
  });
  return { kernel, results, chunk };
}
