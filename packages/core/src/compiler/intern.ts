import { type Expression, labelOf, partsOf, withOperands } from "../expression/expression.ts";

/** Gives the same object for expressions that were built alike, and so for their parts. */
export type Intern = (expression: Expression) => Expression;

/** Makes equal parts of the expressions that it is given the same object, so that each is computed once. */
export function interner(): Intern {
  /** The part that stands for all that are equal to it. */
  const known = new Map<string, Expression>();
  const numbers = new Map<Expression, number>();
  return (expression) => {
    const shared = new Map<Expression, Expression>();
    for (const part of partsOf(expression)) {
      const again = withOperands(part, (operand) => shared.get(operand)!);
      const label = labelOf(again, numbers);
      let equal = known.get(label);
      if (equal === undefined) {
        equal = again;
        known.set(label, equal);
        numbers.set(equal, numbers.size);
      }
      shared.set(part, equal);
    }
    return shared.get(expression)!;
  };
}
