// The kernels that depend on no score, one family a file. They import nothing but memory, so that any host with a WebAssembly
// runtime can run them. Every kernel works on a range [start, end) of its results; what it computes does not depend on how
// the whole was split into ranges. Addresses are unsigned: memory may have 4 GiB.
//
// This is the module that every program has. Kernels that only some have are in modules of their own: see build.mjs.

// First in every module, so that what their constants have in common is in one place.
import "./functions";
import "./elementwise";

export { accumulate, affine, dropout, fill } from "./elementwise";
export { unary, unaryGradient } from "./unary";
export { biasActivation, biasActivationGradient } from "./bias-activation";
export { binary, stridedAdd, stridedCopy } from "./strided";
export { matmul, matmulScratchBytes } from "./dense";
export { rowDots } from "./dense-attention-backward";
export { mergeParts } from "./merge";
export { logSoftmax, logSoftmaxGradient, maxColumnRanges, maxRows, sumColumnRanges, sumRows } from "./reduce";
export { segmentSoftmax, segmentSoftmaxGradient } from "./segment";
export {
  addHeadProducts, edgeDot, edgeWeightedSum, gatherRows, headDots, headSums, segmentSum, weightedNeighborSum,
} from "./sparse";
export { adam } from "./optimise";
