/**
 * Layers that attend over node neighborhoods, models, training and tasks for graphology graphs.
 *
 * @packageDocumentation
 */

export { type LabelPropagationOptions, labelPropagation } from "./baselines/label-propagation.ts";
export { type MajorityOptions, majorityBaseline } from "./baselines/majority.ts";
export {
  batchGraphs,
  type ConvertedCollection,
  type GraphBatchesOptions,
  graphBatches,
  graphCollection,
} from "./batch/batch-graphs.ts";
export { type GraphBatch, type Sliceable, splitEdges, splitNodes } from "./batch/graph-batch.ts";
export { GraphCollection } from "./batch/graph-collection.ts";
export type { EdgeListParts, GraphData, GraphParts, NeighborhoodParts } from "./batch/graph-parts.ts";
export type { ConvertGraphsOptions } from "./batch/graphs-to-parts.ts";
export type { FittedBooleans } from "./convert/columns/booleans.ts";
export type { FittedCategories } from "./convert/columns/categories.ts";
export type { FeatureKind } from "./convert/columns/feature-kind.ts";
export type { FittedNumbers, NumberScale } from "./convert/columns/numbers.ts";
export type { FittedSets } from "./convert/columns/sets.ts";
export { type EdgeListOptions, type Edges, neighborhoodOfEdges } from "./convert/edge-list.ts";
export { type EncoderFromJSONOptions, encoderFromJSON } from "./convert/encoder-from-json.ts";
export type { AttributeFeature, ComputedFeature, FeatureOptions, FeatureSource } from "./convert/feature-source.ts";
export { featureTensor } from "./convert/feature-tensor.ts";
export {
  type FeatureColumn,
  type FeatureEncoder,
  type FittedColumns,
  type FittedFeature,
  featureEncoder,
  type NodeFeatures,
  nodeFeatures,
} from "./convert/features.ts";
export type { EdgeGetter, NodeGetter } from "./convert/getter.ts";
export { type GraphNeighborhood, type GraphNeighborhoodOptions, neighborhoodOf } from "./convert/graph-neighborhood.ts";
export type { LinkIndex } from "./convert/link-index.ts";
export { normalizeRows } from "./convert/normalize-rows.ts";
export {
  type AssignDegreeEncodingOptions,
  type DegreeEncodingOptions,
  degreeEncoding,
  type EncodedDegree,
} from "./encode/degree-encoding.ts";
export { type FlipSignsOptions, flipSigns } from "./encode/flip-signs.ts";
export type { GraphSource } from "./encode/graph-source.ts";
export {
  type AssignLaplacianEncodingOptions,
  type LaplacianEncoding,
  type LaplacianEncodingOptions,
  laplacianEncoding,
} from "./encode/laplacian-encoding.ts";
export {
  type AssignRandomWalkEncodingOptions,
  type RandomWalkEncodingOptions,
  randomWalkEncoding,
} from "./encode/random-walk-encoding.ts";
export { ShortestPathBias, type ShortestPathBiasOptions } from "./encode/shortest-path-bias.ts";
export {
  type AssignShortestPathOptions,
  type ShortestPathDistances,
  type ShortestPathOptions,
  shortestPathDistances,
} from "./encode/shortest-path-distances.ts";
export type { AnswerMeasure, AnswerOptions } from "./explain/answer.ts";
export type { AssignAttentionOptions } from "./explain/assign-attention.ts";
export { type AttentionByEdgeOptions, attentionByEdge } from "./explain/attention-by-edge.ts";
export { attentionRollout, type Rollout, type RolloutOptions } from "./explain/attention-rollout.ts";
export type { AttentionCheck, AttentionCheckOptions } from "./explain/check-attention.ts";
export { type CheckGraphAttentionOptions, checkGraphAttention } from "./explain/check-graph-attention.ts";
export { type CheckedImportance, checkImportance, type ImportanceCheckOptions } from "./explain/check-importance.ts";
export {
  type CheckNodeAttentionOptions,
  checkNodeAttention,
  type NodeModelInputs,
} from "./explain/check-node-attention.ts";
export type { AttentionByEdge, EdgeAttention } from "./explain/edge-attention.ts";
export type { EdgesInReachOptions } from "./explain/edges-in-reach.ts";
export {
  type AssignExplanationOptions,
  type EdgeContribution,
  type ExplainNodeOptions,
  explainNode,
  type NodeContribution,
  type NodeExplanation,
} from "./explain/explain-node.ts";
export type { ExplainableLabeling, LabelingInputs } from "./explain/explainable-labeling.ts";
export type {
  ImportanceCheck,
  ImportanceVerdict,
  OneByOne,
  RemovalEffect,
  Spread,
} from "./explain/importance-check.ts";
export {
  type AttentionRecord,
  type RecordAttentionOptions,
  type RecordedRun,
  recordAttention,
} from "./explain/record-attention.ts";
export type { Reduction } from "./explain/reduction.ts";
export { type ChecksSummary, type SummarizeChecksOptions, summarizeChecks } from "./explain/summarize-checks.ts";
export type {
  FeaturesByType,
  OutputsByType,
  RelationAttention,
  TypedGraphLayer,
  TypedLayerContext,
} from "./hetero/hetero-layer.ts";
export type { GraphTypes, Relation } from "./hetero/relation.ts";
export type { RelationNodes } from "./hetero/relational-edges.ts";
export {
  type TypedFeatureEncoder,
  type TypedFeatureOptions,
  typedFeatureEncoder,
  typedNodeFeatures,
} from "./hetero/typed-features.ts";
export { type TypedGraph, type TypedGraphOptions, type TypedNode, typedNeighborhoodOf } from "./hetero/typed-graph.ts";
export {
  type HomogeneousView,
  type RelationEdges,
  type TypedEdges,
  TypedNeighborhood,
} from "./hetero/typed-neighborhood.ts";
export { AGNNConv, type AGNNConvOptions } from "./layers/agnn.ts";
export { AttentionConv, type AttentionConvOptions } from "./layers/attention-conv.ts";
export {
  isAttentionWanted,
  isGlobalAttentionWanted,
  reportAttention,
  reportGlobalAttention,
} from "./layers/attention-recorder.ts";
export { type DegreeDirection, DegreeEmbedding, type DegreeEmbeddingOptions } from "./layers/degree-embedding.ts";
export { FAConv, type FAConvContext, type FAConvOptions } from "./layers/fa.ts";
export { GATConv } from "./layers/gat.ts";
export { GATEConv, type GATEConvOptions } from "./layers/gate.ts";
export { GATv2Conv, type GATv2ConvOptions } from "./layers/gatv2.ts";
export { GCNConv, type GCNConvOptions } from "./layers/gcn.ts";
export { GINConv, type GINConvOptions, IsomorphismConv } from "./layers/gin.ts";
export { GINEConv, type GINEConvOptions } from "./layers/gine.ts";
export {
  type GlobalAttention,
  type GPSContext,
  GPSConv,
  type GPSConvOptions,
  type GPSNorm,
} from "./layers/gps.ts";
export type {
  AttentionLayer,
  GraphLayer,
  LayerAttention,
  LayerContext,
  LayerInput,
  NodeFeatureTensor,
  WeightedLayerContext,
} from "./layers/graph-layer.ts";
export { type GraphormerContext, GraphormerLayer, type GraphormerLayerOptions } from "./layers/graphormer-layer.ts";
export { HANConv, type HANConvOptions, type SemanticAttention } from "./layers/han.ts";
export { HGTConv, type HGTConvOptions } from "./layers/hgt.ts";
export type { InputWidths } from "./layers/layer-input.ts";
export {
  type Mechanism,
  MultiHeadConv,
  type MultiHeadConvOptions,
  type MultiHeadConvSettings,
} from "./layers/multi-head-conv.ts";
export type { NodePairs } from "./layers/negative-pairs.ts";
export type { NeighborAggregation } from "./layers/neighbor-sums.ts";
export { type NodeNetwork, Perceptron, type PerceptronOptions } from "./layers/perceptron.ts";
export {
  BasisRelationWeights,
  BlockRelationWeights,
  FullRelationWeights,
  RelationWeights,
} from "./layers/relation-weights.ts";
export { ResGatedGraphConv, type ResGatedGraphConvOptions } from "./layers/res-gated.ts";
export {
  type RelationalLayerContext,
  RGATConv,
  type RGATConvOptions,
  type RGATMechanism,
  type RGATMod,
  type RGATMode,
} from "./layers/rgat.ts";
export { SAGEConv, type SAGEConvOptions } from "./layers/sage.ts";
export { ScoreConv, type ScoreConvOptions } from "./layers/score-conv.ts";
export type { LoopFill } from "./layers/self-loops.ts";
export { type PairBuckets, SpatialBias } from "./layers/spatial-bias.ts";
export {
  type AttentionLossContext,
  type SuperGATAttention,
  SuperGATConv,
  type SuperGATConvOptions,
} from "./layers/supergat.ts";
export { TransformerConv, type TransformerConvOptions } from "./layers/transformer.ts";
export { TypedMultiHeadConv, type TypedMultiHeadConvOptions } from "./layers/typed-multi-head-conv.ts";
export { accuracy } from "./metrics/accuracy.ts";
export { averagePrecision } from "./metrics/average-precision.ts";
export { confusion } from "./metrics/confusion.ts";
export { labelingMetrics } from "./metrics/labeling-metrics.ts";
export { macroF1 } from "./metrics/macro-f1.ts";
export { meanReciprocalRank } from "./metrics/mean-reciprocal-rank.ts";
export {
  type LabelMetrics,
  type MultiLabelMetricOptions,
  type MultiLabelMetrics,
  multiLabelMetrics,
} from "./metrics/multi-label-metrics.ts";
export { type BinaryMetrics, type MultiTaskMetrics, multiTaskMetrics } from "./metrics/multi-task-metrics.ts";
export { predictedClasses } from "./metrics/predicted-classes.ts";
export {
  type RegressionError,
  type RegressionMetrics,
  regressionMetrics,
  type TableMetricOptions,
} from "./metrics/regression-metrics.ts";
export { rocAuc } from "./metrics/roc-auc.ts";
export {
  type AttentionLayerName,
  type LayerFactory,
  type LayerName,
  type ModelLayerOptions,
  type NamedLayer,
  namedLayer,
  type OwnLayerOptions,
  type TaskLayer,
} from "./models/attention-layer-by-name.ts";
export type { AttentionNetworkOptions } from "./models/attention-network-options.ts";
export { AttentiveFP, type AttentiveFPOptions } from "./models/attentive-fp.ts";
export { GAT, type GATOptions } from "./models/gat.ts";
export { GIN, type GINOptions } from "./models/gin.ts";
export { GPS } from "./models/gps.ts";
export { type GPSModelContext, type GPSOptions, GPSStack } from "./models/gps-stack.ts";
export { GraphGPS, type GraphGPSInputs, type GraphGPSOptions } from "./models/graph-gps.ts";
export { GraphHead, type GraphHeadOptions } from "./models/graph-head.ts";
export type { GraphInputs, GraphModel, GraphModelAttention, GraphModelContext } from "./models/graph-model.ts";
export { GraphNetwork, type GraphNetworkOptions } from "./models/graph-network.ts";
export type {
  GraphEncoder,
  GraphEncoderChoice,
  GraphStackChoice,
} from "./models/graph-to-sequence/graph-encoder.ts";
export { GraphToSequence, type GraphToSequenceOptions } from "./models/graph-to-sequence/graph-to-sequence.ts";
export { GraphTransformer, GraphTransformerBlock, type GraphTransformerOptions } from "./models/graph-transformer.ts";
export { HGT, type HGTOptions } from "./models/hgt.ts";
export type { AttentiveNetworkLayer, LayeredModel } from "./models/layered-model.ts";
export type { NodeModel } from "./models/node-model.ts";
export type { NormName } from "./models/norm-by-name.ts";
export { NormalizedPerceptron } from "./models/normalized-perceptron.ts";
export { BatchNorm, type BatchNormOptions } from "./nn/batch-norm.ts";
export { GraphLayerNorm, type GraphLayerNormOptions } from "./nn/graph-layer-norm.ts";
export { type PackedGraphs, packedGraphs } from "./nn/packed-graphs.ts";
export { builtInRegistry } from "./plugin/built-in-registry.ts";
export { graphPlugin } from "./plugin/graph-plugin.ts";
export { AttentionReadout, type AttentionReadoutOptions } from "./readout/attention-readout.ts";
export type { GraphMembership } from "./readout/membership.ts";
export {
  MaxReadout,
  MeanReadout,
  maxReadout,
  meanReadout,
  PoolingReadout,
  SumReadout,
  sumReadout,
} from "./readout/pool.ts";
export {
  PoolingByMultiHeadAttention,
  type PoolingByMultiHeadAttentionOptions,
} from "./readout/pooling-by-multi-head-attention.ts";
export type {
  AttentiveReadout,
  DetailedReadout,
  Readout,
  ReadoutAttention,
  ReadoutContext,
} from "./readout/readout.ts";
export { type AnyReadoutName, type ReadoutName, readoutByName } from "./readout/readout-by-name.ts";
export { Set2Set, type Set2SetOptions } from "./readout/set2set.ts";
export type { HostAttention } from "./sample/attention-in-chunks.ts";
export { type ClusterBatchesOptions, clusterBatches } from "./sample/cluster-batches.ts";
export { featureRows, type HostMatrix } from "./sample/feature-rows.ts";
export { forwardSample, type SampleInputs } from "./sample/forward-sample.ts";
export type { GraphPart } from "./sample/graph-part.ts";
export { type InferenceOptions, type InferenceProgress, inferInChunks } from "./sample/infer-in-chunks.ts";
export type { NeighborSample } from "./sample/neighbor-sample.ts";
export { type NeighborSampler, type NeighborSamplerOptions, neighborSampler } from "./sample/neighbor-sampler.ts";
export type { LayeredNetwork, NetworkLayer, SampledNetwork } from "./sample/network-layers.ts";
export { type NodeBatchesOptions, nodeBatches } from "./sample/node-batches.ts";
export { type PartitionOptions, partitionNodes } from "./sample/partition/partition-nodes.ts";
export { type SampledClassificationOptions, SampledNodeClassification } from "./sample/sampled-classification.ts";
export {
  type LoadedGraphPredictions,
  type LoadGraphPredictionsOptions,
  type LoadGraphPredictorOptions,
  loadGraphPredictions,
  loadGraphPredictor,
} from "./save/load-graph-predictor.ts";
export {
  type LoadedMultiLabeling,
  type LoadedNodeLabeling,
  loadMultiLabeling,
  loadNodeLabeling,
} from "./save/load-labeling.ts";
export type { LoadLabelingOptions } from "./save/load-labeling-file.ts";
export { type LoadedLinkPrediction, type LoadLinkPredictionOptions, loadLinkPrediction } from "./save/load-links.ts";
export { type SaveGraphPredictorOptions, saveGraphPredictor } from "./save/save-graph-predictor.ts";
export { type NodeLabelingToSave, saveNodeLabeling } from "./save/save-labeling.ts";
export { embedNodes } from "./tasks/embed/embed-nodes.ts";
export type { AssignEmbeddingsOptions, EmbedNodesOptions } from "./tasks/embed/embed-nodes-options.ts";
export { GraphToSequenceTask, type GraphToSequenceTaskOptions } from "./tasks/graph-to-sequence-task.ts";
export type { GraphTaskKind } from "./tasks/graphs/graph-answers.ts";
export {
  GraphClassification,
  type GraphClassificationOptions,
  type GraphMetricName,
} from "./tasks/graphs/graph-classification.ts";
export { type GraphWidths, graphInputs } from "./tasks/graphs/graph-inputs.ts";
export type { GraphClassificationMetrics, GraphMetrics } from "./tasks/graphs/graph-metrics.ts";
export { GraphMultiTask, type GraphMultiTaskOptions } from "./tasks/graphs/graph-multi-task.ts";
export type { GraphPrediction, GraphPredictions, PredictedValue } from "./tasks/graphs/graph-prediction.ts";
export type { GraphPredictionData } from "./tasks/graphs/graph-prediction-data.ts";
export {
  type AttendedGraphAnswers,
  type GraphAnswers,
  GraphPredictor,
  type GraphPredictorParts,
  type PredictOptions,
} from "./tasks/graphs/graph-predictor.ts";
export type {
  GraphModelName,
  GraphModelShape,
  GraphPredictorOptions,
  GraphProgress,
} from "./tasks/graphs/graph-predictor-options.ts";
export { GraphRegression } from "./tasks/graphs/graph-regression.ts";
export { type GraphLearningData, GraphTask, type GraphTaskOptions } from "./tasks/graphs/graph-task.ts";
export { type MeanSquaredErrorOptions, meanSquaredError } from "./tasks/graphs/mean-squared-error.ts";
export { predictGraphs } from "./tasks/graphs/predict-graphs.ts";
export type {
  AssignGraphsOptions,
  GraphGetter,
  GraphTarget,
  PredictGraphsOptions,
} from "./tasks/graphs/predict-graphs-options.ts";
export type { Standardization } from "./tasks/graphs/standardization.ts";
export { type TrainedGraphPredictor, trainGraphPredictor } from "./tasks/graphs/train-graph-predictor.ts";
export { labelNodes } from "./tasks/label-nodes.ts";
export type {
  AssignLabelSetsOptions,
  AssignLabelsOptions,
  LabelingSources,
  LabelNodesOptions,
  MultiLabelNodesOptions,
  NodeSplitOptions,
  NodeSplitSource,
  SplitPart,
} from "./tasks/label-nodes-options.ts";
export type { LearnLinksOptions } from "./tasks/links/learn-links-options.ts";
export type { LearnedLinks, LinkPrediction, NodeEmbedding } from "./tasks/links/learned-links.ts";
export type { LinkAnswers } from "./tasks/links/link-answers.ts";
export {
  LinkDecoder,
  type LinkDecoderName,
  type LinkDecoderOptions,
  type PairScore,
} from "./tasks/links/link-decoder.ts";
export type { LinkMetrics } from "./tasks/links/link-metrics.ts";
export { LinkModel, type LinkModelOptions } from "./tasks/links/link-model.ts";
export type { LinkData, LinkParts } from "./tasks/links/link-parts.ts";
export { type LinkPredictor, trainLinkPredictor } from "./tasks/links/link-predictor.ts";
export type { LinkPredictorOptions } from "./tasks/links/link-predictor-options.ts";
export type { LinkReader, RankLinksOptions } from "./tasks/links/link-reader.ts";
export { predictLinks } from "./tasks/links/predict-links.ts";
export type { AssignLinksOptions, PredictLinksOptions } from "./tasks/links/predict-links-options.ts";
export type { PredictedLink } from "./tasks/links/predicted-link.ts";
export type { LinkCandidates, RankedLinks, RankOptions } from "./tasks/links/rank-links.ts";
export { type LinkSplit, type SplitLinksOptions, splitLinks } from "./tasks/links/split-links.ts";
export { type MultiLabelClassifier, trainMultiLabelClassifier } from "./tasks/multi-label-classifier.ts";
export type { MultiLabelData } from "./tasks/multi-label-data.ts";
export { multiLabelNodes } from "./tasks/multi-label-nodes.ts";
export { NodeClassification, type NodeClassificationData, type NodeMetric } from "./tasks/node-classification.ts";
export { type NodeClassifier, trainNodeClassifier } from "./tasks/node-classifier.ts";
export type {
  LabelingMetricName,
  MultiLabelClassifierOptions,
  MultiLabelMetricName,
  NodeClassifierOptions,
  NodeModelName,
  NodeNetworkOptions,
} from "./tasks/node-classifier-options.ts";
export type {
  AttendedEdge,
  Choice,
  GraphLabelSets,
  GraphLabels,
  LabelingMetrics,
  MultiLabeling,
  NodeLabeling,
  TrainedMultiLabeling,
  TrainedNodeLabeling,
} from "./tasks/node-labeling.ts";
export { NodeLearning } from "./tasks/node-learning.ts";
export type { TrainedNodeNetwork } from "./tasks/node-network.ts";
export type { NodeData, NodeInputs, NodeTargets, PreparedNodeData } from "./tasks/node-targets.ts";
export type { ClusterSampling, NeighborSampling, NodeSampling } from "./tasks/sampling-options.ts";
export type { DrawnSplitOptions, ItemSplit, SplitFractions } from "./tasks/split/item-split.ts";
export { splitByTime, splitRandomly, splitStratified } from "./tasks/split/split-items.ts";
export { TrainingError } from "./train/errors.ts";
export {
  type CheckpointOptions,
  type FitOptions,
  type FitResult,
  fit,
  type Selection,
  type TrainingTask,
  type Validation,
} from "./train/fit.ts";
export type { EpochRecord, Progress } from "./train/history.ts";
