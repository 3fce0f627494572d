import type { Expression } from "../expression/expression.ts";

/** Makes equal parts of expressions the same object, so that each is computed once. */
export class Interner {
  readonly #known = new Map<string, Expression>();
  readonly #numbers = new Map<Expression, number>();

  intern(expression: Expression): Expression {
    const { node } = expression;
    switch (node.kind) {
      case "symbol":
        return this.#share(`${node.side} ${node.name} ${expression.rank}`, () => expression);
      case "constant":
        return this.#share(`constant ${node.value}`, () => expression);
      case "unary": {
        const x = this.intern(node.x);
        return this.#share(`${node.operation} ${node.parameter} ${this.#numberOf(x)}`, () =>
          x.unary(node.operation, node.parameter),
        );
      }
      case "sum": {
        const x = this.intern(node.x);
        return this.#share(`sum ${this.#numberOf(x)}`, () => x.sum());
      }
      case "repeat": {
        const x = this.intern(node.x);
        return this.#share(`repeat ${this.#numberOf(x)}`, () => x.repeat());
      }
      case "transform": {
        const { name, isTransposed } = node.matrix;
        const x = this.intern(node.x);
        return this.#share(`transform ${isTransposed} ${this.#numberOf(x)} ${name}`, () => x.transform(node.matrix));
      }
      case "binary": {
        const a = this.intern(node.a);
        const b = this.intern(node.b);
        return this.#share(`${node.operation} ${this.#numberOf(a)} ${this.#numberOf(b)}`, () => a[node.operation](b));
      }
    }
  }

  #share(key: string, make: () => Expression): Expression {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = make();
      this.#known.set(key, known);
      this.#numbers.set(known, this.#numbers.size);
    }
    return known;
  }

  #numberOf(expression: Expression): number {
    return this.#numbers.get(expression)!;
  }
}
