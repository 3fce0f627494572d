import type { ExpressionBinary } from "./arithmetic.ts";
import type { Expression } from "./expression.ts";

const signs: Readonly<Record<ExpressionBinary, string>> = {
  add: "+",
  subtract: "-",
  multiply: "*",
  divide: "/",
  maximum: "max",
  minimum: "min",
};

/**
 * An expression in print: `leakyRelu(dot(target, query) + dot(source, key), 0.2)`; the product of a matrix and a vector is `w @ key`.
 */
export function formula(expression: Expression): string {
  return printed(expression, 0, true);
}

/**
 * `binding` is how tightly the surroundings bind: 0 loosest, 1 sum, 2 product, 3 sign. `leads` says that no sign stands right before the text:
 * where one does, a negative number gets parentheses.
 */
function printed({ node }: Expression, binding: number, leads: boolean): string {
  switch (node.kind) {
    case "symbol":
      return node.name;
    case "constant":
      return signed(String(node.value), leads);
    case "repeat":
      return printed(node.x, binding, leads);
    case "sum":
      return asDot(node.x) ?? `sum(${printed(node.x, 0, true)})`;
    case "transform": {
      const { name, isTransposed } = node.matrix;
      const text = `${name}${isTransposed ? "^T" : ""} @ ${printed(node.x, 3, false)}`;
      return binding > 2 ? `(${text})` : text;
    }
    case "unary": {
      if (node.operation === "negate") return signed(`-${printed(node.x, 3, false)}`, leads);
      const parameter = node.operation === "leakyRelu" || node.operation === "elu" ? `, ${node.parameter}` : "";
      return `${node.operation}(${printed(node.x, 0, true)}${parameter})`;
    }
    case "binary": {
      const sign = signs[node.operation];
      if (node.operation === "maximum" || node.operation === "minimum") {
        return `${sign}(${printed(node.a, 0, true)}, ${printed(node.b, 0, true)})`;
      }
      const mine = node.operation === "add" || node.operation === "subtract" ? 1 : 2;
      const inParentheses = mine < binding;
      const text = `${printed(node.a, mine, leads || inParentheses)} ${sign} ${printed(node.b, mine + 1, false)}`;
      return inParentheses ? `(${text})` : text;
    }
  }
}

function signed(text: string, leads: boolean): string {
  return leads || !text.startsWith("-") ? text : `(${text})`;
}

/** The inner product that a sum over channels is, if it is one of two vectors. */
function asDot({ node }: Expression): string | undefined {
  if (node.kind !== "binary" || node.operation !== "multiply") return undefined;
  const isVector = ({ rank, node: { kind } }: Expression): boolean => rank === "vector" && kind !== "repeat";
  if (!isVector(node.a) || !isVector(node.b)) return undefined;
  return `dot(${printed(node.a, 0, true)}, ${printed(node.b, 0, true)})`;
}
