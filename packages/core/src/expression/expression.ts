/**
 * The language that scores are written in. An expression describes the relevance of one sender to one receiver for one head, on
 * symbols: `query` belongs to the receiver, `key` to the sender, `edge` to the pair, and parameters to the head. A vector has one
 * number a channel; a scalar is one number. A matrix is no expression, but can be applied to a vector.
 *
 * Everything else follows from the expression: its value in float64, its gradient, the kernels of each engine, and its formula
 * in print.
 */

import { ShapeError } from "../errors.ts";
import { applyBinary, applyUnary, type ExpressionBinary, type ExpressionUnary } from "./arithmetic.ts";
import type { MatrixSymbol } from "./matrix-symbol.ts";

/** What a symbol belongs to: an expression over one side only is computed once a node, not once an edge. */
export type Side = "query" | "key" | "edge" | "parameter";

/** One number, or one number a channel. */
export type Rank = "scalar" | "vector";

/** The shape of an expression, for those who evaluate, differentiate or compile it. */
export type ExpressionNode =
  | { readonly kind: "symbol"; readonly name: string; readonly side: Side }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "unary"; readonly operation: ExpressionUnary; readonly parameter: number; readonly x: Expression }
  | { readonly kind: "binary"; readonly operation: ExpressionBinary; readonly a: Expression; readonly b: Expression }
  /** The sum of a vector over its channels. */
  | { readonly kind: "sum"; readonly x: Expression }
  /** A vector with the same scalar in every channel. */
  | { readonly kind: "repeat"; readonly x: Expression }
  /** A vector multiplied by a matrix parameter. */
  | { readonly kind: "transform"; readonly matrix: MatrixSymbol; readonly x: Expression };

/** A number, or an expression. */
export type Operand = Expression | number;

/** One expression. Immutable; every method makes a new one. A scalar meets a vector by being repeated over the channels. */
export class Expression {
  /** What the expression is, and what it is made of. */
  readonly node: ExpressionNode;
  /** One number, or one number a channel. */
  readonly rank: Rank;
  /** The sides that the value depends on. */
  readonly sides: ReadonlySet<Side>;

  private constructor(node: ExpressionNode, rank: Rank, sides: ReadonlySet<Side>) {
    this.node = node;
    this.rank = rank;
    this.sides = sides;
  }

  /** A named input. */
  static symbol(name: string, side: Side, rank: Rank): Expression {
    return new Expression({ kind: "symbol", name, side }, rank, new Set([side]));
  }

  /** A number that is written into the expression. */
  static constant(value: number): Expression {
    return new Expression({ kind: "constant", value }, "scalar", new Set());
  }

  /** `this + other`. */
  add(other: Operand): Expression {
    return this.#binary("add", other);
  }

  /** `this - other`. */
  subtract(other: Operand): Expression {
    return this.#binary("subtract", other);
  }

  /** `this * other`, channel by channel. */
  multiply(other: Operand): Expression {
    return this.#binary("multiply", other);
  }

  /** `this / other`, channel by channel. */
  divide(other: Operand): Expression {
    return this.#binary("divide", other);
  }

  /** The larger of the two. */
  maximum(other: Operand): Expression {
    return this.#binary("maximum", other);
  }

  /** The smaller of the two. */
  minimum(other: Operand): Expression {
    return this.#binary("minimum", other);
  }

  /** The sum over the channels; a scalar is its own sum over one channel and stays as it is. */
  sum(): Expression {
    return this.rank === "scalar" ? this : new Expression({ kind: "sum", x: this }, "scalar", this.sides);
  }

  /** A scalar as a vector, the same in every channel; a vector stays as it is. */
  repeat(): Expression {
    return this.rank === "vector" ? this : new Expression({ kind: "repeat", x: this }, "vector", this.sides);
  }

  /** The inner product over the channels: `sum over c of this[c] * other[c]`. */
  dot(other: Expression): Expression {
    return this.multiply(other).sum();
  }

  /** The product of a matrix parameter and this vector: `out[c] = sum over d of matrix[c, d] * this[d]`. */
  transform(matrix: MatrixSymbol): Expression {
    return new Expression(
      { kind: "transform", matrix, x: this.repeat() },
      "vector",
      new Set<Side>([...this.sides, "parameter"]),
    );
  }

  /** `-this`. */
  negate(): Expression {
    return this.unary("negate");
  }

  /** `e^this`. */
  exp(): Expression {
    return this.unary("exp");
  }

  /** The natural logarithm. */
  log(): Expression {
    return this.unary("log");
  }

  /** The square root. */
  sqrt(): Expression {
    return this.unary("sqrt");
  }

  /** `this * this`. */
  square(): Expression {
    return this.unary("square");
  }

  /** The absolute value. */
  abs(): Expression {
    return this.unary("abs");
  }

