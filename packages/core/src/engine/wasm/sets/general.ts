import { generalChecks } from "../../check-general-arguments.ts";
import { denseKernels } from "../dense.ts";
import { elementwiseKernels, unaryOperations } from "../elementwise.ts";
import type { KernelParts } from "../kernel-set.ts";
import type { KernelsExports } from "../kernels.generated.ts";
import { kernelsModule } from "../packed-modules.ts";
import { reduceKernels } from "../reduce.ts";
import { segmentKernels } from "../segment.ts";
import { sparseKernels } from "../sparse.ts";
import { stridedKernels } from "../strided.ts";
import { BLOCK_BYTES, type KernelWork, type Partitions } from "../threaded-kernels.ts";

const one: KernelWork = () => 1;

const cheap = (["negate", "sqrt", "square", "abs", "reciprocal", "relu", "leakyRelu", "step"] as const).map(
  (name) => unaryOperations[name],
);
/** Functions of one number: the others are series. */
const unaryWork: KernelWork = (operation) => (cheap.includes(operation!) ? 1 : 6);

const partitions: Partitions<KernelsExports> = {
  accumulate: { work: one },
  affine: { work: one },
  dropout: { work: () => 2 },
  fill: { work: () => 0.5 },
  unary: { work: unaryWork },
  unaryGradient: { work: unaryWork },
  biasActivation: { work: (operation) => 4 + unaryWork(operation!) },
  biasActivationGradient: {
    work: (operation) => 5 + unaryWork(operation!),
    scratch: { argument: 11, bytes: () => BLOCK_BYTES },
  },
  adam: { work: () => 8 },
  binary: { work: () => 2 },
  stridedAdd: { work: () => 2 },
  stridedCopy: { work: () => 2 },
  matmul: {
    work: (_a, _b, _out, _m, k, n) => (k! * n!) / 4,
    // Every piece packs the right operand for itself, which costs as much as 16 rows.
    grain: 64,
    scratch: { argument: 10, bytes: (kernels) => kernels.matmulScratchBytes() },
  },
  mergeParts: { work: (_partials, _sums, parts, _heads, channels) => parts! * (8 + channels!), grain: 1 },
  rowDots: { work: (_a, _b, _out, width) => 1 + width! },
  logSoftmax: { work: (_x, _out, width) => 8 * width!, grain: 1 },
  logSoftmaxGradient: { work: (_y, _g, _out, width) => 6 * width!, grain: 1 },
  maxColumnRanges: { work: (_x, _out, length) => length! },
  maxRows: { work: (_x, _out, length) => length!, grain: 1 },
  sumColumnRanges: { work: (_x, _out, length) => length! },
  sumRows: { work: (_x, _out, length) => length!, grain: 1 },
  segmentSoftmax: { work: (_x, _offsets, _out, heads) => 8 * heads!, offsets: (_x, offsets) => offsets! },
  segmentSoftmaxGradient: {
    work: (_w, _g, _offsets, _out, heads) => 3 * heads!,
    offsets: (_w, _g, offsets) => offsets!,
  },
  edgeDot: { work: (_a, _i, _b, _j, _out, heads, channels) => 2 * heads! * channels! },
  edgeWeightedSum: {
    work: (_w, _offsets, _c, _p, _v, _out, heads, channels) => heads! * channels!,
    offsets: (_w, offsets) => offsets!,
  },
  gatherRows: { work: (_x, _i, _out, width) => 1 + width! },
  headDots: { work: (_a, _b, _pitch, _out, heads, channels) => 2 * heads! * channels! },
  addHeadProducts: { work: (_w, _one, _out, heads, channels) => heads! * channels! },
  headSums: { work: (_w, _x, _out, heads, channels, size) => heads! * channels! * size!, grain: 1 },
  segmentSum: { work: (_x, _offsets, _p, _out, width) => width!, offsets: (_x, offsets) => offsets! },
  weightedNeighborSum: {
    work: (_w, _offsets, _c, _p, _dense, _out, width) => width!,
    offsets: (_w, offsets) => offsets!,
    scratch: { argument: 7, bytes: () => BLOCK_BYTES },
  },
};

/** The kernels that every program has. */
export const generalKernels: KernelParts<KernelsExports> = {
  module: kernelsModule,
  partitions,
  kernels: {
    ...elementwiseKernels,
    ...stridedKernels,
    ...denseKernels,
    ...reduceKernels,
    ...segmentKernels,
    ...sparseKernels,
  },
  checks: generalChecks,
};
