import { type Draw, drawBoolean, drawFrom, drawRandom, drawRows, drawSize, floats, indices } from "./draw.ts";
import type { KernelProperty } from "./trial.ts";

const headCounts = [1, 2, 3, 4, 5, 7, 8, 12];
const channelCounts = [1, 2, 3, 4, 5, 7, 8, 16, 17, 64];

type Names =
  | "sparseMatmul"
  | "gatherRows"
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

export const sparseProperties: { readonly [Name in Names]: KernelProperty } = {
  sparseMatmul(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const width = drawSize(draw);
    const values = drawBoolean(draw) ? floats(random, drawn.positions) : null;
    const dense = floats(random, drawn.columnCount * width);
    trial.run("sparseMatmul", (b) => ({
      offsets: b.indices(drawn.offsets),
      indices: b.indices(drawn.columns),
      values: values === null ? null : b.floats(values),
      permutation: b.indices(drawn.permutation),
      dense: b.floats(dense),
      out: b.out(drawn.rows * width),
      width,
    }));
  },

  gatherRows(draw, trial) {
    const random = drawRandom(draw);
    const rows = drawSize(draw, 1, 9);
    const width = drawSize(draw);
    const x = floats(random, rows * width);
    const index = indices(random, drawSize(draw), rows);
    trial.run("gatherRows", (b) => ({
      x: b.floats(x),
      index: b.indices(index),
      out: b.out(index.length * width),
      width,
    }));
  },

  segmentSum(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const width = drawSize(draw);
    const x = floats(random, drawn.positions * width);
    trial.run("segmentSum", (b) => ({
      x: b.floats(x),
      offsets: b.indices(drawn.offsets),
      permutation: b.indices(drawn.permutation),
      out: b.out(drawn.rows * width),
      width,
    }));
  },

  segmentSoftmax(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const heads = drawFrom(draw, headCounts);
    const magnitude = drawFrom(draw, [1, 30, 1e4]);
    const logits = floats(random, drawn.positions * heads, -magnitude, magnitude);
    trial.run("segmentSoftmax", (b) => ({
      logits: b.floats(logits),
      offsets: b.indices(drawn.offsets),
      out: b.out(logits.length),
      heads,
    }));
  },

  segmentSoftmaxGradient(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const heads = drawFrom(draw, headCounts);
    const weights = floats(random, drawn.positions * heads, 0, 1);
    const gradient = floats(random, drawn.positions * heads);
    trial.run("segmentSoftmaxGradient", (b) => ({
      weights: b.floats(weights),
      gradient: b.floats(gradient),
      offsets: b.indices(drawn.offsets),
      out: b.out(weights.length),
      heads,
    }));
  },

  segmentEntmax(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const heads = drawFrom(draw, headCounts);
    const alpha = drawFrom(draw, [1.5, 2] as const);
    const magnitude = drawFrom(draw, [0.01, 1, 30, 1e4]);
    const logits = floats(random, drawn.positions * heads, -magnitude, magnitude);
    trial.run("segmentEntmax", (b) => ({
      logits: b.floats(logits),
      offsets: b.indices(drawn.offsets),
      out: b.out(logits.length),
      heads,
      alpha,
    }));
  },

  segmentEntmaxGradient(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const heads = drawFrom(draw, headCounts);
    const alpha = drawFrom(draw, [1.5, 2] as const);
    // Half of the weights are 0, as a sparse row has them, and some rows have no other.
    const weights = floats(random, drawn.positions * heads, -1, 1).map((weight) => Math.max(weight, 0));
    const gradient = floats(random, drawn.positions * heads);
    trial.run("segmentEntmaxGradient", (b) => ({
      weights: b.floats(weights),
      gradient: b.floats(gradient),
      offsets: b.indices(drawn.offsets),
      out: b.out(weights.length),
      heads,
      alpha,
    }));
  },

  segmentHardmax(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const heads = drawFrom(draw, headCounts);
    // Few values, so that rows have several largest logits.
    const values = drawSize(draw, 1, 50);
    const logits = floats(random, drawn.positions * heads).map(() => random.integer(values) - values / 2);
    trial.run("segmentHardmax", (b) => ({
      logits: b.floats(logits),
      offsets: b.indices(drawn.offsets),
      out: b.out(logits.length),
      heads,
    }));
  },

  edgeWeightedSum(draw, trial) {
    const random = drawRandom(draw);
    const drawn = drawRows(draw, random);
    const heads = drawFrom(draw, headCounts);
    const channels = drawFrom(draw, channelCounts);
    const weights = floats(random, drawn.positions * heads);
    const values = floats(random, drawn.columnCount * heads * channels);
    trial.run("edgeWeightedSum", (b) => ({
      weights: b.floats(weights),
      offsets: b.indices(drawn.offsets),
      columns: b.indices(drawn.columns),
      permutation: b.indices(drawn.permutation),
      values: b.floats(values),
      out: b.out(drawn.rows * heads * channels),
      heads,
      channels,
    }));
  },

  edgeDot(draw, trial) {
    const random = drawRandom(draw);
    const heads = drawFrom(draw, headCounts);
    const channels = drawFrom(draw, channelCounts);
    const edges = drawSize(draw);
    const rows = drawSize(draw, 1, 9);
    const otherRows = drawSize(draw, 1, 9);
    const a = floats(random, rows * heads * channels);
    const b = floats(random, otherRows * heads * channels);
    const aRows = indices(random, edges, rows);
    const bRows = indices(random, edges, otherRows);
    trial.run("edgeDot", (bench) => ({
      a: bench.floats(a),
      aRows: bench.indices(aRows),
      b: bench.floats(b),
      bRows: bench.indices(bRows),
      out: bench.out(edges * heads),
      heads,
      channels,
    }));
  },

  headDots(draw, trial) {
    const { heads, channels, scalars, one, all } = drawHeadRows(draw);
    trial.run("headDots", (b) => ({
      x: b.floats(all),
      one: b.floats(one),
      out: b.out(scalars.length),
      heads,
      channels,
    }));
  },

  addHeadProducts(draw, trial) {
    const { heads, channels, scalars, one, all } = drawHeadRows(draw);
    trial.run("addHeadProducts", (b) => ({
      weights: b.floats(scalars),
      one: b.floats(one),
      out: b.inOut(all),
      heads,
      channels,
    }));
  },

  headSums(draw, trial) {
    const { heads, channels, scalars, all } = drawHeadRows(draw);
    trial.run("headSums", (b) => ({
      weights: b.floats(scalars),
      x: b.floats(all),
      out: b.out(heads * channels),
      heads,
      channels,
    }));
  },
};

/** Rows of heads, one such row, and a number for each row and head. */
function drawHeadRows(draw: Draw) {
  const random = drawRandom(draw);
  const heads = drawFrom(draw, headCounts);
  const channels = drawFrom(draw, channelCounts);
  const rows = drawSize(draw);
  const [scalars, one, all] = [rows * heads, heads * channels, rows * heads * channels].map((n) => floats(random, n));
  return { heads, channels, scalars: scalars!, one: one!, all: all! };
}
