import { ShapeError } from "../errors.ts";
import { applyBinary, applyUnary } from "./arithmetic.ts";
import { type Expression, partsOf } from "./expression.ts";

/** The value of an expression: a number for a scalar, one number a channel for a vector. */
export type Value = number | Float64Array;

/** Values of the symbols, by name. */
export type Bindings = Readonly<Record<string, Value>>;

/**
 * Evaluates an expression in float64 for one head of one edge. `channels` is the length of vectors. The oracle that every
 * compiled kernel is tested against: readable, and slow.
 *
 * @throws ShapeError `unbound-symbol` when a symbol has no value.
 */
export function evaluate(root: Expression, bindings: Bindings, channels: number): Value {
  const values = new Map<Expression, Value>();
  for (const part of partsOf(root)) values.set(part, partValue(part, values, bindings, channels));
  return values.get(root)!;
}

function partValue(part: Expression, values: Map<Expression, Value>, bindings: Bindings, channels: number): Value {
  const { node } = part;
  switch (node.kind) {
    case "symbol": {
      const value = bindings[node.name];
      if (value === undefined) {
        throw new ShapeError("unbound-symbol", `evaluate: got no value for the symbol "${node.name}"; expected one.`);
      }
      return value;
    }
    case "constant":
      return node.value;
    case "sum":
      return atEach(values.get(node.x)!, channels).reduce((total, v) => total + v, 0);
    case "repeat":
      return atEach(values.get(node.x)!, channels);
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

function atEach(value: Value, channels: number): Float64Array {
  return typeof value === "number" ? new Float64Array(channels).fill(value) : value;
}
