import { differentiate } from "../../expression/derivative.ts";
import { type Bindings, evaluate, type Value } from "../../expression/evaluate.ts";
import { Expression, matricesOf, type Side, symbolNode, symbolsOf } from "../../expression/expression.ts";
import { hoist } from "../../expression/hoist.ts";
import type { AttentionKernels, AttentionOperands, AttentionPlan } from "../attention-kernels.ts";
import type { FloatBuffer } from "../buffers.ts";
import { keepsElement } from "../kernels.ts";

/** Reads and writes a buffer of the engine. */
export type ValuesOf = (buffer: FloatBuffer) => Float64Array;

/** The gradient of the logit. The sign keeps it apart from parameters of any name. */
const upstreamName = "#upstream";

/**
 * Attention as its definition says, one edge and one head at a time: the score's expression is evaluated, and for the gradient the
 * differentiated expression. The oracle for every faster path. Products of a matrix with vectors of one side are computed before.
 */
export function referenceAttention(given: AttentionPlan, valuesOf: ValuesOf): AttentionKernels | { refused: string } {
  if (given.normalizer.name !== "softmax")
    return { refused: `the normalizer "${given.normalizer.name}" is not softmax` };
  const { root, parts } = hoist(given.score, ({ node }) => node.kind === "transform");
  const [matrix] = matricesOf(root);
  if (matrix !== undefined) {
    return { refused: `the matrix ${matrix} is applied to what depends on both ends of an edge` };
  }
  const plan = { ...given, score: root };
  const symbols = [...symbolsOf(plan.score).values()];
  return {
    symbols,
    hoisted: parts,
    forward(operands, out, saved) {
      forEachRow(plan, operands, valuesOf, (row) => {
        const { receiver, head, positions, logits } = row;
        const logSum = logSumExp(logits);
        valuesOf(saved)[receiver * plan.heads + head] = logSum;
        const result = vectorAt(valuesOf(out), receiver, head, plan.heads, plan.valueChannels);
        positions.forEach((p, k) => {
          const weight = Math.exp(logits[k]! - logSum) * dropoutScale(plan, operands, p, head);
          const value = vectorAt(
            valuesOf(operands.value),
            operands.edges.senderOf[p]!,
            head,
            plan.heads,
            plan.valueChannels,
          );
          for (let c = 0; c < plan.valueChannels; c++) result[c]! += weight * value[c]!;
        });
      });
    },
    backward(operands, out, saved, gradient, gradients) {
      const temperature = plan.normalizer.options["temperature"] ?? 1;
      const upstream = Expression.symbol(upstreamName, "edge", "scalar");
      const derivatives = differentiate(plan.score, upstream);
      forEachRow(plan, operands, valuesOf, ({ receiver, head, positions, logits, bindings }) => {
        const { heads, valueChannels } = plan;
        const logSum = valuesOf(saved)[receiver * heads + head]!;
        const outGradient = vectorAt(valuesOf(gradient), receiver, head, heads, valueChannels);
        // The mean of the weights' gradients is the inner product of output and its gradient, with dropout too.
        const mean = dot(outGradient, vectorAt(valuesOf(out), receiver, head, heads, valueChannels));
        positions.forEach((p, k) => {
          const weight = Math.exp(logits[k]! - logSum);
          const scale = dropoutScale(plan, operands, p, head);
          const sender = operands.edges.senderOf[p]!;
          const value = vectorAt(valuesOf(operands.value), sender, head, heads, valueChannels);
          if (gradients.value !== null) {
            const target = vectorAt(valuesOf(gradients.value), sender, head, heads, valueChannels);
            for (let c = 0; c < valueChannels; c++) target[c]! += weight * scale * outGradient[c]!;
          }
          const ofLogit = (weight * (scale * dot(outGradient, value) - mean)) / temperature;
          const bound: Bindings = { ...bindings(p), [upstreamName]: ofLogit };
          for (const [name, { symbol, gradient: derivative }] of derivatives) {
            const target = gradients.symbols[name] ?? null;
            if (target === null) continue;
            const ends = { query: receiver, key: sender, edge: p, parameter: 0 };
            addTo(elementOf(symbol, valuesOf(target), ends, head, plan), evaluate(derivative, bound, plan.channels));
          }
        });
      });
    },
  };
}

/** The edges of one receiver, for one head. */
interface Row {
  readonly receiver: number;
  readonly head: number;
  readonly positions: readonly number[];
  /** Divided by the temperature. */
  readonly logits: readonly number[];
  readonly bindings: (position: number) => Bindings;
}

function forEachRow(
  plan: AttentionPlan,
  operands: AttentionOperands,
  valuesOf: ValuesOf,
  visit: (row: Row) => void,
): void {
  const { heads, channels } = plan;
  const { offsets, senderOf } = operands.edges;
  const temperature = plan.normalizer.options["temperature"] ?? 1;
  for (let receiver = 0; receiver + 1 < offsets.length; receiver++) {
    const first = offsets[receiver]!;
    const positions = Array.from({ length: offsets[receiver + 1]! - first }, (_, k) => first + k);
    if (positions.length === 0) continue;
    for (let head = 0; head < heads; head++) {
      const bindings = (p: number): Bindings => {
        const ends = { query: receiver, key: senderOf[p]!, edge: p, parameter: 0 };
        const bound: Record<string, Value> = {};
        for (const [name, symbol] of symbolsOf(plan.score)) {
          const element = elementOf(symbol, valuesOf(operands.symbols[name]!), ends, head, plan);
          bound[name] = symbol.rank === "vector" ? element : element[0]!;
        }
        return bound;
      };
      const logits = positions.map((p) => Number(evaluate(plan.score, bindings(p), channels)) / temperature);
      visit({ receiver, head, positions, logits, bindings });
    }
  }
}

/** A view of one head of a symbol, at the element that the symbol's side names. */
function elementOf(
  symbol: Expression,
  values: Float64Array,
  ends: Readonly<Record<Side, number>>,
  head: number,
  { heads, channels }: AttentionPlan,
): Float64Array {
  return vectorAt(values, ends[symbolNode(symbol).side], head, heads, symbol.rank === "vector" ? channels : 1);
}

function addTo(target: Float64Array, value: Value): void {
  for (let c = 0; c < target.length; c++) target[c]! += typeof value === "number" ? value : value[c]!;
}

/** A view of one head of one element. */
function vectorAt(values: Float64Array, element: number, head: number, heads: number, width: number): Float64Array {
  const start = (element * heads + head) * width;
  return values.subarray(start, start + width);
}

function dropoutScale(plan: AttentionPlan, { seed }: AttentionOperands, position: number, head: number): number {
  if (plan.dropout === 0) return 1;
  return keepsElement(seed, position * plan.heads + head, plan.dropout) ? 1 / (1 - plan.dropout) : 0;
}

function logSumExp(logits: readonly number[]): number {
  const max = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return max + Math.log(logits.reduce((total, l) => total + Math.exp(l - max), 0));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, v, c) => total + v * b[c]!, 0);
}
