import type { AttentionPlan } from "../engine/attention-kernels.ts";
import { Expression, symbolNode } from "../expression/expression.ts";
import { lanesFor, type Operand } from "./row-kernel.ts";
import type { ScoreForm } from "./score-form.ts";
import type { SumTask } from "./sums.ts";

/** The name of the operand that holds the gradient of another. */
export function gradientName(operand: string): string {
  return `#gradient of ${operand}`;
}

/** Operands that are no symbols of the score. The sign keeps them apart from parameters of any name. */
export const operandNames = {
  value: "#value",
  output: "#output",
  gradient: "#gradient",
  logSum: "#log sum",
  delta: "#delta",
} as const;

/** A number for each edge and head that a kernel has in a slot, or computes where it stands. */
export const edgeScalar = (name: string): Expression => Expression.symbol(`#${name}`, "edge", "scalar");

export const valueSymbol = Expression.symbol(operandNames.value, "key", "vector");
/** The gradient of the output. */
export const gradientSymbol = Expression.symbol(operandNames.gradient, "query", "vector");
/** The logarithm of what the weights of a row were divided by. */
export const logSumSymbol = Expression.symbol(operandNames.logSum, "query", "scalar");
/** The inner product of the output with its gradient: what the gradients of a row's weights are on average. */
export const deltaSymbol = Expression.symbol(operandNames.delta, "query", "scalar");
/** 1 in lanes that are edges, 0 in those past the end of the chunk. */
export const validSymbol = edgeScalar("valid");
/** What dropout multiplies a weight with. */
export const keepSymbol = edgeScalar("keep");

/** The tensor of a symbol. */
export function operandOf(symbol: Expression, { channels, valueChannels }: AttentionPlan): Operand {
  const { name, side } = symbolNode(symbol);
  const vectorWidth = symbol === valueSymbol || symbol === gradientSymbol ? valueChannels : channels;
  return { name, side, width: symbol.rank === "vector" ? vectorWidth : 1 };
}

/**
 * Scalars that differ from edge to edge of an owner's row, and so must be gathered into slots. Where lanes are heads they lie side by side, and
 * are loaded where they are needed.
 */
export function scalarsBeside(symbols: readonly Expression[], owner: "query" | "key", heads: number): Expression[] {
  if (lanesFor(heads) === "heads") return [];
  return symbols.filter((symbol) => {
    const { side } = symbolNode(symbol);
    return symbol.rank === "scalar" && side !== owner && side !== "parameter";
  });
}

/** The sums over channels that the score is made from. */
export function scoreSums({ channels }: AttentionPlan, { sums }: ScoreForm): SumTask[] {
  return sums.map(({ symbol, vector }) => ({ slot: symbol, vector, width: channels }));
}

/** `weight` with its zeros where dropout puts them; as it is where there is none. */
export function dropped(weight: Expression, { dropout }: AttentionPlan): Expression {
  return dropout > 0 ? weight.multiply(keepSymbol) : weight;
}

/** `x` with 0 in the lanes that are no edges. Where lanes are heads, all are edges. */
export function onEdges(x: Expression, heads: number): Expression {
  return lanesFor(heads) === "edges" ? x.multiply(validSymbol) : x;
}
