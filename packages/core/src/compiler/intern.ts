import { type Expression, labelOf, withOperands } from "../expression/expression.ts";

/** Makes equal parts of expressions the same object, so that each is computed once. */
export class Interner {
  readonly #known = new Map<string, Expression>();
  readonly #numbers = new Map<Expression, number>();

  intern(expression: Expression): Expression {
    const interned = withOperands(expression, (operand) => this.intern(operand));
    const label = labelOf(interned, this.#numbers);
    const known = this.#known.get(label);
    if (known !== undefined) return known;
    this.#known.set(label, interned);
    this.#numbers.set(interned, this.#numbers.size);
    return interned;
  }
}
