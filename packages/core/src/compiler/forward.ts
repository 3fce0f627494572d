import type { AttentionPlan } from "../engine/attention-kernels.ts";
import type { Expression } from "../expression/expression.ts";
import { type AccumulateTask, emitAccumulate } from "./accumulate.ts";
import { emitTouch } from "./caches.ts";
import { assemble, type CompiledAttention } from "./compile.ts";
import { emitGather } from "./gather.ts";
import { interner } from "./intern.ts";
import { type Operand, type RowKernel, rowKernel } from "./row-kernel.ts";
import { emitNumbers, emitScalars } from "./scalars.ts";
import type { ScoreForm } from "./score-form.ts";
import { emitSoftmax, saveDivisor } from "./softmax.ts";
import { emitSums } from "./sums.ts";
import {
  dropped,
  edgeScalar,
  logSumSymbol,
  onEdges,
  operandNames,
  operandOf,
  scalarsBeside,
  scoreSums,
  valueSymbol,
} from "./symbols.ts";
import { isDivided, isSoftmax, scaledLogit, undividedWeight } from "./weight.ts";

/**
 * Compiles the forward pass: one function over receivers. It finds the logits of a row, makes weights of them in their place, and adds up the
 * values times these.
 */
export function compileForward(plan: AttentionPlan, form: ScoreForm): CompiledAttention {
  const { heads, valueChannels } = plan;
  const weights = edgeScalar("weights");
  const inverse = edgeScalar("inverse");
  const gathered = scalarsBeside(form.inputs, "query", heads);
  const output: Operand = { name: operandNames.output, side: "query", width: valueChannels };
  const logSum = operandOf(logSumSymbol, plan);
  const divided = isDivided(plan);
  const results = divided ? [output, logSum] : [output];
  const operands = [...[...form.inputs, valueSymbol].map((symbol) => operandOf(symbol, plan)), ...results];
  const slots = [...form.sums.map(({ symbol }) => symbol), ...gathered, weights, ...(divided ? [inverse] : [])];
  const kernel = rowKernel("forward", "query", plan, operands, slots);
  kernel.forEachChunk("row", () => {
    emitTouch(kernel, "row");
    emitSums(kernel, scoreSums(plan, form));
    emitGather(kernel, gathered);
    if (isSoftmax(plan)) {
      emitNumbers(kernel, [{ slot: weights, root: interner()(scaledLogit(plan, form)) }]);
      emitSoftmax(kernel, weights, inverse, logSum);
    } else {
      emitWeights(kernel, plan, undividedWeight(plan, form), weights, divided ? { inverse, logSum } : undefined);
    }
    const task: AccumulateTask = { target: output, vector: weights.multiply(valueSymbol), mode: "store" };
    emitAccumulate(kernel, [divided ? { ...task, scale: inverse } : task]);
  });
  return assemble([{ kernel, results, chunk: "row" }]);
}

/** Weights that follow from their own logits, and what they must be divided by where they are shares. */
function emitWeights(
  kernel: RowKernel,
  plan: AttentionPlan,
  weight: Expression,
  slot: Expression,
  divisor: { readonly inverse: Expression; readonly logSum: Operand } | undefined,
): void {
  const { f, heads } = kernel;
  const intern = interner();
  const root = intern(onEdges(weight, heads));
  const kept = intern(dropped(root, plan));
  const sums = f.local("v128");
  emitScalars(
    kernel,
    divisor === undefined ? [kept] : [root, kept],
    (code, pushAddress) => {
      if (divisor !== undefined) {
        f.get(sums);
        code.push(root).op("f32x4.add").set(sums);
      }
      pushAddress(slot);
      code.push(kept).at("v128.store");
    },
    () => f.splat(0).set(sums),
    () => {
      if (divisor !== undefined) saveDivisor(kernel, sums, divisor.inverse, divisor.logSum);
    },
  );
}
