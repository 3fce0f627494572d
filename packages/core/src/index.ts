/**
 * Attention as one idea: a weighted sum over a neighborhood, made of four swappable choices. With the tensors, gradients, engines and
 * modules that it is computed and learned with.
 *
 * @packageDocumentation
 */

export { type AttendInputs, type AttendOptions, type Attention, attend } from "./attention/attend.ts";
export { explainPlan, type MechanismShape, type PlanExplanation, printKernel } from "./attention/explain.ts";
export { complete } from "./attention/neighborhood/complete.ts";
export type { Neighborhood } from "./attention/neighborhood/neighborhood.ts";
export { segments } from "./attention/neighborhood/segments.ts";
export { type EdgeList, SparseNeighborhood, type TransposedEdges } from "./attention/neighborhood/sparse.ts";
export type { Normalizer } from "./attention/normalize/normalizer.ts";
export { type SoftmaxOptions, softmaxNormalizer } from "./attention/normalize/softmax.ts";
export type { PlanShape } from "./attention/plan.ts";
export { type AdditiveOptions, additive, additiveWithEdge } from "./attention/score/additive.ts";
export { lateAdditive, lateAdditiveWithEdge } from "./attention/score/late-additive.ts";
export { scaledDot } from "./attention/score/scaled-dot.ts";
export {
  defineScore,
  type HeadShape,
  type ParameterRanks,
  type Score,
  type ScoreDefinition,
  type ScoreSymbols,
} from "./attention/score/score.ts";
export { edgeDot, segmentSoftmax, weightedSum } from "./attention/segment.ts";
export type {
  AttentionGradients,
  AttentionKernels,
  AttentionOperands,
  AttentionPlan,
  EdgeRows,
} from "./engine/attention-kernels.ts";
export type { Engine, FloatBuffer, IndexBuffer, MemoryReport } from "./engine/engine.ts";
export {
  type BinaryOperation,
  dropThreshold,
  hashElement,
  type KernelArguments,
  type KernelName,
  keepsElement,
  type UnaryOperation,
} from "./engine/kernels.ts";
export { createReferenceEngine, referenceEngine } from "./engine/reference/reference.ts";
export { createWasmEngine, wasmEngine } from "./engine/wasm/wasm-engine.ts";
export {
  checkOptionNames,
  DataError,
  EngineError,
  OptionError,
  ShapeError,
  TensorError,
  VicinalError,
} from "./errors.ts";
export type { ExpressionBinary, ExpressionUnary } from "./expression/arithmetic.ts";
export { differentiate, type SymbolGradient } from "./expression/derivative.ts";
export { type Bindings, evaluate, type Value } from "./expression/evaluate.ts";
export { Expression, type ExpressionNode, type Operand, type Rank, type Side } from "./expression/expression.ts";
export { formula } from "./expression/formula.ts";
export { glorotUniform, uniform } from "./nn/initialize.ts";
export { LayerNorm, type LayerNormOptions } from "./nn/layer-norm.ts";
export { Linear, type LinearOptions, type ParameterOptions } from "./nn/linear.ts";
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
} from "./nn/loss.ts";
export { Module, type Training } from "./nn/module.ts";
export { type AdamOptions, adam, adamW } from "./optim/adam.ts";
export type { Optimizer } from "./optim/optimizer.ts";
export { Random } from "./random.ts";
export { concatenate, slice, transpose } from "./tensor/arrange.ts";
export { backward } from "./tensor/backward.ts";
export { full, keep, parameter, type TensorOptions, tensor, zeros } from "./tensor/create.ts";
export { dropout } from "./tensor/dropout.ts";
export {
  abs,
  add,
  affine,
  cos,
  divide,
  elu,
  exp,
  leakyRelu,
  log,
  maximum,
  minimum,
  multiply,
  negate,
  reciprocal,
  relu,
  sigmoid,
  sin,
  softplus,
  sqrt,
  square,
  step,
  subtract,
  tanh,
} from "./tensor/elementwise.ts";
export {
  type CsrMatrix,
  checkFeatureMatrix,
  csrFromLists,
  type DenseMatrix,
  denseMatrix,
  type FeatureMatrix,
} from "./tensor/matrix.ts";
export { type MatmulOptions, matmul } from "./tensor/product.ts";
export { type Operation, type Recorded, record, withoutGradient } from "./tensor/record.ts";
export { max, mean } from "./tensor/reduce.ts";
export { reshape } from "./tensor/reshape.ts";
export { type Grouping, gatherRows, segmentSum } from "./tensor/rows.ts";
export { scope } from "./tensor/scope.ts";
export { type Shape, sizeOf } from "./tensor/shapes.ts";
export { logSoftmax, softmax } from "./tensor/softmax.ts";
export { SparseTensor, sparseDropout, sparseMatmul } from "./tensor/sparse.ts";
export { broadcastTo, type ReduceOptions, sum } from "./tensor/sum.ts";
export { Tensor } from "./tensor/tensor.ts";
