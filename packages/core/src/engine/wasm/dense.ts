import type { KernelArguments } from "../kernels.ts";
import { sumOverChunks } from "./chunks.ts";
import type { Machine, WasmKernels } from "./machine.ts";

type Product = Pick<KernelArguments["matmul"], "batch" | "m" | "k" | "n" | "transposeA" | "transposeB">;

/** A sum over at least this many, for few results, is divided into chunks. */
const LONG_SUM = 8192;
/** Chunks are at most so many, so that their results take little memory, */
const MOST_CHUNKS = 32;
/** and of a multiple of this, the inner dimension of a packed block. */
const BLOCK = 256;
/** Rows of results that give threads enough to divide. */
const ENOUGH_ROWS = 256;

export const denseKernels: WasmKernels<"matmul"> = {
  matmul({ a, b, out, ...product }, machine) {
    const { kernels, memory } = machine;
    const left = memory.input(a);
    const right = memory.input(b);
    const target = memory.output(out);
    const { batch, m, k, n, transposeA, transposeB } = product;
    if (k === 0) kernels.fill(target, 0, 0, out.length);
    if (m === 0 || k === 0 || n === 0) return;
    if (batch === 1 && transposeA && !transposeB && m <= ENOUGH_ROWS && k >= LONG_SUM) {
      multiplyInChunks(left, right, target, product, machine);
    } else {
      multiply(left, right, target, product, machine);
    }
  },
};

function multiply(
  left: number,
  right: number,
  target: number,
  { batch, m, k, n, transposeA, transposeB }: Product,
  { kernels, packed }: Machine,
): void {
  kernels.matmul(
    left,
    right,
    target,
    m,
    k,
    n,
    Number(transposeA),
    transposeA ? m * 4 : k * 4,
    transposeB ? 4 : n * 4,
    transposeB ? k * 4 : 4,
    packed,
    0,
    batch * m,
  );
}

/**
 * The gradient of a layer's weights: few numbers, each a sum over all elements. Chunks of elements are products of their own, whose sum
 * does not depend on who computes them.
 */
function multiplyInChunks(left: number, right: number, target: number, product: Product, machine: Machine): void {
  const { m, k, n } = product;
  const size = Math.ceil(k / MOST_CHUNKS / BLOCK) * BLOCK;
  sumOverChunks(machine, k, size, m * n, target, (partials, first, batch, count) => {
    const [from, other] = [left + first * m * 4, right + first * n * 4];
    multiply(from, other, partials, { ...product, batch, k: count }, machine);
  });
}