  /** The hyperbolic tangent. */
  tanh(): Expression {
    return this.unary("tanh");
  }

  /** `1 / this`. */
  reciprocal(): Expression {
    return this.unary("reciprocal");
  }

  /** `max(this, 0)`. */
  relu(): Expression {
    return this.unary("relu");
  }

  /** `this` where positive, else `negativeSlope * this`. Default slope 0.2, that of the attention papers. */
  leakyRelu(negativeSlope = 0.2): Expression {
    return this.unary("leakyRelu", negativeSlope);
  }

  /** `this` where positive, else `alpha * (e^this - 1)`. Default alpha 1. */
  elu(alpha = 1): Expression {
    return this.unary("elu", alpha);
  }

  /** `1 / (1 + e^-this)`. */
  sigmoid(): Expression {
    return this.unary("sigmoid");
  }

  /** `log(1 + e^this)`. */
  softplus(): Expression {
    return this.unary("softplus");
  }

  /** 1 where positive, else 0. Its derivative is 0. */
  step(): Expression {
    return this.unary("step");
  }

  /** A function of one number, by the name of its kernel. */
  unary(operation: ExpressionUnary, parameter = 0): Expression {
    if (this.node.kind === "constant") return Expression.constant(applyUnary(operation, this.node.value, parameter));
    return new Expression({ kind: "unary", operation, parameter, x: this }, this.rank, this.sides);
  }

  #binary(operation: ExpressionBinary, operand: Operand): Expression {
    const other = typeof operand === "number" ? Expression.constant(operand) : operand;
    if (this.node.kind === "constant" && other.node.kind === "constant") {
      return Expression.constant(applyBinary(operation, this.node.value, other.node.value));
    }
    const rank = this.rank === "vector" || other.rank === "vector" ? "vector" : "scalar";
    return new Expression(
      { kind: "binary", operation, a: this, b: other },
      rank,
      new Set([...this.sides, ...other.sides]),
    );
  }
}

/** What an expression is directly made of. */
export function operandsOf({ node }: Expression): readonly Expression[] {
  switch (node.kind) {
    case "symbol":
    case "constant":
      return [];
    case "unary":
    case "sum":
    case "repeat":
    case "transform":
      return [node.x];
    case "binary":
      return [node.a, node.b];
  }
}

/** Every part of an expression once, each after the parts that it is made of. */
export function partsOf(root: Expression): Expression[] {
  const parts = new Set<Expression>();
  const visit = (part: Expression): void => {
    if (parts.has(part)) return;
    for (const operand of operandsOf(part)) visit(operand);
    parts.add(part);
  };
  visit(root);
  return [...parts];
}

/** The name and side of a symbol. */
export function symbolNode({ node }: Expression): Extract<ExpressionNode, { kind: "symbol" }> {
  if (node.kind === "symbol") return node;
  throw new ShapeError("not-a-symbol", `symbolNode: got a part of the kind "${node.kind}"; expected a symbol.`);
}

/** Every symbol of an expression once, by name; matrices are no symbols, see {@link matricesOf}. */
export function symbolsOf(root: Expression): Map<string, Expression> {
  const symbols = new Map<string, Expression>();
  for (const part of partsOf(root)) if (part.node.kind === "symbol") symbols.set(part.node.name, part);
  return symbols;
}

/** The names of the matrix parameters that an expression uses. */
export function matricesOf(root: Expression): Set<string> {
  return new Set(partsOf(root).flatMap(({ node }) => (node.kind === "transform" ? [node.matrix.name] : [])));
}

/** The same of other operands. */
export function withOperands(part: Expression, other: (operand: Expression) => Expression): Expression {
  const { node } = part;
  switch (node.kind) {
    case "symbol":
    case "constant":
      return part;
    case "unary":
      return other(node.x).unary(node.operation, node.parameter);
    case "sum":
      return other(node.x).sum();
    case "repeat":
      return other(node.x).repeat();
    case "transform":
      return other(node.x).transform(node.matrix);
    case "binary":
      return other(node.a)[node.operation](other(node.b));
  }
}

/** A text that is equal for expressions that were built alike, and for no others. */
export function structureOf(root: Expression): string {
  const numbers = new Map<Expression, number>();
  const structures = partsOf(root).map((part) => {
    numbers.set(part, numbers.size);
    return labelOf(part, numbers);
  });
  return structures.join();
}

/** What a part is, and the numbers of the parts that it is made of, as a text. */
export function labelOf({ node, rank }: Expression, numbers: ReadonlyMap<Expression, number>): string {
  const values = Object.values(node).map((value) => {
    if (value instanceof Expression) return numbers.get(value);
    // JSON has no sign for zero, and nothing for what is not finite.
    return Object.is(value, -0) ? "-0" : typeof value === "number" ? String(value) : value;
  });
  return JSON.stringify([rank, ...values]);
}
