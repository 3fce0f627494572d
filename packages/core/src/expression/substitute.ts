import { type Expression, withOperands } from "./expression.ts";

/** Replaces parts of an expression. `replacement` gives undefined for a part that stays and is looked into. */
export function substitute(root: Expression, replacement: (part: Expression) => Expression | undefined): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (part: Expression): Expression => {
    const result = done.get(part) ?? replacement(part) ?? withOperands(part, visit);
    done.set(part, result);
    return result;
  };
  return visit(root);
}
