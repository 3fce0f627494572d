import { Expression, partsOf, type Side } from "../expression/expression.ts";
import { Interner, substitute } from "./intern.ts";

/** One sum over channels of a vector that depends on both ends of an edge. */
export interface CrossSum {
  /** Stands for the sum in {@link ScoreForm.logit}. */
  readonly symbol: Expression;
  /** The vector that is summed, on vector and scalar symbols. */
  readonly vector: Expression;
}

/**
 * A score in the form that kernels are made from: what depends on one side only is taken out, to be computed once a node; what is left is a
 * scalar expression of sums over channels and of scalars.
 */
export interface ScoreForm {
  /** Parts taken out, by the name of the symbol that stands for them. */
  readonly hoisted: ReadonlyMap<string, Expression>;
  readonly sums: readonly CrossSum[];
  /** The logit, on the sums' symbols and on scalar symbols. */
  readonly logit: Expression;
  /** The symbols that the kernels read: hoisted ones, and those of the score that are left. */
  readonly inputs: readonly Expression[];
}

/** Brings a score into the form of kernels, or says why it cannot be. */
export function scoreForm(score: Expression): ScoreForm | { readonly refused: string } {
  const interner = new Interner();
  const root = interner.intern(score);
  const hoisted = new Map<string, Expression>();
  const names = new Map<Expression, Expression>();

  const hoistedRoot = substitute(root, (part) => {
    const side = onlySide(part);
    if (side === undefined || part.node.kind === "symbol" || part.node.kind === "constant") return undefined;
    let symbol = names.get(part);
    if (symbol === undefined) {
      // The sign keeps it apart from parameters of any name.
      const name = `#${side} ${hoisted.size}`;
      symbol = Expression.symbol(name, side, part.rank);
      names.set(part, symbol);
      hoisted.set(name, part);
    }
    return symbol;
  });

  const sums: CrossSum[] = [];
  const logit = substitute(interner.intern(hoistedRoot), (part) => {
    if (part.node.kind !== "sum") return undefined;
    const symbol = Expression.symbol(`#sum ${sums.length}`, "edge", "scalar");
    sums.push({ symbol, vector: part.node.x });
    return symbol;
  });

  if (sums.some(({ vector }) => partsOf(vector).some(({ node }) => node.kind === "sum"))) {
    return { refused: "a sum over channels stands inside of another" };
  }
  const innerScalar = sums
    .flatMap(({ vector }) => partsOf(vector))
    .some(({ node, rank }) => node.kind === "symbol" && rank === "scalar");
  if (innerScalar) return { refused: "a scalar of one side stands inside of a sum over channels" };
  const refused = [logit, ...sums.map(({ vector }) => vector)].map(unsupported).find((reason) => reason !== undefined);
  if (refused !== undefined) return { refused };
  const summed = new Set(sums.map(({ symbol }) => symbol));
  const inputs = new Map<string, Expression>();
  for (const root of [logit, ...sums.map(({ vector }) => vector)]) {
    for (const part of partsOf(root)) {
      if (part.node.kind === "symbol" && !summed.has(part)) inputs.set(part.node.name, part);
    }
  }
  if (logit.rank !== "scalar") return { refused: "the score is a vector" };
  return { hoisted, sums, logit, inputs: [...inputs.values()] };
}

/** The one side that a part depends on, parameters aside; undefined when there are two, or none but numbers. */
function onlySide({ sides }: Expression): Side | undefined {
  const ends = [...sides].filter((side) => side !== "parameter");
  if (ends.length > 1) return undefined;
  return ends[0] ?? (sides.has("parameter") ? "parameter" : undefined);
}

/** Functions that have no vector code yet. */
function unsupported(expression: Expression): string | undefined {
  for (const { node } of partsOf(expression)) {
    if (node.kind === "unary" && (node.operation === "log" || node.operation === "softplus")) {
      return `${node.operation} of both ends of an edge has no vector code`;
    }
  }
  return undefined;
}
