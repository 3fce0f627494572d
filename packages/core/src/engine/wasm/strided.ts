import type { BinaryOperation } from "../kernels.ts";
import { type Dimension, mergeDimensions } from "./dimensions.ts";
import type { Machine, WasmKernels } from "./machine.ts";

/** The numbers of the operations in assembly/strided.ts. */
const binaryOperations: { readonly [Name in BinaryOperation]: number } = {
  add: 0,
  subtract: 1,
  multiply: 2,
  divide: 3,
  maximum: 4,
  minimum: 5,
};

/** Dimensions before the innermost that a descriptor tells of. */
const OUTER = 5;
/** Bytes of a descriptor for two operands. */
export const DESCRIPTOR_BYTES = 4 * OUTER * 3;

/** Writes the dimensions before the innermost where the kernel reads them, and returns the innermost. */
function describe(dimensions: readonly Dimension[], { memory, descriptor }: Machine): Dimension {
  const inner = dimensions[dimensions.length - 1]!;
  const outer = dimensions.slice(0, -1);
  const padding = OUTER - outer.length;
  const view = new Int32Array(memory.linear.buffer, descriptor, OUTER * (1 + inner.strides.length));
  for (let d = 0; d < OUTER; d++) {
    const dimension = outer[d - padding];
    view[d] = dimension?.size ?? 1;
    for (let operand = 0; operand < inner.strides.length; operand++) {
      view[OUTER * (1 + operand) + d] = dimension?.strides[operand] ?? 0;
    }
  }
  return inner;
}

/** What `binary` computes, from addresses. `out` may be an operand that is not broadcast. */
export function binaryAt(
  machine: Machine,
  operation: BinaryOperation,
  [left, right, target]: readonly [left: number, right: number, target: number],
  shape: readonly number[],
  aStrides: readonly number[],
  bStrides: readonly number[],
): void {
  const length = shape.reduce((product, size) => product * size, 1);
  if (length === 0) return;
  const { size, strides } = describe(mergeDimensions(shape, [aStrides, bStrides]), machine);
  const [aStride, bStride] = strides;
  const code = binaryOperations[operation];
  machine.kernels.binary(code, left, right, target, size, aStride!, bStride!, machine.descriptor, 0, length);
}

export const stridedKernels: WasmKernels<"stridedCopy" | "stridedAdd" | "binary"> = {
  stridedCopy({ x, out, shape, strides, offset }, machine) {
    const { kernels, memory, descriptor } = machine;
    const source = memory.input(x) + offset * 4;
    const target = memory.output(out);
    if (out.length === 0) return;
    const inner = describe(mergeDimensions(shape, [strides]), machine);
    kernels.stridedCopy(source, target, inner.size, inner.strides[0]!, descriptor, 0, out.length);
  },

  stridedAdd({ x, out, shape, strides, offset }, machine) {
    const { kernels, memory, descriptor } = machine;
    const source = memory.input(x);
    const target = memory.input(out) + offset * 4;
    if (x.length === 0) return;
    const inner = describe(mergeDimensions(shape, [strides]), machine);
    kernels.stridedAdd(source, target, inner.size, inner.strides[0]!, descriptor, 0, x.length);
  },

  binary({ operation, a, b, out, shape, aStrides, bStrides }, machine) {
    const { memory } = machine;
    const addresses = [memory.input(a), memory.input(b), memory.output(out)] as const;
    binaryAt(machine, operation, addresses, shape, aStrides, bStrides);
  },
};
