/**
 * Attention as one idea: a weighted sum over a neighborhood, made of four swappable choices. With the tensors, gradients, engines and
 * modules that it is computed and learned with.
 *
 * @packageDocumentation
 */

// First, so that bundles begin with the modules of kernels: see there.
export { createWasmEngine, type WasmOptions, wasmEngine } from "./engine/wasm/wasm-engine.ts";

// All the others, by file.

export { attend } from "./attention/attend.ts";
export type { DenseInputs, DenseOptions } from "./attention/dense.ts";
export type { DotForm } from "./attention/dot-form.ts";
export { explainPlan, type MechanismShape, type PlanExplanation, printKernel } from "./attention/explain.ts";
export type { AttendInputs, AttendOptions, Attention } from "./attention/inputs.ts";
export { type AttentionSvgOptions, attentionSvg } from "./attention/inspect/attention-svg.ts";
export { meanWeights, weightMatrices } from "./attention/inspect/weight-matrices.ts";
export { type BipartiteEdges, bipartite } from "./attention/neighborhood/bipartite.ts";
export { blocksOf, type ReceiverBlock, rowsOf } from "./attention/neighborhood/blocks.ts";
export { type CausalOptions, causal } from "./attention/neighborhood/causal.ts";
export { complete } from "./attention/neighborhood/complete.ts";
export { ComputedRows } from "./attention/neighborhood/computed-rows.ts";
export { type GridOptions, grid } from "./attention/neighborhood/grid.ts";
export { type GroupsOptions, groups } from "./attention/neighborhood/groups.ts";
export { keyPadding } from "./attention/neighborhood/key-padding.ts";
export type { Neighborhood } from "./attention/neighborhood/neighborhood.ts";
export { segments } from "./attention/neighborhood/segments.ts";
export { SenderRuns } from "./attention/neighborhood/sender-runs.ts";
export { type SequencesOptions, sequences } from "./attention/neighborhood/sequences.ts";
export { difference, intersection, union } from "./attention/neighborhood/set-algebra.ts";
export {
  type EdgeList,
  type SenderRows,
  SparseNeighborhood,
  type TransposedEdges,
} from "./attention/neighborhood/sparse.ts";
export { type WindowOptions, window } from "./attention/neighborhood/window.ts";
export { type ElementwiseOptions, elementwiseNormalizer } from "./attention/normalize/elementwise.ts";
export { entmax15, sparsemax } from "./attention/normalize/entmax.ts";
export {
  type DrawingNormalizer,
  type GumbelSoftmaxOptions,
  type HardOptions,
  hard,
  type ScoreFunctionOptions,
  type StraightThroughOptions,
} from "./attention/normalize/hard.ts";
export type { Normalizer, PositionRows, WeightExpression } from "./attention/normalize/normalizer.ts";
export { reluNormalizer } from "./attention/normalize/relu.ts";
export {
  MovingBaseline,
  type MovingBaselineOptions,
  type ScoreFunctionLossOptions,
  scoreFunctionLoss,
} from "./attention/normalize/score-function.ts";
export { sigmoidNormalizer } from "./attention/normalize/sigmoid.ts";
export { type SoftmaxOptions, softmaxNormalizer } from "./attention/normalize/softmax.ts";
export type { PlanShape } from "./attention/plan.ts";
export { type AlibiOptions, alibi, alibiSlopes } from "./attention/position/alibi.ts";
export {
  clippedBuckets,
  type DistanceBuckets,
  type LogarithmicBucketsOptions,
  logarithmicBuckets,
} from "./attention/position/distance-buckets.ts";
export {
  type GridPositions,
  type GridSidePositions,
  type GridSize,
  gridPositions,
} from "./attention/position/grid-positions.ts";
export { LearnedPositions } from "./attention/position/learned-positions.ts";
export { PositionBias, type PositionBiasDefinition } from "./attention/position/position-bias.ts";
export { positionsOf, type SidePositions } from "./attention/position/positions.ts";
export { RelativeBias } from "./attention/position/relative-bias.ts";
export { RelativeBias2d, type RelativeBias2dOptions } from "./attention/position/relative-bias-2d.ts";
export { RelativePosition2d, type RelativePosition2dOptions } from "./attention/position/relative-position-2d.ts";
export { type RotaryOptions, rotary } from "./attention/position/rotary.ts";
export { type SinusoidalOptions, sinusoidal } from "./attention/position/sinusoidal.ts";
export { type AdditiveOptions, additive, additiveWithEdge } from "./attention/score/additive.ts";
export { additiveTanh, bahdanau } from "./attention/score/additive-tanh.ts";
export { bilinear } from "./attention/score/bilinear.ts";
export { type ConcatenationOptions, concatenation } from "./attention/score/concatenation.ts";
export { type CosineOptions, cosine, type LearnedCosineOptions, learnedCosine } from "./attention/score/cosine.ts";
export { dot } from "./attention/score/dot.ts";
export { lateAdditive, lateAdditiveWithEdge } from "./attention/score/late-additive.ts";
export { scaledDot } from "./attention/score/scaled-dot.ts";
export {
  defineScore,
  type HeadShape,
  type ParameterRank,
  type ParameterRanks,
  type ParameterSymbol,
  parameterShape,
  type Score,
  type ScoreDefinition,
  type ScoreSymbols,
} from "./attention/score/score.ts";
export { type WithEdgeOptions, withEdge } from "./attention/score/with-edge.ts";
export { edgeDot, segmentEntmax, segmentHardmax, segmentSoftmax, weightedSum } from "./attention/segment.ts";
export { checkChoice, checkCounts } from "./check-options.ts";
export type {
  AttentionGradients,
  AttentionKernels,
  AttentionOperands,
  AttentionPlan,
  EdgeRows,
  PlanNormalizer,
} from "./engine/attention-kernels.ts";
export type { FloatBuffer, IndexBuffer, MemoryReport } from "./engine/buffers.ts";
export type {
  DenseAttentionArguments,
  DenseAttentionGradientArguments,
  DenseAttentionInputs,
} from "./engine/dense-attention-kernels.ts";
export type { Engine } from "./engine/engine.ts";
export {
  type BiasActivationArguments,
  type BinaryOperation,
  dropThreshold,
  hashElement,
  type KernelArguments,
  type KernelName,
  keepsElement,
  type UnaryOperation,
} from "./engine/kernels.ts";
export type {
  GRUGatesGradientArguments,
  LSTMGatesGradientArguments,
  RecurrentGatesArguments,
  RecurrentGatesGradientArguments,
  RecurrentStep,
} from "./engine/recurrent-kernels.ts";
export { setThreads, threads } from "./engine/wasm/threads.ts";
export {
  checkOptionNames,
  DataError,
  EngineError,
  FileError,
  OptionError,
  PluginError,
  ShapeError,
  TensorError,
  VicinalError,
} from "./errors.ts";
export type { ExpressionBinary, ExpressionUnary } from "./expression/arithmetic.ts";
export {
  differentiate,
  differentiateByMatrices,
  type MatrixGradient,
  type OuterProduct,
  type SymbolGradient,
} from "./expression/derivative.ts";
export { type Bindings, evaluate, type Value } from "./expression/evaluate.ts";
export { Expression, type ExpressionNode, type Operand, type Rank, type Side } from "./expression/expression.ts";
export { formula } from "./expression/formula.ts";
export { MatrixSymbol } from "./expression/matrix-symbol.ts";
export { type BottleneckAttentionOptions, bottleneckAttention } from "./image/bottleneck-attention.ts";
export { ChannelAttention, type ChannelAttentionOptions } from "./image/channel-attention.ts";
export {
  HybridAttentionBlock,
  type HybridAttentionBlockContext,
  type HybridAttentionBlockOptions,
} from "./image/hybrid-attention-block.ts";
export type { ImageShape } from "./image/image-shape.ts";
export { type ImageWindowOptions, imageWindows } from "./image/image-windows.ts";
export {
  type OverlappingWindowAttentionOptions,
  overlappingWindowAttention,
} from "./image/overlapping-window-attention.ts";
export {
  type PolarizedLayout,
  PolarizedSelfAttention,
  type PolarizedSelfAttentionOptions,
} from "./image/polarized-self-attention.ts";
export { type WindowAttentionOptions, windowAttention } from "./image/window-attention.ts";
export { Dropout } from "./nn/dropout-layer.ts";
export { Embedding, type EmbeddingOptions } from "./nn/embedding.ts";
export { FeedForward, type FeedForwardActivation, type FeedForwardOptions } from "./nn/feed-forward.ts";
export { glorotUniform, uniform } from "./nn/initialize.ts";
export { extendKeyValue, type KeyValue, overTime, selectKeyValue } from "./nn/key-value.ts";
export { LayerNorm, type LayerNormOptions } from "./nn/layer-norm.ts";
export { type ActivatedOptions, Linear, type LinearOptions, type ParameterOptions } from "./nn/linear.ts";
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
} from "./nn/loss.ts";
export { Module, type Training } from "./nn/module.ts";
export { MultiHeadAttention } from "./nn/multi-head-attention.ts";
export type {
  MultiHeadAttentionContext,
  MultiHeadAttentionOptions,
  RememberContext,
  RotaryAttentionOptions,
} from "./nn/multi-head-options.ts";
export {
  AttentionDecoder,
  type AttentionDecoderOptions,
  type DecoderStep,
  type DecoderStepOptions,
  type DecoderWidths,
  type Read,
  type TeacherForcingOptions,
} from "./nn/recurrent/attention-decoder.ts";
export { BahdanauDecoder } from "./nn/recurrent/bahdanau-decoder.ts";
export type { DecoderMemory } from "./nn/recurrent/decoder-memory.ts";
export { type DecoderState, reorderState } from "./nn/recurrent/decoder-state.ts";
export { GRU } from "./nn/recurrent/gru.ts";
export { GRUCell } from "./nn/recurrent/gru-cell.ts";
export { LSTM } from "./nn/recurrent/lstm.ts";
export { LSTMCell, type LSTMState } from "./nn/recurrent/lstm-cell.ts";
export { LuongDecoder } from "./nn/recurrent/luong-decoder.ts";
export { type CellSequence, RecurrentCell } from "./nn/recurrent/recurrent-cell.ts";
export {
  RecurrentLayers,
  type RecurrentOptions,
  type SequenceOptions,
  type SequenceResult,
} from "./nn/recurrent/recurrent-layers.ts";
export { ScoreParameters } from "./nn/score-parameters.ts";
export {
  type DecoderAttention,
  type DecoderBeginning,
  type PackedMemory,
  TransformerDecoder,
  type TransformerDecoderContext,
  type TransformerDecoderOptions,
  type TransformerDecoderState,
} from "./nn/transformer/decoder.ts";
export {
  type DecoderLayerAttention,
  TransformerDecoderLayer,
  type TransformerDecoderLayerContext,
  type TransformerDecoderLayerOptions,
  type TransformerDecoderStepContext,
} from "./nn/transformer/decoder-layer.ts";
export { type EncoderAttention, TransformerEncoder, type TransformerEncoderOptions } from "./nn/transformer/encoder.ts";
export {
  TransformerEncoderLayer,
  type TransformerLayerContext,
  type TransformerLayerStep,
  type TransformerStepContext,
} from "./nn/transformer/encoder-layer.ts";
export type { GenerationState, GenerationStep } from "./nn/transformer/generation.ts";
export type { TransformerLayerOptions } from "./nn/transformer/layer-options.ts";
export { type Normalization, Residual, type ResidualOptions } from "./nn/transformer/residual.ts";
export {
  type PackedSequences,
  TransformerStack,
  type TransformerStackContext,
  type TransformerStackOptions,
} from "./nn/transformer/stack.ts";
export {
  type PositionChoice,
  type StackPositionOptions,
  StackPositions,
  type StackShape,
} from "./nn/transformer/stack-positions.ts";
export { type AdamOptions, adam, adamW } from "./optim/adam.ts";
export { type ClipOptions, clipGradients } from "./optim/clip-gradients.ts";
export type { Optimizer, OptimizerMemory } from "./optim/optimizer.ts";
export { loadOptimizerState, type OptimizerState, optimizerState } from "./optim/optimizer-state.ts";
export {
  cosineSchedule,
  type DecayOptions,
  inverseSquareRootSchedule,
  linearSchedule,
  type Schedule,
  warmup,
} from "./optim/schedule.ts";
export { type SgdOptions, sgd } from "./optim/sgd.ts";
export { type Architecture, architectureOf, recordArchitecture } from "./plugin/architecture.ts";
export {
  type BuiltInNormalizer,
  type BuiltInScore,
  corePlugin,
  type DistanceBucketsChoice,
} from "./plugin/core-plugin.ts";
export { createRegistry } from "./plugin/create-registry.ts";
export { definePlugin, type NoOtherFields } from "./plugin/define-plugin.ts";
export {
  type NamedNormalizer,
  type NamedScore,
  namedNormalizer,
  namedScore,
  nameIn,
  type PluginName,
  type UntypedRegistry,
} from "./plugin/named.ts";
export type { Entries, Factory, Plugin } from "./plugin/plugin.ts";
export type { Initializer, PluginKind, PluginKinds } from "./plugin/plugin-kinds.ts";
export type {
  ArgumentsOf,
  EntriesOf,
  FactoryOf,
  MadeBy,
  NameOf,
  OptionsOf,
  PluginIdentity,
  Registry,
  TypedRegistry,
} from "./plugin/registry.ts";
export { Random } from "./random.ts";
export type { SavedArchitecture } from "./save/architecture-json.ts";
export { checkJsonFields, jsonField } from "./save/json-fields.ts";
export { checkModuleState, loadModuleState, moduleState } from "./save/module-state.ts";
export { isJsonObject, type JsonLimits, type JsonObject, type JsonValue, parseJson } from "./save/parse-json.ts";
export { readSafetensors, type SafetensorsFile, type SafetensorsLimits } from "./save/read-safetensors.ts";
export {
  type LoadedModel,
  type LoadModelOptions,
  loadModel,
  type SaveModelOptions,
  saveModel,
} from "./save/save-model.ts";
export {
  type LoadedModels,
  type ModelsToSave,
  type ReadModelsOptions,
  readConfiguration,
  readModels,
  type SavedConfiguration,
  writeModels,
} from "./save/saved-models.ts";
export type { Dtype, FloatTensor, StoredAs, StoredTensor, WritableTensor } from "./save/stored-tensor.ts";
export { toBlob } from "./save/to-blob.ts";
export { type SafetensorsContent, writeSafetensors } from "./save/write-safetensors.ts";
export { type EncodedSources, TargetDecoder } from "./sequence/decoder/target-decoder.ts";
export type {
  RecurrentDecoderChoice,
  TargetDecoderChoice,
  TransformerDecoderChoice,
} from "./sequence/decoder/target-decoder-choice.ts";
export {
  type EncodedWidths,
  TokenDecoder,
  type TokenDecoderOptions,
  type WriteOptions,
  type WrittenTokens,
} from "./sequence/decoder/token-decoder.ts";
export {
  type EncodedSequences,
  type RecurrentEncoderChoice,
  SequenceEncoder,
  type SequenceEncoderChoice,
  type TransformerEncoderChoice,
} from "./sequence/encoder/sequence-encoder.ts";
export {
  SequenceAttentionReadout,
  SequenceReadout,
  type SequenceReadoutAttention,
  type SequenceReadoutName,
} from "./sequence/encoder/sequence-readout.ts";
export { TokenEncoder, type TokenEncoderOptions } from "./sequence/encoder/token-encoder.ts";
export {
  type BeamSearchOptions,
  beamSearch,
  type Hypothesis,
  lengthPenalty,
  type SearchStart,
} from "./sequence/generation/beam-search.ts";
export type { Generation } from "./sequence/generation/sample-tokens.ts";
export type { Continuation, TokenWriter } from "./sequence/generation/token-writer.ts";
export { type GenerateOptions, LanguageModel, type LanguageModelOptions } from "./sequence/language-model.ts";
export { Seq2Seq, type Seq2SeqOptions } from "./sequence/seq2seq.ts";
export { SequenceClassifier, type SequenceClassifierOptions } from "./sequence/sequence-classifier.ts";
export type { SequenceContext, SequenceLossOptions } from "./sequence/sequence-context.ts";
export { type SequenceAttention, SequenceReader, type SequenceReaderOptions } from "./sequence/sequence-reader.ts";
export { SequenceRegressor, type SequenceRegressorOptions } from "./sequence/sequence-regressor.ts";
export { SequenceTagger, type SequenceTaggerOptions } from "./sequence/sequence-tagger.ts";
export { type MaskedTokens, type MaskTokensOptions, maskTokens } from "./sequence/tokens/mask-tokens.ts";
export { type PackedBatch, packSequences, type TokenSequences } from "./sequence/tokens/packed-batch.ts";
export {
  type SpecialToken,
  Vocabulary,
  type VocabularyJSON,
  type VocabularyOptions,
} from "./sequence/tokens/vocabulary.ts";
export { type ActivateOptions, type Activation, activate } from "./tensor/activate.ts";
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
  gelu,
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
export { type Operation, record, withoutGradient } from "./tensor/record.ts";
export { max, mean } from "./tensor/reduce.ts";
export { reshape } from "./tensor/reshape.ts";
export { type Grouping, gatherRows, segmentSum } from "./tensor/rows.ts";
export { scope } from "./tensor/scope.ts";
export { type Shape, sizeOf } from "./tensor/shapes.ts";
export { logSoftmax, softmax } from "./tensor/softmax.ts";
export { SparseTensor, sparseDropout, sparseMatmul } from "./tensor/sparse.ts";
export { broadcastTo, type ReduceOptions, sum } from "./tensor/sum.ts";
export type { Recorded } from "./tensor/tensor.ts";
export { Tensor } from "./tensor/tensor.ts";
