import type { ReferenceKernels } from "./memory.ts";

type SegmentNames = "segmentSum" | "segmentSoftmax" | "segmentSoftmaxGradient" | "edgeWeightedSum" | "edgeDot";

export const segmentKernels: ReferenceKernels<SegmentNames> = {
  segmentSum({ x, offsets, permutation, out, width }, memory) {
    const source = memory.floats(x);
    const rowStarts = memory.indices(offsets);
    const entries = permutation === null ? null : memory.indices(permutation);
    const target = memory.floats(out).fill(0);
    for (let row = 0; row + 1 < rowStarts.length; row++) {
      for (let p = rowStarts[row]!; p < rowStarts[row + 1]!; p++) {
        const entry = entries === null ? p : entries[p]!;
        for (let c = 0; c < width; c++) target[row * width + c]! += source[entry * width + c]!;
      }
    }
  },

  segmentSoftmax({ logits, offsets, out, heads }, memory) {
    const logit = memory.floats(logits);
    const rowStarts = memory.indices(offsets);
    const weight = memory.floats(out);
    for (let row = 0; row + 1 < rowStarts.length; row++) {
      const start = rowStarts[row]!;
      const end = rowStarts[row + 1]!;
      for (let h = 0; h < heads; h++) {
        let max = Number.NEGATIVE_INFINITY;
        for (let p = start; p < end; p++) max = Math.max(max, logit[p * heads + h]!);
        let sum = 0;
        for (let p = start; p < end; p++) {
          const i = p * heads + h;
          weight[i] = max === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logit[i]! - max);
          sum += weight[i]!;
        }
        for (let p = start; p < end; p++) {
          if (sum !== 0) weight[p * heads + h]! /= sum;
        }
      }
    }
  },

  segmentSoftmaxGradient({ weights, gradient, offsets, out, heads }, memory) {
    const weight = memory.floats(weights);
    const upstream = memory.floats(gradient);
    const rowStarts = memory.indices(offsets);
    const target = memory.floats(out);
    for (let row = 0; row + 1 < rowStarts.length; row++) {
      const start = rowStarts[row]!;
      const end = rowStarts[row + 1]!;
      for (let h = 0; h < heads; h++) {
        let mean = 0;
        for (let p = start; p < end; p++) mean += weight[p * heads + h]! * upstream[p * heads + h]!;
        for (let p = start; p < end; p++) {
          const i = p * heads + h;
          target[i] = weight[i]! * (upstream[i]! - mean);
        }
      }
    }
  },

  edgeWeightedSum({ weights, offsets, columns, permutation, values, out, heads, channels }, memory) {
    const weight = memory.floats(weights);
    const rowStarts = memory.indices(offsets);
    const columnOf = memory.indices(columns);
    const entries = permutation === null ? null : memory.indices(permutation);
    const value = memory.floats(values);
    const target = memory.floats(out).fill(0);
    for (let row = 0; row + 1 < rowStarts.length; row++) {
      for (let p = rowStarts[row]!; p < rowStarts[row + 1]!; p++) {
        const entry = entries === null ? p : entries[p]!;
        const column = columnOf[p]!;
        for (let h = 0; h < heads; h++) {
          const w = weight[entry * heads + h]!;
          for (let c = 0; c < channels; c++) {
            target[(row * heads + h) * channels + c]! += w * value[(column * heads + h) * channels + c]!;
          }
        }
      }
    }
  },

  edgeDot({ a, aRows, b, bRows, out, heads, channels }, memory) {
    const left = memory.floats(a);
    const leftRow = memory.indices(aRows);
    const right = memory.floats(b);
    const rightRow = memory.indices(bRows);
    const target = memory.floats(out);
    for (let p = 0; p < leftRow.length; p++) {
      for (let h = 0; h < heads; h++) {
        let sum = 0;
        for (let c = 0; c < channels; c++) {
          sum += left[(leftRow[p]! * heads + h) * channels + c]! * right[(rightRow[p]! * heads + h) * channels + c]!;
        }
        target[p * heads + h] = sum;
      }
    }
  },
};
