import { ShapeError } from "../errors.ts";
import { applyBinary, applyUnary } from "./arithmetic.ts";
import { type Expression, partsOf } from "./expression.ts";
import type { MatrixSymbol } from "./matrix-symbol.ts";

/** The value of an expression: a number for a scalar, one number a channel for a vector. */
export type Value = number | Float64Array;

/** Values of the symbols, by name. A matrix parameter is `channels * channels` numbers, row by row. */
export type Bindings = Readonly<Record<string, Value>>;

/**
 * Evaluates an expression in float64 for one head of one edge. `channels` is the length of vectors. The oracle that every
 * compiled kernel is tested against: readable, and slow.
 *
 * @throws ShapeError `unbound-symbol` when a symbol or a matrix has no value, `wrong-length` for a matrix of another size.
 */
export function evaluate(root: Expression, bindings: Bindings, channels: number): Value {
  const values = new Map<Expression, Value>();
  for (const part of partsOf(root)) values.set(part, partValue(part, values, bindings, channels));
  return values.get(root)!;
}

function partValue(part: Expression, values: Map<Expression, Value>, bindings: Bindings, channels: number): Value {
  const { node } = part;
  switch (node.kind) {
    case "symbol":
      return bindingOf(node.name, bindings);
    case "constant":
      return node.value;
    case "sum":
      return atEach(values.get(node.x)!, channels).reduce((total, v) => total + v, 0);
    case "repeat":
      return atEach(values.get(node.x)!, channels);
    case "transform":
      return product(node.matrix, bindings, atEach(values.get(node.x)!, channels));
    case "unary": {
      const x = values.get(node.x)!;
      const apply = (v: number): number => applyUnary(node.operation, v, node.parameter);
      return typeof x === "number" ? apply(x) : x.map(apply);
    }
    case "binary": {
      const a = values.get(node.a)!;
      const b = values.get(node.b)!;
      if (typeof a === "number" && typeof b === "number") return applyBinary(node.operation, a, b);
      const bs = atEach(b, channels);
      return atEach(a, channels).map((v, c) => applyBinary(node.operation, v, bs[c]!));
    }
  }
}

function bindingOf(name: string, bindings: Bindings): Value {
  const value = bindings[name];
  if (value !== undefined) return value;
  throw new ShapeError("unbound-symbol", `evaluate: got no value for the symbol "${name}"; expected one.`);
}

function product({ name, isTransposed }: MatrixSymbol, bindings: Bindings, x: Float64Array): Float64Array {
  const matrix = bindingOf(name, bindings);
  const n = x.length;
  if (typeof matrix === "number" || matrix.length !== n * n) {
    const got = typeof matrix === "number" ? "one number" : `${matrix.length} numbers`;
    throw new ShapeError("wrong-length", `evaluate: got ${got} for the matrix "${name}"; expected ${n} x ${n}.`);
  }
  const [row, column] = isTransposed ? [1, n] : [n, 1];
  return x.map((_, c) => x.reduce((total, v, d) => total + matrix[c * row + d * column]! * v, 0));
}

function atEach(value: Value, channels: number): Float64Array {
  return typeof value === "number" ? new Float64Array(channels).fill(value) : value;
}
