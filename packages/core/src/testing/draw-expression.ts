import { type Draw, drawBoolean, drawFrom } from "../engine/conformance/draw.ts";
import type { ExpressionBinary, ExpressionUnary } from "../expression/arithmetic.ts";
import { Expression, type Rank } from "../expression/expression.ts";
import { MatrixSymbol } from "../expression/matrix-symbol.ts";

/**
 * A random expression and the symbols that it may use. The values of each symbol must lie within ± {@link symbolBound}, those of each matrix
 * within ± {@link matrixBound}.
 */
export interface DrawnExpression {
  /** A scalar. */
  readonly root: Expression;
  /** By name: `query`, `key`, `edge`, two vector parameters and two scalar ones. */
  readonly symbols: Readonly<Record<string, Expression>>;
  /** The names of the two matrix parameters. */
  readonly matrices: readonly string[];
  readonly edge: Rank;
}

/** The largest magnitude of a symbol's values for which a drawn expression stays in its domain. */
export const symbolBound = 1.5;

/** The largest magnitude of a matrix' values for which a drawn expression stays in its domain. */
export const matrixBound = 0.25;

const matrices = ["w", "u"] as const;

/** How far a change of 1 in every symbol and of one relative unit in every step can move a drawn expression. */
export const sensitivityBound = 60;

/** A part of an expression, with bounds that hold for all values of the symbols. */
interface Bounded {
  readonly expression: Expression;
  readonly low: number;
  readonly high: number;
  /** How far the value moves when every symbol moves by 1 and every step errs by one relative unit: first order. */
  readonly sensitivity: number;
}

/**
 * Draws an expression in which every operation of the language can occur, parts are shared, and scalars meet vectors. Arguments of log,
 * sqrt, reciprocal and divide stay away from 0, and what any error or step can grow to is bounded, so that float32 and finite
 * differences can be held against float64.
 */
export function drawExpression(draw: Draw, channels: number): DrawnExpression {
  const edge = drawFrom(draw, ["vector", "scalar"] as const);
  const symbols = {
    query: Expression.symbol("query", "query", "vector"),
    key: Expression.symbol("key", "key", "vector"),
    edge: Expression.symbol("edge", "edge", edge),
    a: Expression.symbol("a", "parameter", "vector"),
    b: Expression.symbol("b", "parameter", "vector"),
    s: Expression.symbol("s", "parameter", "scalar"),
    t: Expression.symbol("t", "parameter", "scalar"),
  };
  const pool: Bounded[] = Object.values(symbols).map((expression) => ({
    expression,
    low: -symbolBound,
    high: symbolBound,
    sensitivity: 1,
  }));
  for (let steps = draw.integer(2, 9); steps > 0; steps--) {
    const next = drawStep(draw, pool, channels);
    if (isTame(next)) pool.push(next);
  }
  const last = pool[pool.length - 1]!;
  const total = summed(last, channels);
  return { root: (isTame(total) ? total : summed(pool[0]!, channels)).expression, symbols, matrices, edge };
}

function isTame({ low, high, sensitivity }: Bounded): boolean {
  return sensitivity <= sensitivityBound && low >= -16 && high <= 16;
}

function drawStep(draw: Draw, pool: readonly Bounded[], channels: number): Bounded {
  const x = drawPart(draw, pool);
  switch (draw.integer(0, 10)) {
    case 0:
      return summed(x, channels);
    case 1:
      return { ...x, expression: x.expression.repeat() };
    case 2:
    case 3:
    case 4:
    case 5:
      return drawUnary(draw, x);
    case 6:
      return transformed(draw, x, channels);
    default:
      return drawBinary(draw, x, drawPart(draw, pool));
  }
}

/** A constant, or one of the latest, so that expressions grow deep, or any, so that parts are shared. */
function drawPart(draw: Draw, pool: readonly Bounded[]): Bounded {
  if (draw.integer(0, 7) === 0) return constant(draw);
  const earliest = drawBoolean(draw) ? Math.max(0, pool.length - 3) : 0;
  return pool[draw.integer(earliest, pool.length - 1)]!;
}

function constant(draw: Draw): Bounded {
  const value = drawFrom(draw, [-1.25, -0.5, 0, 0.75, 1, 2]);
  const expression = Expression.constant(value);
  return { expression: drawBoolean(draw) ? expression : expression.repeat(), low: value, high: value, sensitivity: 0 };
}

function summed({ expression, low, high, sensitivity }: Bounded, channels: number): Bounded {
  if (expression.rank === "scalar") return { expression, low, high, sensitivity };
  return {
    expression: expression.sum(),
    low: low * channels,
    high: high * channels,
    sensitivity: channels * (sensitivity + magnitude({ low, high })),
  };
}

function transformed(draw: Draw, x: Bounded, channels: number): Bounded {
  const matrix = new MatrixSymbol(drawFrom(draw, matrices), drawBoolean(draw));
  const high = channels * matrixBound * magnitude(x);
  const sensitivity = channels * (matrixBound * x.sensitivity + magnitude(x)) + channels * high;
  return { expression: x.expression.transform(matrix), low: -high, high, sensitivity };
}

const unaryNames: readonly ExpressionUnary[] = [
  "negate",
  "exp",
  "log",
  "sqrt",
  "square",
  "abs",
  "tanh",
  "reciprocal",
  "relu",
  "leakyRelu",
  "elu",
  "sigmoid",
  "softplus",
  "step",
];

