import type { ExpressionBinary, ExpressionUnary } from "../expression/arithmetic.ts";
import { type Bindings, evaluate } from "../expression/evaluate.ts";
import { type Expression, partsOf } from "../expression/expression.ts";

/** The operations whose derivative jumps; of these `step` jumps itself. */
const kinked: readonly (ExpressionUnary | ExpressionBinary)[] = [
  "abs",
  "relu",
  "leakyRelu",
  "elu",
  "step",
  "maximum",
  "minimum",
];

/** The smallest distance, over all parts and channels, of an argument from where one of the `operations` has its kink. */
export function distanceToKink(
  root: Expression,
  bindings: Bindings,
  channels: number,
  operations: readonly (ExpressionUnary | ExpressionBinary)[] = kinked,
): number {
  const distances = partsOf(root).map(({ node }) => {
    if (!(node.kind === "unary" || node.kind === "binary") || !operations.includes(node.operation)) {
      return Number.POSITIVE_INFINITY;
    }
    const argument = node.kind === "unary" ? node.x : node.a.subtract(node.b);
    const value = evaluate(argument, bindings, channels);
    return typeof value === "number" ? Math.abs(value) : Math.min(...value.map(Math.abs));
  });
  return Math.min(...distances);
}
