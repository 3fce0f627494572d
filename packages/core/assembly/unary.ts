// Functions of one number and their derivatives. Each is a class, so that the compiler makes a loop for each: a switch within
// the loop would be taken for every vector. The objects are never made; only their type matters.

import { exp, expm1NotPositive, gelu, geluDerivative, log, sigmoid, sine, softplus, tanh } from "./functions";
import { storeLanes } from "./lanes";

@inline
function positive(x: v128): v128 {
  return f32x4.gt(x, f32x4.splat(0));
}

@unmanaged
class Negate {
  @inline
  value(x: v128, a: v128): v128 {
    return f32x4.neg(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.splat(-1);
  }
}

@unmanaged
class Exp {
  @inline
  value(x: v128, a: v128): v128 {
    return exp(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return y;
  }
}

@unmanaged
class Log {
  @inline
  value(x: v128, a: v128): v128 {
    return log(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.div(f32x4.splat(1), x);
  }
}

@unmanaged
class Sqrt {
  @inline
  value(x: v128, a: v128): v128 {
    return f32x4.sqrt(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.div(f32x4.splat(0.5), y);
  }
}

@unmanaged
class Square {
  @inline
  value(x: v128, a: v128): v128 {
    return f32x4.mul(x, x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.add(x, x);
  }
}

@unmanaged
class Abs {
  @inline
  value(x: v128, a: v128): v128 {
    return f32x4.abs(x);
  }
  // 1 with the sign of x, and 0 at 0.
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return v128.and(v128.or(f32x4.splat(1), v128.and(x, i32x4.splat(0x80000000))), f32x4.ne(x, f32x4.splat(0)));
  }
}

@unmanaged
class Tanh {
  @inline
  value(x: v128, a: v128): v128 {
    return tanh(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
  }
}

@unmanaged
class Sin {
  @inline
  value(x: v128, a: v128): v128 {
    return sine(x, 0);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return sine(x, 1);
  }
}

@unmanaged
class Cos {
  @inline
  value(x: v128, a: v128): v128 {
    return sine(x, 1);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return sine(x, 2);
  }
}

@unmanaged
class Reciprocal {
  @inline
  value(x: v128, a: v128): v128 {
    return f32x4.div(f32x4.splat(1), x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.neg(f32x4.mul(y, y));
  }
}

@unmanaged
class Relu {
  @inline
  value(x: v128, a: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0));
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return v128.and(positive(x), f32x4.splat(1));
  }
}

@unmanaged
class LeakyRelu {
  @inline
  value(x: v128, a: v128): v128 {
    return v128.bitselect(x, f32x4.mul(a, x), positive(x));
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return v128.bitselect(f32x4.splat(1), a, positive(x));
  }
}

@unmanaged
class Elu {
  // One of the two is 0: a choice between them takes longer than their sum.
  @inline
  value(x: v128, a: v128): v128 {
    const zero = f32x4.splat(0);
    return f32x4.add(f32x4.pmax(x, zero), f32x4.mul(a, expm1NotPositive(f32x4.pmin(x, zero))));
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return v128.bitselect(f32x4.splat(1), f32x4.add(y, a), positive(x));
  }
}

@unmanaged
class Sigmoid {
  @inline
  value(x: v128, a: v128): v128 {
    return sigmoid(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
  }
}

@unmanaged
class Softplus {
  @inline
  value(x: v128, a: v128): v128 {
    return softplus(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return sigmoid(x);
  }
}

@unmanaged
class Step {
  @inline
  value(x: v128, a: v128): v128 {
    return v128.and(positive(x), f32x4.splat(1));
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return f32x4.splat(0);
  }
}

@unmanaged
class Gelu {
  @inline
  value(x: v128, a: v128): v128 {
    return gelu(x);
  }
  @inline
  derivative(x: v128, y: v128, a: v128): v128 {
    return geluDerivative(x);
  }
}

function values<Operation>(x: usize, out: usize, a: v128, start: u32, end: u32): void {
  for (let i = start; i < end; i += 4) {
    const value = changetype<Operation>(0).value(v128.load(x + (i << 2)), a);
    storeLanes(out + (i << 2), value, end - i);
  }
}

function gradients<Operation>(
  x: usize, y: usize, gradient: usize, out: usize, a: v128, start: u32, end: u32,
): void {
  for (let i = start; i < end; i += 4) {
    const at = v128.load(x + (i << 2));
    const slope = changetype<Operation>(0).derivative(at, v128.load(y + (i << 2)), a);
    const product = f32x4.mul(v128.load(gradient + (i << 2)), slope);
    // A comparison with NaN is false: without this, NaN would get the derivative of a negative number.
    storeLanes(out + (i << 2), v128.bitselect(product, at, f32x4.eq(at, at)), end - i);
  }
}

// The numbers of the operations are those of `unaryOperations` in wasm/elementwise.ts.

export function unary(operation: i32, x: usize, out: usize, parameter: f32, start: u32, end: u32): void {
  const a = f32x4.splat(parameter);
  switch (operation) {
    case 0: return values<Negate>(x, out, a, start, end);
    case 1: return values<Exp>(x, out, a, start, end);
    case 2: return values<Log>(x, out, a, start, end);
    case 3: return values<Sqrt>(x, out, a, start, end);
    case 4: return values<Square>(x, out, a, start, end);
    case 5: return values<Abs>(x, out, a, start, end);
    case 6: return values<Tanh>(x, out, a, start, end);
    case 7: return values<Sin>(x, out, a, start, end);
    case 8: return values<Cos>(x, out, a, start, end);
    case 9: return values<Reciprocal>(x, out, a, start, end);
    case 10: return values<Relu>(x, out, a, start, end);
    case 11: return values<LeakyRelu>(x, out, a, start, end);
    case 12: return values<Elu>(x, out, a, start, end);
    case 13: return values<Sigmoid>(x, out, a, start, end);
    case 14: return values<Softplus>(x, out, a, start, end);
    case 15: return values<Step>(x, out, a, start, end);
    case 16: return values<Gelu>(x, out, a, start, end);
  }
}

export function unaryGradient(
  operation: i32, x: usize, y: usize, gradient: usize, out: usize, parameter: f32, start: u32, end: u32,
): void {
  const a = f32x4.splat(parameter);
  switch (operation) {
    case 0: return gradients<Negate>(x, y, gradient, out, a, start, end);
    case 1: return gradients<Exp>(x, y, gradient, out, a, start, end);
    case 2: return gradients<Log>(x, y, gradient, out, a, start, end);
    case 3: return gradients<Sqrt>(x, y, gradient, out, a, start, end);
    case 4: return gradients<Square>(x, y, gradient, out, a, start, end);
    case 5: return gradients<Abs>(x, y, gradient, out, a, start, end);
    case 6: return gradients<Tanh>(x, y, gradient, out, a, start, end);
    case 7: return gradients<Sin>(x, y, gradient, out, a, start, end);
    case 8: return gradients<Cos>(x, y, gradient, out, a, start, end);
    case 9: return gradients<Reciprocal>(x, y, gradient, out, a, start, end);
    case 10: return gradients<Relu>(x, y, gradient, out, a, start, end);
    case 11: return gradients<LeakyRelu>(x, y, gradient, out, a, start, end);
    case 12: return gradients<Elu>(x, y, gradient, out, a, start, end);
    case 13: return gradients<Sigmoid>(x, y, gradient, out, a, start, end);
    case 14: return gradients<Softplus>(x, y, gradient, out, a, start, end);
    case 15: return gradients<Step>(x, y, gradient, out, a, start, end);
    case 16: return gradients<Gelu>(x, y, gradient, out, a, start, end);
  }
}