function drawUnary(draw: Draw, operand: Bounded): Bounded {
  const operation = drawFrom(draw, unaryNames);
  const parameter = operation === "leakyRelu" || operation === "elu" ? drawFrom(draw, [0.01, 0.2, 0.75, 1.5]) : 0;
  const needsPositive = operation === "log" || operation === "sqrt" || operation === "reciprocal";
  const x = needsPositive ? positive(operand) : operation === "exp" ? small(operand) : operand;
  const { low, high, sensitivity } = x;
  const expression = x.expression.unary(operation, parameter);
  const [from, to, slope] = unaryBounds(operation, parameter, low, high);
  return { expression, low: from, high: to, sensitivity: slope * sensitivity + magnitude({ low: from, high: to }) };
}

/** The least and the largest value over an interval, and the steepest slope in it. */
function unaryBounds(
  operation: ExpressionUnary,
  parameter: number,
  low: number,
  high: number,
): readonly [low: number, high: number, slope: number] {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const least = low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high));
  switch (operation) {
    case "negate":
      return [-high, -low, 1];
    case "exp":
      return [Math.exp(low), Math.exp(high), Math.exp(high)];
    case "log":
      return [Math.log(low), Math.log(high), 1 / low];
    case "sqrt":
      return [Math.sqrt(low), Math.sqrt(high), 0.5 / Math.sqrt(low)];
    case "square":
      return [least ** 2, largest ** 2, 2 * largest];
    case "abs":
      return [least, largest, 1];
    case "tanh":
      return [Math.tanh(low), Math.tanh(high), 1];
    case "reciprocal":
      return [1 / high, 1 / low, 1 / low ** 2];
    case "relu":
      return [Math.max(low, 0), Math.max(high, 0), 1];
    case "leakyRelu":
      return [Math.min(low, parameter * low), Math.max(high, parameter * high), Math.max(1, parameter)];
    case "elu":
      return [low > 0 ? low : parameter * Math.expm1(low), Math.max(high, 0), Math.max(1, parameter)];
    case "sigmoid":
      return [1 / (1 + Math.exp(-low)), 1 / (1 + Math.exp(-high)), 0.25];
    case "softplus":
      return [Math.log1p(Math.exp(low)), Math.log1p(Math.exp(high)), 1];
    case "step":
      return [0, 1, 0];
  }
}

const binaryNames: readonly ExpressionBinary[] = ["add", "subtract", "multiply", "divide", "maximum", "minimum"];

function drawBinary(draw: Draw, x: Bounded, y: Bounded): Bounded {
  const operation = drawFrom(draw, binaryNames);
  const [a, b] = drawBoolean(draw) ? [x, y] : [y, x];
  if (operation === "divide") {
    const divisor = positive(b);
    const expression = a.expression.divide(divisor.expression);
    const { low, high, sensitivity } = product(a, {
      low: 1 / divisor.high,
      high: 1 / divisor.low,
      sensitivity: divisor.sensitivity / divisor.low ** 2,
    });
    return { expression, low, high, sensitivity };
  }
  const expression = a.expression[operation](b.expression);
  switch (operation) {
    case "add":
      return { expression, ...added(a, b.low, b.high, b.sensitivity) };
    case "subtract":
      return { expression, ...added(a, -b.high, -b.low, b.sensitivity) };
    case "multiply":
      return { expression, ...product(a, b) };
    case "maximum":
      return { expression, ...extreme(a, b, Math.max) };
    case "minimum":
      return { expression, ...extreme(a, b, Math.min) };
  }
}

type Bounds = Omit<Bounded, "expression">;

function added(a: Bounds, low: number, high: number, sensitivity: number): Bounds {
  const sum = { low: a.low + low, high: a.high + high };
  return { ...sum, sensitivity: a.sensitivity + sensitivity + magnitude(sum) };
}

function product(a: Bounds, b: Bounds): Bounds {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  const bounds = { low: Math.min(...corners), high: Math.max(...corners) };
  const sensitivity = magnitude(b) * a.sensitivity + magnitude(a) * b.sensitivity + magnitude(bounds);
  return { ...bounds, sensitivity };
}

function extreme(a: Bounds, b: Bounds, choose: (one: number, other: number) => number): Bounds {
  return {
    low: choose(a.low, b.low),
    high: choose(a.high, b.high),
    sensitivity: Math.max(a.sensitivity, b.sensitivity),
  };
}

function magnitude({ low, high }: Pick<Bounds, "low" | "high">): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** At least 0.2. */
function positive(x: Bounded): Bounded {
  if (x.low >= 0.2) return x;
  const [low, high] = unaryBounds("sigmoid", 0, x.low, x.high);
  return {
    expression: x.expression.sigmoid().add(0.25),
    low: low + 0.25,
    high: high + 0.25,
    sensitivity: 0.25 * x.sensitivity + 2,
  };
}

/** At most 2, so that its exponential stays small. */
function small(x: Bounded): Bounded {
  if (x.high <= 2) return x;
  const [low, high, slope] = unaryBounds("tanh", 0, x.low, x.high);
  return { expression: x.expression.tanh(), low, high, sensitivity: slope * x.sensitivity + 1 };
}
