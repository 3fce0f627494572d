import type { ReferenceKernels } from "./memory.ts";

type SegmentNames =
  | "segmentSum"
  | "segmentSoftmax"
  | "segmentSoftmaxGradient"
  | "segmentEntmax"
  | "segmentEntmaxGradient"
  | "segmentHardmax"
  | "edgeWeightedSum"
  | "edgeDot"
  | "headDots"
  | "addHeadProducts"
  | "headSums";

/** Calls `body` for each head of each row, with the row's first position and the one after its last. */
function forEachRow(
  rowStarts: Uint32Array,
  heads: number,
  body: (start: number, end: number, head: number) => void,
): void {
  for (let row = 0; row + 1 < rowStarts.length; row++) {
    for (let h = 0; h < heads; h++) body(rowStarts[row]!, rowStarts[row + 1]!, h);
  }
}

/** The largest logit of one row and head; -Infinity of none, NaN where one is. */
function largestLogit(logit: Float64Array, start: number, end: number, heads: number, h: number): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let p = start; p < end; p++) max = Math.max(max, logit[p * heads + h]!);
  return max;
}

/**
 * The threshold at which the weights `max(z - tau, 0)^(1 / (alpha - 1))` sum to 1, where the largest z is 0. Their norm,
 * `(sum max(z - tau, 0)^r)^(1 / r)` with `r = 1 / (alpha - 1)`, is convex in tau, so that Newton's method from the left of the root comes from
 * below and never passes it; for sparsemax it is the active-set iteration of Michelot (1986), which ends after finitely many steps.
 */
function entmaxThreshold(z: readonly number[], alpha: 1.5 | 2): number {
  let tau = -1;
  for (;;) {
    let weights = 0;
    let slopes = 0;
    for (const zi of z) {
      const distance = Math.max(zi - tau, 0);
      weights += alpha === 2 ? distance : distance * distance;
      slopes += alpha === 2 ? Number(distance > 0) : distance;
    }
    const norm = alpha === 2 ? weights : Math.sqrt(weights);
    const next = tau + (norm - 1) / (alpha === 2 ? slopes : slopes / norm);
    if (!(norm > 1 + Number.EPSILON && next > tau)) return tau;
    tau = next;
  }
}

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
    forEachRow(rowStarts, heads, (start, end, h) => {
      const max = largestLogit(logit, start, end, heads, h);
      let sum = 0;
      for (let p = start; p < end; p++) {
        const i = p * heads + h;
        weight[i] = max === Number.NEGATIVE_INFINITY ? 0 : Math.exp(logit[i]! - max);
        sum += weight[i]!;
      }
      for (let p = start; p < end; p++) {
        if (sum !== 0) weight[p * heads + h]! /= sum;
      }
    });
  },

  segmentSoftmaxGradient({ weights, gradient, offsets, out, heads }, memory) {
    const weight = memory.floats(weights);
    const upstream = memory.floats(gradient);
    const rowStarts = memory.indices(offsets);
    const target = memory.floats(out);
    forEachRow(rowStarts, heads, (start, end, h) => {
      let mean = 0;
      for (let p = start; p < end; p++) mean += weight[p * heads + h]! * upstream[p * heads + h]!;
      for (let p = start; p < end; p++) {
        const i = p * heads + h;
        target[i] = weight[i]! * (upstream[i]! - mean);
      }
    });
  },

  segmentEntmax({ logits, offsets, out, heads, alpha }, memory) {
    const logit = memory.floats(logits);
    const rowStarts = memory.indices(offsets);
    const weight = memory.floats(out);
    forEachRow(rowStarts, heads, (start, end, h) => {
      const max = largestLogit(logit, start, end, heads, h);
      const z: number[] = [];
      for (let p = start; p < end; p++) z.push((alpha - 1) * (logit[p * heads + h]! - max));
      const tau = Number.isFinite(max) ? entmaxThreshold(z, alpha) : Number.NaN;
      for (let p = start; p < end; p++) {
        const distance = max === Number.NEGATIVE_INFINITY ? 0 : Math.max(z[p - start]! - tau, 0);
        weight[p * heads + h] = alpha === 2 ? distance : distance * distance;
      }
    });
  },

  segmentEntmaxGradient({ weights, gradient, offsets, out, heads, alpha }, memory) {
    const weight = memory.floats(weights);
    const upstream = memory.floats(gradient);
    const rowStarts = memory.indices(offsets);
    const target = memory.floats(out);
    const slopeAt = (w: number): number => (alpha === 2 ? (w > 0 ? 1 : w) : Math.sqrt(w));
    forEachRow(rowStarts, heads, (start, end, h) => {
      let total = 0;
      let slopes = 0;
      for (let p = start; p < end; p++) {
        const slope = slopeAt(weight[p * heads + h]!);
        total += slope * upstream[p * heads + h]!;
        slopes += slope;
      }
      const mean = slopes === 0 ? 0 : total / slopes;
      for (let p = start; p < end; p++) {
        const i = p * heads + h;
        target[i] = slopeAt(weight[i]!) * (upstream[i]! - mean);
      }
    });
  },

  segmentHardmax({ logits, offsets, out, heads }, memory) {
    const logit = memory.floats(logits);
    const rowStarts = memory.indices(offsets);
    const target = memory.floats(out);
    forEachRow(rowStarts, heads, (start, end, h) => {
      const max = largestLogit(logit, start, end, heads, h);
      let isFound = max === Number.NEGATIVE_INFINITY;
      for (let p = start; p < end; p++) {
        const i = p * heads + h;
        const isFirst = !isFound && logit[i] === max;
        isFound ||= isFirst;
        target[i] = Number.isNaN(max) ? Number.NaN : Number(isFirst);
      }
    });
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

  headDots({ x, one, out, channels }, memory) {
    const [rows, single, target] = [x, one, out].map((buffer) => memory.floats(buffer));
    target!.fill(0);
    for (const [k, value] of rows!.entries())
      target![Math.floor(k / channels)]! += value * single![k % single!.length]!;
  },

  addHeadProducts({ weights, one, out, channels }, memory) {
    const [weight, single, target] = [weights, one, out].map((buffer) => memory.floats(buffer));
    for (const k of target!.keys()) target![k]! += weight![Math.floor(k / channels)]! * single![k % single!.length]!;
  },

  headSums({ weights, x, out, channels }, memory) {
    const [weight, rows, target] = [weights, x, out].map((buffer) => memory.floats(buffer));
    target!.fill(0);
    for (const [k, value] of rows!.entries())
      target![k % target!.length]! += weight![Math.floor(k / channels)]! * value;
  },
};
