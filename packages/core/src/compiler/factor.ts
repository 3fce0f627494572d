import { type Expression, operandsOf, partsOf } from "../expression/expression.ts";
import type { Intern } from "./intern.ts";

/** A product taken apart. */
export interface Factored {
  /** The factors that are the same for all edges of a row; undefined where there are none. */
  readonly shared: Expression | undefined;
  /** The product of the others. */
  readonly varying: Expression;
}

/**
 * Takes what all edges of a row share out of a product that is summed over them: `sum of x_e * a` is `a * sum of x_e`. Nothing is taken where
 * nothing would be left.
 */
export function factorOut(product: Expression, isShared: (factor: Expression) => boolean): Factored {
  const factors = factorsOf(product);
  const shared = factors.filter(isShared);
  const varying = factors.filter((factor) => !isShared(factor));
  if (shared.length === 0 || varying.length === 0) return { shared: undefined, varying: product };
  return { shared: productOf(shared), varying: productOf(varying) };
}

function factorsOf(product: Expression): Expression[] {
  const { node } = product;
  if (node.kind === "binary" && node.operation === "multiply") return [...factorsOf(node.a), ...factorsOf(node.b)];
  // A scalar fills all lanes already.
  return node.kind === "repeat" ? factorsOf(node.x) : [product];
}

/** Scalars first, so that their product is one number. */
function productOf(factors: readonly Expression[]): Expression {
  const ordered = [...factors].sort((a, b) => Number(a.rank === "vector") - Number(b.rank === "vector"));
  return ordered.reduce((a, b) => a.multiply(b));
}

/** `high` where `x` is positive, else `low`: the slope of a function that is linear on both sides of 0. */
interface Gate {
  readonly x: Expression;
  readonly high: number;
  readonly low: number;
}

/**
 * Writes numbers of an edge times slopes, `s * (step(x) * c + d)`, as `step(x) * (s * c) + s * d`: a comparison, a mask and an addition a
 * vector, because what is in brackets is one number an edge. Where a product has the slope of a leaky ReLU and another the leaky ReLU
 * itself, the second becomes `x` times the first.
 */
export function spreadGates(products: readonly Expression[], intern: Intern): Expression[] {
  const interned = products.map((product) => intern(product));
  const gated = new Set(interned.flatMap((product) => factorsOf(product).flatMap((factor) => gateOf(factor)?.x ?? [])));
  return interned.map((product) => {
    const factors = factorsOf(product).flatMap((factor): Expression[] => {
      const { node } = factor;
      if (node.kind !== "unary" || node.operation !== "leakyRelu" || !gated.has(node.x)) return [factor];
      const slope = node.x
        .step()
        .multiply(1 - node.parameter)
        .add(node.parameter);
      return [node.x, slope];
    });
    const gates = factors.map(gateOf);
    const place = gates.findIndex((gate) => gate !== undefined);
    const gate = gates[place];
    const numbers = factors.filter(({ rank }) => rank === "scalar");
    if (gate === undefined || numbers.length === 0) return product;
    const number = productOf(numbers);
    const high = gate.x.step().multiply(number.multiply(gate.high - gate.low));
    const spread = gate.low === 0 ? high : high.add(number.multiply(gate.low));
    const rest = factors.filter((factor, k) => k !== place && factor.rank === "vector");
    return intern(productOf([spread, ...rest]));
  });
}

function gateOf(factor: Expression): Gate | undefined {
  const { node } = factor;
  if (node.kind === "unary" && node.operation === "step") return { x: node.x, high: 1, low: 0 };
  if (node.kind !== "binary") return undefined;
  const { a, b, operation } = node;
  if (b.node.kind !== "constant" || (operation !== "multiply" && operation !== "add")) return undefined;
  const inner = gateOf(a);
  const { value } = b.node;
  if (inner === undefined) return undefined;
  const by = (x: number): number => (operation === "multiply" ? x * value : x + value);
  return { x: inner.x, high: by(inner.high), low: by(inner.low) };
}

/** The largest scalar parts of expressions, constants aside: one number an edge, however many vectors they meet. */
export function scalarParts(roots: readonly Expression[]): Expression[] {
  const inVectors = new Set(
    roots.flatMap((root) => partsOf(root)).flatMap((part) => (part.rank === "vector" ? operandsOf(part) : [])),
  );
  for (const root of roots) inVectors.add(root);
  return [...inVectors].filter(({ node, rank }) => rank === "scalar" && node.kind !== "constant");
}
