import { Expression, type Side } from "../expression/expression.ts";

/** A score as an inner product: `scale * dot(query, key)`. */
export interface DotForm {
  /** A vector that depends on the query, and perhaps on parameters. */
  readonly query: Expression;
  /** A vector that depends on the key, and perhaps on parameters. */
  readonly key: Expression;
  /** What the inner product is multiplied by. */
  readonly scale: number;
}

/** One factor of a product; where it is a divisor, its reciprocal counts. */
interface Factor {
  readonly part: Expression;
  readonly isDivisor: boolean;
}

/** A product taken apart: `scale * factors`. */
interface Product {
  readonly scale: number;
  readonly factors: readonly Factor[];
}

/**
 * Recognises a score that is, up to a number, the inner product of a vector of the receiver with a vector of the sender, so that all its logits
 * are one matrix product. Factors of one number go to the vector of their side, those of parameters alone to the query's:
 * `beta * dot(q / |q|, k / |k|)` is `dot(q / |q| * beta, k / |k|)`. Undefined for every other score.
 */
export function dotForm(score: Expression): DotForm | undefined {
  const { scale, factors } = productOf(score);
  const only = factors.find((factor) => isAcross(factor.part));
  if (only === undefined || only.isDivisor || only.part.node.kind !== "sum") return undefined;
  const channelwise = productOf(only.part.node.x);
  const all = [...channelwise.factors, ...factors.filter((factor) => factor !== only)];
  const query = all.filter(({ part }) => !part.sides.has("key"));
  const key = all.filter(({ part }) => part.sides.has("key"));
  const isApart = belongTo("query", query) && belongTo("key", key);
  return isApart ? { query: vectorOf(query), key: vectorOf(key), scale: scale * channelwise.scale } : undefined;
}

function isAcross({ sides }: Expression): boolean {
  return sides.has("query") && sides.has("key");
}

/** Whether factors depend on one side and on parameters only, and on the side at all. */
function belongTo(side: Side, factors: readonly Factor[]): boolean {
  const sides = new Set(factors.flatMap(({ part }) => [...part.sides]));
  return sides.has(side) && [...sides].every((other) => other === side || other === "parameter");
}

function productOf(part: Expression): Product {
  const { node } = part;
  if (node.kind === "constant") return { scale: node.value, factors: [] };
  if (node.kind === "repeat") return productOf(node.x);
  if (node.kind === "unary" && node.operation === "negate") {
    const { scale, factors } = productOf(node.x);
    return { scale: -scale, factors };
  }
  if (node.kind === "unary" && node.operation === "reciprocal") return inverseOf(productOf(node.x));
  if (node.kind === "binary" && node.operation === "multiply") return times(productOf(node.a), productOf(node.b));
  if (node.kind === "binary" && node.operation === "divide") {
    return times(productOf(node.a), inverseOf(productOf(node.b)));
  }
  return { scale: 1, factors: [{ part, isDivisor: false }] };
}

function times(a: Product, b: Product): Product {
  return { scale: a.scale * b.scale, factors: [...a.factors, ...b.factors] };
}

function inverseOf({ scale, factors }: Product): Product {
  return { scale: 1 / scale, factors: factors.map(({ part, isDivisor }) => ({ part, isDivisor: !isDivisor })) };
}

const one = Expression.constant(1);

/** The product of factors, channel by channel. Vectors come first and divisors last, so that nothing is multiplied by 1. */
function vectorOf(factors: readonly Factor[]): Expression {
  const order = ({ part, isDivisor }: Factor): number => (isDivisor ? 2 : 0) + (part.rank === "vector" ? 0 : 1);
  return [...factors]
    .sort((a, b) => order(a) - order(b))
    .reduce((total, { part, isDivisor }) => {
      if (isDivisor) return total.divide(part);
      return total === one ? part : total.multiply(part);
    }, one)
    .repeat();
}
