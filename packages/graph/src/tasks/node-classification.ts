import { type Engine, type FeatureMatrix, logSoftmax, type Tensor } from "@vicinal/core";
import type { LayerAttention } from "../layers/graph-layer.ts";
import type { NodeModel } from "../models/node-model.ts";
import { classTargets } from "./class-targets.ts";
import { NodeLearning } from "./node-learning.ts";
import type { NodeData, NodeMetric } from "./node-targets.ts";

export type { NodeMetric };

/** The nodes of a graph with their features and known classes, as typed arrays: what node classification trains on. */
export interface NodeClassificationData extends NodeData {
  /** Class of each node; -1 where unknown. */
  readonly labels: Int32Array;
  /** Count of classes, numbered from 0. */
  readonly classes: number;
}

/** Learns the classes of nodes by cross-entropy on the training nodes. */
export class NodeClassification extends NodeLearning {
  constructor(
    model: NodeModel,
    data: NodeClassificationData & { readonly features: FeatureMatrix },
    metric: NodeMetric,
    engine?: Engine,
  ) {
    super(model, data, classTargets(data.labels, data.classes, metric), engine);
  }

  /** Log-probabilities of every node, and the attention of the last layer. */
  detailed(): { readonly logProbabilities: Tensor; readonly attention: LayerAttention } {
    const { output, attention } = this.attended();
    return { logProbabilities: logSoftmax(output), attention };
  }
}
