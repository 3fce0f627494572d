import { inChunks } from "./chunks.ts";
import type { Machine, WasmKernels } from "./machine.ts";

/** Elements that are reduced together where there are many and few results: a multiple of the blocks in which kernels sum. */
const CHUNK = 4096;

/** What `reduce` computes, from addresses; of at least one number. */
function reduceAt(
  machine: Machine,
  operation: "sum" | "max",
  source: number,
  target: number,
  { outer, length, inner }: { readonly outer: number; readonly length: number; readonly inner: number },
): void {
  const { kernels } = machine;
  const ofRows = operation === "sum" ? kernels.sumRows : kernels.maxRows;
  const ofColumns = operation === "sum" ? kernels.sumColumnRanges : kernels.maxColumnRanges;
  const reduce = (from: number, to: number, groups: number, count: number): void => {
    if (inner === 1) ofRows(from, to, count, 0, groups);
    else ofColumns(from, to, count, inner, 0, groups * inner);
  };
  if (outer > 1 || length < 2 * CHUNK) {
    reduce(source, target, outer, length);
    return;
  }
  const each = (partials: number, first: number, groups: number, count: number): void =>
    reduce(source + first * inner * 4, partials, groups, count);
  inChunks(machine, length, CHUNK, inner, each, (partials, chunks) =>
    ofColumns(partials, target, chunks, inner, 0, inner),
  );
}

export const reduceKernels: WasmKernels<"reduce" | "logSoftmax" | "logSoftmaxGradient"> = {
  reduce({ operation, x, out, length, inner, outer }, machine) {
    const source = machine.memory.input(x);
    const target = machine.memory.output(out);
    if (out.length > 0) reduceAt(machine, operation, source, target, { outer, length, inner });
  },

  logSoftmax({ x, out, width }, { kernels, memory }) {
    const rows = width === 0 ? 0 : out.length / width;
    kernels.logSoftmax(memory.input(x), memory.output(out), width, 0, rows);
  },

  logSoftmaxGradient({ y, gradient, out, width }, { kernels, memory }) {
    const rows = width === 0 ? 0 : out.length / width;
    kernels.logSoftmaxGradient(memory.input(y), memory.input(gradient), memory.output(out), width, 0, rows);
  },
};
