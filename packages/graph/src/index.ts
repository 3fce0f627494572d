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
export { type DegreeDirection, DegreeEmbedding, type DegreeEmbeddingOptions } from "./layers/degree-embedding.ts";
export { FAConv, type FAConvContext, type FAConvOptions } from "./layers/fa.ts";
export { GATConv } from "./layers/gat.ts";
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
} from "./layers/gps-conv.ts";
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
export { HANConv, type HANConvOptions, type SemanticAttention } from "./layers/han-conv.ts";
export { HGTConv, type HGTConvOptions } from "./layers/hgt-conv.ts";
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
} from "./layers/rgat-conv.ts";
export { SAGEConv, type SAGEConvOptions } from "./layers/sage.ts";
export type { LoopFill } from "./layers/self-loops.ts";
export { type PairBuckets, SpatialBias } from "./layers/spatial-bias.ts";
export {
  type AttentionLossContext,
  type SuperGATAttention,
  SuperGATConv,
  type SuperGATConvOptions,
} from "./layers/supergat.ts";
export { TransformerConv, type TransformerConvOptions } from "./layers/transformer.ts";
export { accuracy } from "./metrics/accuracy.ts";
export { averagePrecision } from "./metrics/average-precision.ts";
export { confusion } from "./metrics/confusion.ts";
export { labelingMetrics } from "./metrics/labeling-metrics.ts";
export { macroF1 } from "./metrics/macro-f1.ts";
export { meanReciprocalRank } from "./metrics/mean-reciprocal-rank.ts";
export { predictedClasses } from "./metrics/predicted-classes.ts";
export { rocAuc } from "./metrics/roc-auc.ts";
export type { AttentionLayerName } from "./models/attention-layer-by-name.ts";
export { GAT, type GATOptions } from "./models/gat.ts";
export { GraphTransformer, GraphTransformerBlock, type GraphTransformerOptions } from "./models/graph-transformer.ts";
export type { NodeModel } from "./models/node-model.ts";
export { BatchNorm, type BatchNormOptions } from "./nn/batch-norm.ts";
export { GraphLayerNorm, type GraphLayerNormOptions } from "./nn/graph-layer-norm.ts";
export { namedState } from "./nn/named-state.ts";
export { type PackedGraphs, packedGraphs } from "./nn/packed-graphs.ts";
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
export { type ReadoutName, readoutByName } from "./readout/readout-by-name.ts";
export { Set2Set, type Set2SetOptions } from "./readout/set2set.ts";
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
export { embedNodes } from "./tasks/embed/embed-nodes.ts";
export type { AssignEmbeddingsOptions, EmbedNodesOptions } from "./tasks/embed/embed-nodes-options.ts";
export { labelNodes } from "./tasks/label-nodes.ts";
export type { AssignLabelsOptions, LabelNodesOptions, SplitPart } from "./tasks/label-nodes-options.ts";
export type { LearnLinksOptions } from "./tasks/links/learn-links-options.ts";
export type { LearnedLinks, LinkPrediction, NodeEmbedding, PredictedLink } from "./tasks/links/learned-links.ts";
export {
  LinkDecoder,
  type LinkDecoderName,
  type LinkDecoderOptions,
  type PairScore,
} from "./tasks/links/link-decoder.ts";
export type { LinkIndex } from "./tasks/links/link-index.ts";
export type { LinkMetrics } from "./tasks/links/link-metrics.ts";
export { LinkModel, type LinkModelOptions } from "./tasks/links/link-model.ts";
export type { LinkData, LinkParts } from "./tasks/links/link-parts.ts";
export { type LinkPredictor, trainLinkPredictor } from "./tasks/links/link-predictor.ts";
export type { LinkPredictorOptions } from "./tasks/links/link-predictor-options.ts";
export { predictLinks } from "./tasks/links/predict-links.ts";
export type { AssignLinksOptions, PredictLinksOptions } from "./tasks/links/predict-links-options.ts";
export type { LinkCandidates, RankedLinks, RankOptions } from "./tasks/links/rank-links.ts";
export { type LinkSplit, type SplitLinksOptions, splitLinks } from "./tasks/links/split-links.ts";
export { NodeClassification, type NodeClassificationData, type NodeMetric } from "./tasks/node-classification.ts";
export { type NodeClassifier, trainNodeClassifier } from "./tasks/node-classifier.ts";
export type { LabelingMetricName, NodeClassifierOptions, NodeModelName } from "./tasks/node-classifier-options.ts";
export type { AttendedEdge, Choice, LabelingMetrics, NodeLabeling } from "./tasks/node-labeling.ts";
export { TrainingError } from "./train/errors.ts";
export {
  type FitOptions,
  type FitResult,
  fit,
  type Selection,
  type TrainingTask,
  type Validation,
} from "./train/fit.ts";
export type { EpochRecord, Progress } from "./train/history.ts";
