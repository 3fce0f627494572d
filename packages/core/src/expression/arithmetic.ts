/** Functions of one number in a score; they mean what the kernels of the same name mean. `parameter` is a slope or the like. */
export type ExpressionUnary =
  | "negate"
  | "exp"
  | "log"
  | "sqrt"
  | "square"
  | "abs"
  | "tanh"
  | "reciprocal"
  | "relu"
  | "leakyRelu"
  | "elu"
  | "sigmoid"
  | "softplus"
  | "step";

/** Functions of two numbers in a score; they mean what the operations of the `binary` kernel mean. */
export type ExpressionBinary = "add" | "subtract" | "multiply" | "divide" | "maximum" | "minimum";

/** A function of one number, in float64. `a` is the slope or the like. */
export function applyUnary(operation: ExpressionUnary, x: number, a: number): number {
  switch (operation) {
    case "negate":
      return -x;
    case "exp":
      return Math.exp(x);
    case "log":
      return Math.log(x);
    case "sqrt":
      return Math.sqrt(x);
    case "square":
      return x * x;
    case "abs":
      return Math.abs(x);
    case "tanh":
      return Math.tanh(x);
    case "reciprocal":
      return 1 / x;
    case "relu":
      return Math.max(x, 0);
    case "leakyRelu":
      return x > 0 ? x : a * x;
    case "elu":
      return x > 0 ? x : a * Math.expm1(x);
    case "sigmoid":
      return 1 / (1 + Math.exp(-x));
    case "softplus":
      return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    case "step":
      return x > 0 ? 1 : 0;
  }
}

/** A function of two numbers, in float64. */
export function applyBinary(operation: ExpressionBinary, a: number, b: number): number {
  switch (operation) {
    case "add":
      return a + b;
    case "subtract":
      return a - b;
    case "multiply":
      return a * b;
    case "divide":
      return a / b;
    case "maximum":
      return Math.max(a, b);
    case "minimum":
      return Math.min(a, b);
  }
}
