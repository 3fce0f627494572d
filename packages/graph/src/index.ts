/**
 * Layers that attend over node neighborhoods, models, training and tasks for graphology graphs.
 *
 * @packageDocumentation
 */

export { type LabelPropagationOptions, labelPropagation } from "./baselines/label-propagation.ts";
export { type MajorityOptions, majorityBaseline } from "./baselines/majority.ts";
export type { FittedBooleans } from "./convert/columns/booleans.ts";
export type { FittedCategories } from "./convert/columns/categories.ts";
export type { FeatureKind } from "./convert/columns/feature-kind.ts";
export type { FittedNumbers, NumberScale } from "./convert/columns/numbers.ts";
export type { FittedSets } from "./convert/columns/sets.ts";
export { type EdgeListOptions, type Edges, neighborhoodOfEdges } from "./convert/edge-list.ts";
export type { AttributeFeature, ComputedFeature, FeatureOptions, FeatureSource } from "./convert/feature-source.ts";
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
export { AttentionConv, type AttentionConvOptions, type InputWidths, type Mechanism } from "./layers/attention-conv.ts";
export { GATConv } from "./layers/gat.ts";
export { GATv2Conv, type GATv2ConvOptions } from "./layers/gatv2.ts";
export type {
  AttentionLayer,
  GraphLayer,
  LayerAttention,
  LayerContext,
  LayerInput,
  NodeFeatureTensor,
} from "./layers/graph-layer.ts";
export type { LoopFill } from "./layers/self-loops.ts";
export { accuracy } from "./metrics/accuracy.ts";
export { confusion } from "./metrics/confusion.ts";
export { labelingMetrics } from "./metrics/labeling-metrics.ts";
export { macroF1 } from "./metrics/macro-f1.ts";
export { predictedClasses } from "./metrics/predicted-classes.ts";
export { rocAuc } from "./metrics/roc-auc.ts";
export { type AttentionLayerName, GAT, type GATOptions } from "./models/gat.ts";
export { labelNodes } from "./tasks/label-nodes.ts";
export type { AssignLabelsOptions, LabelNodesOptions, SplitPart } from "./tasks/label-nodes-options.ts";
export { NodeClassification, type NodeClassificationData, type NodeMetric } from "./tasks/node-classification.ts";
export { type NodeClassifier, trainNodeClassifier } from "./tasks/node-classifier.ts";
export type { LabelingMetricName, NodeClassifierOptions } from "./tasks/node-classifier-options.ts";
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
