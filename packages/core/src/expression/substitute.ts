import type { Expression } from "./expression.ts";

/** Replaces parts of an expression. `replacement` gives undefined for a part that stays and is looked into. */
export function substitute(root: Expression, replacement: (part: Expression) => Expression | undefined): Expression {
  const done = new Map<Expression, Expression>();
  const visit = (part: Expression): Expression => {
    let result = done.get(part) ?? replacement(part);
    if (result === undefined) {
      const { node } = part;
      switch (node.kind) {
        case "symbol":
        case "constant":
          result = part;
          break;
        case "unary":
          result = visit(node.x).unary(node.operation, node.parameter);
          break;
        case "sum":
          result = visit(node.x).sum();
          break;
        case "repeat":
          result = visit(node.x).repeat();
          break;
        case "transform":
          result = visit(node.x).transform(node.matrix);
          break;
        case "binary":
          result = visit(node.a)[node.operation](visit(node.b));
          break;
      }
    }
    done.set(part, result);
    return result;
  };
  return visit(root);
}
