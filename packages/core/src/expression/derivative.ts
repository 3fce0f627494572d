import type { ExpressionUnary } from "./arithmetic.ts";
import { Expression, partsOf } from "./expression.ts";

/** A symbol of an expression with the derivative of the whole by it. */
export interface SymbolGradient {
  /** What is differentiated by. */
  readonly symbol: Expression;
  /** The derivative by the symbol, times the upstream gradient; of the symbol's rank. */
  readonly gradient: Expression;
}

/** The outer product of two vectors, `out[c, d] = rows[c] * columns[d]`. */
export interface OuterProduct {
  /** The vector whose elements are the rows. */
  readonly rows: Expression;
  /** The vector whose elements are the columns. */
  readonly columns: Expression;
}

/** The derivative of an expression by a matrix parameter, times the upstream gradient: a sum of outer products. */
export type MatrixGradient = readonly OuterProduct[];

/**
 * Differentiates a scalar expression by every symbol in it, in reverse: from `upstream`, the gradient that arrives at the whole,
 * to the symbols, by name. The derivatives by matrices are no expressions: {@link differentiateByMatrices} has them.
 */
export function differentiate(root: Expression, upstream: Expression): Map<string, SymbolGradient> {
  return inReverse(root, upstream).symbols;
}

/** Differentiates a scalar expression by every matrix parameter in it, by name. */
export function differentiateByMatrices(root: Expression, upstream: Expression): Map<string, MatrixGradient> {
  return inReverse(root, upstream).matrices;
}

/** The derivatives of an expression by all that it is made of. */
interface Gradients {
  readonly symbols: Map<string, SymbolGradient>;
  readonly matrices: Map<string, MatrixGradient>;
}

function inReverse(root: Expression, upstream: Expression): Gradients {
  const parts = partsOf(root);
  const arrived = new Map<Expression, Expression>([[root, upstream]]);
  const give = (to: Expression, gradient: Expression): void => {
    const fitted = to.rank === "scalar" ? gradient.sum() : gradient.repeat();
    const before = arrived.get(to);
    arrived.set(to, before === undefined ? fitted : before.add(fitted));
  };
  const symbols = new Map<string, SymbolGradient>();
  const matrices = new Map<string, MatrixGradient>();
  for (const part of parts.reverse()) {
    const gradient = arrived.get(part);
    if (gradient === undefined) continue;
    const { node } = part;
    switch (node.kind) {
      case "symbol": {
        const before = symbols.get(node.name);
        const total = before === undefined ? gradient : before.gradient.add(gradient);
        symbols.set(node.name, { symbol: part, gradient: total });
        break;
      }
      case "constant":
        break;
      case "sum":
      case "repeat":
        give(node.x, gradient);
        break;
      case "transform": {
        const { matrix, x } = node;
        give(x, gradient.transform(matrix.transpose()));
        const product = matrix.isTransposed ? { rows: x, columns: gradient } : { rows: gradient, columns: x };
        matrices.set(matrix.name, [...(matrices.get(matrix.name) ?? []), product]);
        break;
      }
      case "unary":
        give(node.x, times(gradient, derivativeOf(node.operation, node.parameter, node.x, part)));
        break;
      case "binary":
        giveBinary(node, gradient, give);
        break;
    }
  }
  return { symbols, matrices };
}

type BinaryNode = Extract<Expression["node"], { kind: "binary" }>;

function giveBinary(
  { operation, a, b }: BinaryNode,
  gradient: Expression,
  give: (to: Expression, g: Expression) => void,
): void {
  switch (operation) {
    case "add":
      give(a, gradient);
      give(b, gradient);
      break;
    case "subtract":
      give(a, gradient);
      give(b, gradient.negate());
      break;
    case "multiply":
      give(a, times(gradient, b));
      give(b, times(gradient, a));
      break;
    case "divide":
      give(a, gradient.divide(b));
      give(b, gradient.multiply(a).divide(b.square()).negate());
      break;
    // Where the two are equal the gradient goes to the first, as in the tensor operations.
    case "maximum":
      give(a, times(gradient, b.subtract(a).step().negate().add(1)));
      give(b, times(gradient, b.subtract(a).step()));
      break;
    case "minimum":
      give(a, times(gradient, a.subtract(b).step().negate().add(1)));
      give(b, times(gradient, a.subtract(b).step()));
      break;
  }
}

/** The derivative of a function of one number, from its argument `x` and its value `y`. */
function derivativeOf(operation: ExpressionUnary, parameter: number, x: Expression, y: Expression): Expression {
  switch (operation) {
    case "negate":
      return Expression.constant(-1);
    case "exp":
      return y;
    case "log":
      return x.reciprocal();
    case "sqrt":
      return y.reciprocal().multiply(0.5);
    case "square":
      return x.multiply(2);
    case "abs":
      // 1 where positive, -1 where negative, 0 at 0.
      return x.step().subtract(x.negate().step());
    case "tanh":
      return y.square().negate().add(1);
    case "reciprocal":
      return y.square().negate();
    case "relu":
      return x.step();
    case "leakyRelu":
      return x
        .step()
        .multiply(1 - parameter)
        .add(parameter);
    case "elu":
      // 1 where positive; else y + alpha, which is alpha * e^x.
      return x.step().add(x.minimum(0).exp().multiply(parameter).multiply(x.step().negate().add(1)));
    case "sigmoid":
      return y.multiply(y.negate().add(1));
    case "softplus":
      return x.sigmoid();
    case "step":
      return Expression.constant(0);
  }
}

function times(a: Expression, b: Expression): Expression {
  if (b.node.kind === "constant" && b.node.value === 1) return a;
  if (b.node.kind === "constant" && b.node.value === -1) return a.negate();
  return a.multiply(b);
}
