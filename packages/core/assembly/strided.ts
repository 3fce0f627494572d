// Kernels over multi-indices. The last dimension is walked by the inner loop; the descriptor tells of five dimensions before
// it (those that do not exist have size 1): five sizes, then five strides an operand, the slowest first. Ranges are of
// elements in row-major order.

import { storeLanes } from "./lanes";

const OUTER: u32 = 5;
// Bytes from one list of the descriptor to the next.
const LIST: usize = 20;

/** Where the inner loop of row `row` starts, in elements. Strides may be negative: sums wrap around. */
function rowStart(descriptor: usize, strides: usize, row: u32): u32 {
  let at: u32 = 0;
  for (let d: usize = OUTER; d > 0; d--) {
    const size = load<u32>(descriptor + (d - 1) * 4);
    if (size > 1) {
      const rest = row / size;
      at += (row - rest * size) * load<u32>(strides + (d - 1) * 4);
      row = rest;
    }
  }
  return at;
}

// The rows of the fastest outer dimension follow each other by one stride; beyond it the start is computed anew.
@inline
function nextRowStart(at: u32, descriptor: usize, strides: usize, row: u32): u32 {
  const size = load<u32>(descriptor, (OUTER - 1) * 4);
  return row % size != 0 ? at + load<u32>(strides, (OUTER - 1) * 4) : rowStart(descriptor, strides, row);
}

// Rows of a transpose that are copied together: what they need of the operand are whole cache lines.
const TOGETHER: u32 = 16;

/** The rows from `row` on, in whole, that start at neighboring numbers of the operand. */
@inline
function neighboringRows(descriptor: usize, strides: usize, row: u32, left: u32, inner: u32): u32 {
  if (load<u32>(strides, (OUTER - 1) * 4) != 1) return 1;
  const size = load<u32>(descriptor, (OUTER - 1) * 4);
  return min(min(TOGETHER, size - row % size), left / inner);
}

export function stridedCopy(
  x: usize, out: usize, inner: u32, stride: u32, descriptor: usize, start: u32, end: u32,
): void {
  const strides = descriptor + LIST;
  const step = stride << 2;
  let row = start / inner;
  let column = start - row * inner;
  let at = rowStart(descriptor, strides, row);
  let target = out + (start << 2);
  for (let i = start; i < end; ) {
    let rows: u32 = 1;
    let count = min(inner - column, end - i);
    let source = x + ((at + column * stride) << 2);
    if (stride == 1) {
      for (let c: u32 = 0; c < count; c += 4) storeLanes(target + (c << 2), v128.load(source + (c << 2)), count - c);
    } else {
      if (count == inner) rows = neighboringRows(descriptor, strides, row, end - i, inner);
      for (let c: u32 = 0; c < count; c++) {
        let to = target + (c << 2);
        for (let r: u32 = 0; r < rows; r++) {
          store<f32>(to, load<f32>(source + (r << 2)));
          to += inner << 2;
        }
        source += step;
      }
      count *= rows;
    }
    i += count;
    target += count << 2;
    column = 0;
    row += rows;
    at = rows == 1 ? nextRowStart(at, descriptor, strides, row) : rowStart(descriptor, strides, row);
  }
}

export function stridedAdd(
  x: usize, out: usize, inner: u32, stride: u32, descriptor: usize, start: u32, end: u32,
): void {
  const strides = descriptor + LIST;
  let row = start / inner;
  let column = start - row * inner;
  let at = rowStart(descriptor, strides, row);
  let source = x + (start << 2);
  for (let i = start; i < end; ) {
    const count = min(inner - column, end - i);
    let target = out + ((at + column * stride) << 2);
    if (stride == 1) {
      for (let c: u32 = 0; c < count; c += 4) {
        const sum = f32x4.add(v128.load(target + (c << 2)), v128.load(source + (c << 2)));
        storeLanes(target + (c << 2), sum, count - c);
      }
    } else {
      for (let c: u32 = 0; c < count; c++) {
        store<f32>(target, load<f32>(target) + load<f32>(source + (c << 2)));
        target += stride << 2;
      }
    }
    i += count;
    source += count << 2;
    column = 0;
    row++;
    at = nextRowStart(at, descriptor, strides, row);
  }
}

