import {
  type CsrMatrix,
  crossEntropy,
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  keep,
  logSoftmax,
  type SparseNeighborhood,
  SparseTensor,
  type Tensor,
  type Training,
  tensor,
} from "@vicinal/core";
import { featureTensor } from "../convert/feature-tensor.ts";
import type { NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { NodeModel } from "../models/node-model.ts";
import type { TrainingTask, Validation } from "../train/fit.ts";

/** The nodes of a graph with their features and known classes, as typed arrays: what node classification trains on. */
export interface NodeClassificationData {
  /** Who attends to whom, with as many senders as receivers: all nodes. */
  readonly neighborhood: SparseNeighborhood;
  /** One row a node; undefined for nodes that are known by their edges alone. */
  readonly features: FeatureMatrix | undefined;
  /** Class of each node; -1 where unknown. */
  readonly labels: Int32Array;
  /** Count of classes, numbered from 0. */
  readonly classes: number;
  /** Features of the edges in the order of the neighborhood's edge list: message `e` has row `e`. */
  readonly edgeFeatures?: DenseMatrix | undefined;
  /** Nodes that are trained on. */
  readonly train: Uint32Array;
  /** Nodes that decide when to stop, and which epoch was best; may be empty. */
  readonly validation: Uint32Array;
}

/** Scores a model's logits `[nodes, classes]` on some of the nodes. The larger the better. */
export type NodeMetric = (logits: ArrayLike<number>, nodes: Uint32Array) => number;

/** Learns the classes of nodes by cross-entropy on the training nodes. */
export class NodeClassification implements TrainingTask {
  readonly #model: NodeModel;
  readonly #data: NodeClassificationData;
  readonly #features: NodeFeatureTensor;
  readonly #edgeFeatures: Tensor | undefined;
  readonly #trainTargets: Int32Array;
  readonly #validationTargets: Int32Array;
  readonly #metric: NodeMetric;

  constructor(
    model: NodeModel,
    data: NodeClassificationData & { readonly features: FeatureMatrix },
    metric: NodeMetric,
    engine?: Engine,
  ) {
    this.#model = model;
    this.#data = data;
    this.#features = toTensor(data.features, engine);
    this.#edgeFeatures = data.edgeFeatures && toDenseTensor(data.edgeFeatures, engine);
    this.#trainTargets = only(data.labels, data.train);
    this.#validationTargets = only(data.labels, data.validation);
    this.#metric = metric;
  }

  trainingLoss(training: Training): Tensor {
    return crossEntropy(this.logits(training), this.#trainTargets);
  }

  validate(): Validation | undefined {
    const { validation } = this.#data;
    if (validation.length === 0) return undefined;
    const logits = this.logits();
    return {
      loss: crossEntropy(logits, this.#validationTargets).item(),
      metric: this.#metric(logits.dataSync(), validation),
    };
  }

  /** The logits of every node, `[nodes, classes]`. */
  logits(training?: Training): Tensor {
    return this.#model.forward(this.#features, this.#data.neighborhood, { edgeFeatures: this.#edgeFeatures, training });
  }

  /** Log-probabilities of every node, and the attention of the last layer. */
  detailed() {
    const { output, attention } = this.#model.detailed(this.#features, this.#data.neighborhood, {
      edgeFeatures: this.#edgeFeatures,
    });
    return { logProbabilities: logSoftmax(output), attention };
  }
}

function toTensor(matrix: FeatureMatrix, engine: Engine | undefined): NodeFeatureTensor {
  const features = featureTensor(matrix, { engine });
  return features instanceof SparseTensor ? features : keep(features);
}

function toDenseTensor({ values, rows, columns }: DenseMatrix, engine: Engine | undefined): Tensor {
  return keep(tensor(values, [rows, columns], { engine }));
}

/** The labels of some nodes; -1 elsewhere. */
function only(labels: Int32Array, nodes: Uint32Array): Int32Array {
  const result = new Int32Array(labels.length).fill(-1);
  for (const node of nodes) result[node] = labels[node]!;
  return result;
}

/** One feature a node that no other has: nodes are then told apart, and learned, by themselves. */
export function identityFeatures(nodes: number): CsrMatrix {
  return {
    kind: "csr",
    rows: nodes,
    columns: nodes,
    indptr: Uint32Array.from({ length: nodes + 1 }, (_, i) => i),
    indices: Uint32Array.from({ length: nodes }, (_, i) => i),
    values: undefined,
  };
}
