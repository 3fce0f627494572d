import type { BinaryOperation, UnaryOperation } from "../engine/kernels.ts";
import { record } from "./record.ts";
import { broadcastShape, stridesFor } from "./shapes.ts";
import { sumTo } from "./sum.ts";
import type { Tensor } from "./tensor.ts";

/** A function of each number, by its name; `parameter` is the slope or the like of those that have one. `[...]` to `[...]`. */
export function unary(operation: UnaryOperation, x: Tensor, parameter = 0): Tensor {
  return record({
    name: operation,
    shape: x.shape,
    inputs: [x],
    forward: (out, engine) => engine.run("unary", { operation, x: x.buffer, out, parameter }),
    backward: (gradient, y) => [unaryGradient(operation, x, y, gradient, parameter)],
  });
}

function unaryGradient(operation: UnaryOperation, x: Tensor, y: Tensor, gradient: Tensor, parameter: number): Tensor {
  return record({
    name: `${operation} gradient`,
    shape: x.shape,
    inputs: [x, y, gradient],
    forward: (out, engine) =>
      engine.run("unaryGradient", {
        operation,
        x: x.buffer,
        y: y.buffer,
        gradient: gradient.buffer,
        out,
        parameter,
      }),
    backward: () => [],
  });
}

/** `scale * x + shift` for numbers `scale` and `shift`. `[...]` to `[...]`. */
export function affine(x: Tensor, scale: number, shift: number): Tensor {
  return record({
    name: "affine",
    shape: x.shape,
    inputs: [x],
    forward: (out, engine) => engine.run("affine", { x: x.buffer, out, scale, shift }),
    backward: (gradient) => [affine(gradient, scale, 0)],
  });
}

function binary(
  operation: BinaryOperation,
  a: Tensor,
  b: Tensor,
  derive: (gradient: Tensor) => readonly [() => Tensor, () => Tensor],
): Tensor {
  const shape = broadcastShape(operation, a.shape, b.shape);
  return record({
    name: operation,
    shape,
    inputs: [a, b],
    forward: (out, engine) =>
      engine.run("binary", {
        operation,
        a: a.buffer,
        b: b.buffer,
        out,
        shape,
        aStrides: stridesFor(a.shape, shape),
        bStrides: stridesFor(b.shape, shape),
      }),
    backward: (gradient) => {
      const [left, right] = derive(gradient);
      return [
        a.requiresGrad ? sumTo(left(), a.shape) : undefined,
        b.requiresGrad ? sumTo(right(), b.shape) : undefined,
      ];
    },
  });
}

/** `a + b`. Shapes broadcast by NumPy's rule, as in every operation of two tensors here. `[...]` and `[...]` to `[...]`. */
export function add(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === "number") return affine(a, 1, b);
  return binary("add", a, b, (g) => [() => g, () => g]);
}

/** `a - b`. `[...]` and `[...]` to `[...]`, broadcast. */
export function subtract(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === "number") return affine(a, 1, -b);
  return binary("subtract", a, b, (g) => [() => g, () => negate(g)]);
}

/** `a * b`, element by element. `[...]` and `[...]` to `[...]`, broadcast. */
export function multiply(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === "number") return affine(a, b, 0);
  return binary("multiply", a, b, (g) => [() => multiply(g, b), () => multiply(g, a)]);
}

/** `a / b`, element by element. `[...]` and `[...]` to `[...]`, broadcast. */
export function divide(a: Tensor, b: Tensor | number): Tensor {
  if (typeof b === "number") return affine(a, 1 / b, 0);
  return binary("divide", a, b, (g) => [() => divide(g, b), () => negate(divide(multiply(g, a), square(b)))]);
}

/** The larger of `a` and `b`. Where they are equal the gradient goes to `a`. `[...]` and `[...]` to `[...]`, broadcast. */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return binary("maximum", a, b, (g) => [() => multiply(g, notBelow(a, b)), () => multiply(g, step(subtract(b, a)))]);
}

/** The smaller of `a` and `b`. Where they are equal the gradient goes to `a`. `[...]` and `[...]` to `[...]`, broadcast. */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return binary("minimum", a, b, (g) => [() => multiply(g, notBelow(b, a)), () => multiply(g, step(subtract(a, b)))]);
}

/** 1 where `a >= b`, else 0. */
export function notBelow(a: Tensor, b: Tensor): Tensor {
  return affine(step(subtract(b, a)), -1, 1);
}

/** `-x`. `[...]` to `[...]`. */
export function negate(x: Tensor): Tensor {
  return unary("negate", x);
}

/** `e^x`. `[...]` to `[...]`. */
export function exp(x: Tensor): Tensor {
  return unary("exp", x);
}

/** The natural logarithm. `[...]` to `[...]`. */
export function log(x: Tensor): Tensor {
  return unary("log", x);
}

/** The square root. `[...]` to `[...]`. */
export function sqrt(x: Tensor): Tensor {
  return unary("sqrt", x);
}

/** `x * x`. `[...]` to `[...]`. */
export function square(x: Tensor): Tensor {
  return unary("square", x);
}

/** `1 / x`. `[...]` to `[...]`. */
export function reciprocal(x: Tensor): Tensor {
  return unary("reciprocal", x);
}

/** `|x|`. `[...]` to `[...]`. */
export function abs(x: Tensor): Tensor {
  return unary("abs", x);
}

/** The sine of an angle in radians. `[...]` to `[...]`. */
export function sin(x: Tensor): Tensor {
  return unary("sin", x);
}

/** The cosine of an angle in radians. `[...]` to `[...]`. */
export function cos(x: Tensor): Tensor {
  return unary("cos", x);
}

/** The hyperbolic tangent. `[...]` to `[...]`. */
export function tanh(x: Tensor): Tensor {
  return unary("tanh", x);
}

/** `1 / (1 + e^-x)`. `[...]` to `[...]`. */
export function sigmoid(x: Tensor): Tensor {
  return unary("sigmoid", x);
}

/** `max(x, 0)`. `[...]` to `[...]`. */
export function relu(x: Tensor): Tensor {
  return unary("relu", x);
}

/** `x` where positive, else `negativeSlope * x` (Maas et al., 2013). Default slope 0.01, as in PyTorch; attention uses 0.2. `[...]` to `[...]`. */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return unary("leakyRelu", x, negativeSlope);
}

/** `x` where positive, else `alpha * (e^x - 1)` (Clevert et al., 2016). Default alpha 1. `[...]` to `[...]`. */
export function elu(x: Tensor, alpha = 1): Tensor {
  return unary("elu", x, alpha);
}

/** `log(1 + e^x)`, without overflow. `[...]` to `[...]`. */
export function softplus(x: Tensor): Tensor {
  return unary("softplus", x);
}

/**
 * `x Phi(x) = x (1 + erf(x / sqrt 2)) / 2`, the Gaussian error linear unit, exact rather than by tanh (Hendrycks and Gimpel, 2016). Its
 * derivative is `Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi)`. `[...]` to `[...]`.
 */
export function gelu(x: Tensor): Tensor {
  return unary("gelu", x);
}

/** 1 where `x > 0`, else 0. Its gradient is zero. `[...]` to `[...]`. */
export function step(x: Tensor): Tensor {
  return unary("step", x);
}
