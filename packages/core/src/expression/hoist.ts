import { Expression, type Side } from "./expression.ts";
import { substitute } from "./substitute.ts";

/** An expression from which parts were taken out. */
export interface Hoisted {
  /** What is left, on symbols of its own for the parts. */
  readonly root: Expression;
  /** The parts, by the name of the symbol that stands for each. */
  readonly parts: ReadonlyMap<string, Expression>;
}

/**
 * Takes out of an expression what depends on one side only, parameters aside, so that it can be computed once an element. Of what `isTaken`
 * says yes to, the largest such parts.
 */
export function hoist(expression: Expression, isTaken: (part: Expression) => boolean): Hoisted {
  const parts = new Map<string, Expression>();
  const root = substitute(expression, (part) => {
    const side = onlySide(part);
    if (side === undefined || !isTaken(part)) return undefined;
    // The sign keeps it apart from parameters of any name.
    const name = `#${side} ${parts.size}`;
    parts.set(name, part);
    return Expression.symbol(name, side, part.rank);
  });
  return { root, parts };
}

/** The one side that a part depends on, parameters aside; undefined when there are two, or none but numbers. */
function onlySide({ sides }: Expression): Side | undefined {
  const ends = [...sides].filter((side) => side !== "parameter");
  if (ends.length > 1) return undefined;
  return ends[0] ?? (sides.has("parameter") ? "parameter" : undefined);
}