// Functions of two numbers: classes for the same reason as in unary.ts.

@unmanaged
class Add {
  @inline
  value(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}

@unmanaged
class Subtract {
  @inline
  value(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}

@unmanaged
class Multiply {
  @inline
  value(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}

@unmanaged
class Divide {
  @inline
  value(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}

@unmanaged
class Maximum {
  @inline
  value(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}

@unmanaged
class Minimum {
  @inline
  value(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}

@inline
function binaryRow<Operation>(a: usize, b: usize, out: usize, aStride: u32, bStride: u32, count: u32): void {
  if (aStride == 1 && bStride == 1) {
    for (let c: u32 = 0; c < count; c += 4) {
      const o = c << 2;
      storeLanes(out + o, changetype<Operation>(0).value(v128.load(a + o), v128.load(b + o)), count - c);
    }
  } else if (aStride == 1 && bStride == 0) {
    const right = v128.load_splat<f32>(b);
    for (let c: u32 = 0; c < count; c += 4) {
      storeLanes(out + (c << 2), changetype<Operation>(0).value(v128.load(a + (c << 2)), right), count - c);
    }
  } else if (aStride == 0 && bStride == 1) {
    const left = v128.load_splat<f32>(a);
    for (let c: u32 = 0; c < count; c += 4) {
      storeLanes(out + (c << 2), changetype<Operation>(0).value(left, v128.load(b + (c << 2))), count - c);
    }
  } else {
    for (let c: u32 = 0; c < count; c++) {
      const left = v128.load_splat<f32>(a);
      v128.store_lane<u32>(out + (c << 2), changetype<Operation>(0).value(left, v128.load_splat<f32>(b)), 0);
      a += aStride << 2;
      b += bStride << 2;
    }
  }
}

function binaryLoop<Operation>(
  a: usize, b: usize, out: usize, inner: u32, aStride: u32, bStride: u32,
  descriptor: usize, start: u32, end: u32,
): void {
  const aStrides = descriptor + LIST;
  const bStrides = descriptor + 2 * LIST;
  let row = start / inner;
  let column = start - row * inner;
  let aRow = rowStart(descriptor, aStrides, row);
  let bRow = rowStart(descriptor, bStrides, row);
  for (let i = start; i < end; ) {
    const count = min(inner - column, end - i);
    const aAt = a + ((aRow + column * aStride) << 2);
    const bAt = b + ((bRow + column * bStride) << 2);
    binaryRow<Operation>(aAt, bAt, out + (i << 2), aStride, bStride, count);
    i += count;
    column = 0;
    row++;
    aRow = nextRowStart(aRow, descriptor, aStrides, row);
    bRow = nextRowStart(bRow, descriptor, bStrides, row);
  }
}

// The numbers of the operations are those of `binaryOperations` in wasm/strided.ts.

export function binary(
  operation: i32, a: usize, b: usize, out: usize, inner: u32, aStride: u32, bStride: u32,
  descriptor: usize, start: u32, end: u32,
): void {
  switch (operation) {
    case 0: return binaryLoop<Add>(a, b, out, inner, aStride, bStride, descriptor, start, end);
    case 1: return binaryLoop<Subtract>(a, b, out, inner, aStride, bStride, descriptor, start, end);
    case 2: return binaryLoop<Multiply>(a, b, out, inner, aStride, bStride, descriptor, start, end);
    case 3: return binaryLoop<Divide>(a, b, out, inner, aStride, bStride, descriptor, start, end);
    case 4: return binaryLoop<Maximum>(a, b, out, inner, aStride, bStride, descriptor, start, end);
    case 5: return binaryLoop<Minimum>(a, b, out, inner, aStride, bStride, descriptor, start, end);
  }
}
