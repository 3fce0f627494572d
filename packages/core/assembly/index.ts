// The kernels that depend on no score, one family a file. They import nothing but memory, so that any host with a WebAssembly
// runtime can run them. Every kernel works on a range [start, end) of its results; what it computes does not depend on how
// the whole was split into ranges. Addresses are unsigned: memory may have 4 GiB.

export { accumulate, affine, dropout, fill } from "./elementwise";
export { unary, unaryGradient } from "./unary";
export { biasActivation, biasActivationGradient } from "./bias-activation";
export { binary, stridedAdd, stridedCopy } from "./strided";
export { matmul, matmulScratchBytes } from "./dense";
export { denseAttention, denseAttentionScratchBytes } from "./dense-attention";
export { rowDots } from "./dense-attention-backward";
export { denseAttentionQueryGradient } from "./dense-attention-query";
export { denseAttentionSenderGradients } from "./dense-attention-senders";
export { mergeParts } from "./merge";
export { logSoftmax, logSoftmaxGradient, maxColumnRanges, maxRows, sumColumnRanges, sumRows } from "./reduce";
export { segmentSoftmax, segmentSoftmaxGradient } from "./segment";
export { segmentEntmax, segmentEntmaxGradient } from "./entmax";
export { segmentHardmax } from "./hardmax";
export { edgeDot, edgeWeightedSum, gatherRows, neighborSum, segmentSum } from "./sparse";
export { gruGates, gruGatesGradient, lstmGates, lstmGatesGradient } from "./gates";
export { adam } from "./optimise";

/** Memory before this address is the module's own: the constants of its functions. */
export function heapBase(): u32 {
  return <u32>__heap_base;
}
