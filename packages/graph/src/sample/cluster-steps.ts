import { affine, type Engine, Random, type Tensor, type Training } from "@vicinal/core";
import type { NodeModel } from "../models/node-model.ts";
import type { NodeTargets, PreparedNodeData } from "../tasks/node-targets.ts";
import { clusterBatches } from "./cluster-batches.ts";
import { rowsOnEngine } from "./feature-rows.ts";
import type { GraphPart } from "./graph-part.ts";
import { partitionNodes } from "./partition/partition-nodes.ts";

/** How a graph is cut into clusters. */
export interface ClusterStepsOptions {
  readonly clusters: number;
  /** Clusters of a step. */
  readonly clustersPerBatch: number;
  /** Clusters, and which of them come together, follow from it. */
  readonly seed: number;
  readonly engine: Engine | undefined;
}

/**
 * Steps of training on clusters: one for each batch of clusters, other ones together in each epoch. A batch counts as much as it has training
 * nodes, so that each of them counts the same in an epoch wherever it is.
 */
export class ClusterSteps {
  /** Batches of an epoch. */
  readonly stepsPerEpoch: number;
  /** What the clusters of a batch are drawn from. */
  readonly generators: readonly Random[];
  readonly #model: NodeModel;
  readonly #data: PreparedNodeData;
  readonly #targets: NodeTargets;
  readonly #options: ClusterStepsOptions;
  readonly #clusterOf: Uint32Array;
  readonly #order: Random;
  readonly #isTrained: Uint8Array;
  /** Of the epoch under way. Drawn in its first step, so that a run that is resumed draws the same. */
  #parts: Iterator<GraphPart> | undefined;

  constructor(model: NodeModel, data: PreparedNodeData, targets: NodeTargets, options: ClusterStepsOptions) {
    const { clusters, clustersPerBatch, seed } = options;
    const random = new Random(seed);
    this.#clusterOf = partitionNodes(data.neighborhood, { clusters, random: random.fork() });
    this.#order = random.fork();
    this.generators = [this.#order];
    this.stepsPerEpoch = Math.ceil(new Set(this.#clusterOf).size / clustersPerBatch);
    this.#model = model;
    this.#data = data;
    this.#targets = targets;
    this.#options = options;
    this.#isTrained = new Uint8Array(data.neighborhood.receivers);
    for (const node of data.train) this.#isTrained[node] = 1;
  }

  /** The loss of the next batch. */
  trainingLoss(training: Training): Tensor {
    const { nodes, neighborhood, edges } = this.#nextPart();
    const { features, edgeFeatures, train } = this.#data;
    const { engine } = this.#options;
    const logits = this.#model.forward(rowsOnEngine(features, nodes, engine), neighborhood, {
      edgeFeatures: edgeFeatures && rowsOnEngine(edgeFeatures, edges, engine),
      training,
    });
    const nodeOf = Int32Array.from(nodes, (node) => (this.#isTrained[node] === 1 ? node : -1));
    const trained = nodeOf.reduce((count, node) => count + (node < 0 ? 0 : 1), 0);
    return affine(this.#targets.loss(logits, nodeOf), (trained * this.stepsPerEpoch) / train.length, 0);
  }

  #epoch(): Iterator<GraphPart> {
    const { clustersPerBatch: size } = this.#options;
    return clusterBatches(this.#data.neighborhood, this.#clusterOf, { size, random: this.#order })[Symbol.iterator]();
  }

  #nextPart(): GraphPart {
    const next = this.#parts?.next();
    if (next !== undefined && !next.done) return next.value;
    this.#parts = this.#epoch();
    return this.#nextPart();
  }
}
