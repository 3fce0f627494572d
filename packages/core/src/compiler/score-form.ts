import { Expression, partsOf } from "../expression/expression.ts";
import { hoist } from "../expression/hoist.ts";
import { substitute } from "../expression/substitute.ts";
import { interner } from "./intern.ts";

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
  const intern = interner();
  const root = intern(score);
  const { root: hoistedRoot, parts: hoisted } = hoist(
    root,
    ({ node }) => node.kind !== "symbol" && node.kind !== "constant",
  );

  const sums: CrossSum[] = [];
  const logit = substitute(intern(hoistedRoot), (part) => {
    if (part.node.kind !== "sum") return undefined;
    const symbol = Expression.symbol(`#sum ${sums.length}`, "edge", "scalar");
    sums.push({ symbol, vector: part.node.x });
    return symbol;
  });

  const inSums = sums.flatMap(({ vector }) => partsOf(vector));
  if (inSums.some(({ node }) => node.kind === "sum"))
    return { refused: "a sum over channels stands inside of another" };
  if (inSums.some(({ node, rank }) => node.kind === "symbol" && rank === "scalar")) {
    return { refused: "a scalar of one side stands inside of a sum over channels" };
  }
  const parts = [...partsOf(logit), ...inSums];
  for (const { node } of parts) {
    if (node.kind !== "transform") continue;
    return { refused: `the matrix ${node.matrix.name} is applied to what depends on both ends of an edge` };
  }
  if (logit.rank !== "scalar") return { refused: "the score is a vector" };
  const summed = new Set(sums.map(({ symbol }) => symbol));
  const inputs = new Map<string, Expression>();
  for (const part of parts) if (part.node.kind === "symbol" && !summed.has(part)) inputs.set(part.node.name, part);
  return { hoisted, sums, logit, inputs: [...inputs.values()] };
}
