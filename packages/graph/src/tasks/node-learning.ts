import {
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  keep,
  SparseTensor,
  type Tensor,
  type Training,
  tensor,
} from "@vicinal/core";
import { featureTensor } from "../convert/feature-tensor.ts";
import type { LayerAttention, NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { NodeModel } from "../models/node-model.ts";
import type { TrainingTask, Validation } from "../train/fit.ts";
import type { NodeTargets, PreparedNodeData } from "./node-targets.ts";

/** Learns targets of nodes from the whole graph at once: one step an epoch. */
export class NodeLearning implements TrainingTask {
  readonly #model: NodeModel;
  readonly #data: PreparedNodeData;
  readonly #targets: NodeTargets;
  readonly #features: NodeFeatureTensor;
  readonly #edgeFeatures: Tensor | undefined;
  readonly #train: Int32Array;
  readonly #validation: Int32Array;

  constructor(model: NodeModel, data: PreparedNodeData, targets: NodeTargets, engine?: Engine) {
    this.#model = model;
    this.#data = data;
    this.#targets = targets;
    this.#features = toTensor(data.features, engine);
    this.#edgeFeatures = data.edgeFeatures && toDenseTensor(data.edgeFeatures, engine);
    this.#train = only(data.train, data.neighborhood.receivers);
    this.#validation = only(data.validation, data.neighborhood.receivers);
  }

  trainingLoss(training: Training): Tensor {
    return this.#targets.loss(this.logits(training), this.#train);
  }

  validate(): Validation | undefined {
    const { validation } = this.#data;
    if (validation.length === 0) return undefined;
    const logits = this.logits();
    return {
      loss: this.#targets.loss(logits, this.#validation).item(),
      metric: this.#targets.metric(logits.dataSync(), validation),
    };
  }

  /** The logits of every node, `[nodes, outputs]`. */
  logits(training?: Training): Tensor {
    return this.#model.forward(this.#features, this.#data.neighborhood, { edgeFeatures: this.#edgeFeatures, training });
  }

  /** The logits of every node, and the attention of the last layer. */
  protected attended(): { readonly output: Tensor; readonly attention: LayerAttention } {
    return this.#model.detailed(this.#features, this.#data.neighborhood, { edgeFeatures: this.#edgeFeatures });
  }
}

function toTensor(matrix: FeatureMatrix, engine: Engine | undefined): NodeFeatureTensor {
  const features = featureTensor(matrix, { engine });
  return features instanceof SparseTensor ? features : keep(features);
}

function toDenseTensor({ values, rows, columns }: DenseMatrix, engine: Engine | undefined): Tensor {
  return keep(tensor(values, [rows, columns], { engine }));
}

/** Each of some nodes at its own place; -1 elsewhere. */
function only(nodes: Uint32Array, count: number): Int32Array {
  const result = new Int32Array(count).fill(-1);
  for (const node of nodes) result[node] = node;
  return result;
}
