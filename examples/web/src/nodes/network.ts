import { DataError, type FeatureMatrix, type Random } from "@vicinal/core";
import {
  type FeatureEncoder,
  featureEncoder,
  GAT,
  type GraphNeighborhood,
  type NodeFeatureTensor,
  type NodeModel,
  neighborhoodOf,
  recordAttention,
} from "@vicinal/graph";
import type { AbstractGraph } from "graphology-types";
import { keptFeatures } from "./kept-features.ts";
import { answersOf, probabilitiesOf } from "./predictions.ts";
import type { InspectedNode, Predictions, TrainingChoices } from "./protocol.ts";
import { neighborsOf } from "./ranking.ts";
import { assignStructure } from "./structural-features.ts";
import { withoutEdges } from "./without-edges.ts";

/** A graph as a network reads it. */
export interface NetworkInputs {
  readonly converted: GraphNeighborhood;
  readonly features: FeatureMatrix;
  /** What made the features of attributes; undefined where each node is learned by itself. */
  readonly encoder: FeatureEncoder | undefined;
}

/** Without features every node has a number of its own, and as many weights: beyond this many nodes that is too much. */
const mostNodesWithoutFeatures = 10_000;

/**
 * Reads a graph for a network that is to be made.
 *
 * @throws DataError, OptionError; see `featureEncoder` and `neighborhoodOf`. DataError `too-many-nodes` without features.
 */
export function inputsOf(graph: AbstractGraph, features: readonly string[]): NetworkInputs {
  const converted = neighborhoodOf(graph);
  if (features.length > 0) {
    assignStructure(graph, features);
    const encoder = featureEncoder(graph, features);
    return { converted, features: encoder.encode(graph).matrix, encoder };
  }
  const nodes = graph.order;
  if (nodes > mostNodesWithoutFeatures) {
    throw new DataError(
      "too-many-nodes",
      `without features a network learns each of ${nodes} nodes by itself, which this page does for at most ${mostNodesWithoutFeatures}. Choose a feature.`,
    );
  }
  const numbers = Uint32Array.from({ length: nodes + 1 }, (_, i) => i);
  const identity: FeatureMatrix = {
    kind: "csr",
    rows: nodes,
    columns: nodes,
    indptr: numbers,
    indices: numbers.slice(0, nodes),
    values: new Float32Array(nodes).fill(1),
  };
  return { converted, features: identity, encoder: undefined };
}

/** The network that the page trains: two layers, the heads of the last one averaged. */
export function networkFor(
  { features }: NetworkInputs,
  classes: number,
  { layer, heads, hiddenPerHead }: TrainingChoices,
  random: Random,
): GAT {
  return new GAT(features.columns, classes, {
    random,
    layer,
    layers: 2,
    heads,
    hidden: heads * hiddenPerHead,
    outputHeads: heads,
    dropout,
    residual: false,
  });
}

/** With few labels, as a page has them, heavy dropout. */
const dropout = 0.4;

/** A network with the graph that it answers for. It may be in training: answers are those of the weights that it has now. */
export class AnsweringNetwork {
  readonly model: NodeModel;
  readonly inputs: NetworkInputs;
  readonly classes: readonly string[];
  /** How many of the classes it can tell. */
  readonly learned: number;
  readonly #x: NodeFeatureTensor;
  readonly #edgeNumberOf: ReadonlyMap<string, number>;

  constructor(
    model: NodeModel,
    inputs: NetworkInputs,
    labels: { readonly classes: readonly string[]; readonly learned: number },
    edges: readonly string[],
  ) {
    this.model = model;
    this.inputs = inputs;
    this.classes = labels.classes;
    this.learned = labels.learned;
    this.#x = keptFeatures(inputs);
    this.#edgeNumberOf = new Map(edges.map((edge, number) => [edge, number]));
  }

  /** Logits of every node, and the attention of every layer, on the graph without some of its edges. */
  async run(removed: ReadonlySet<string> = new Set()) {
    const converted = withoutEdges(this.inputs.converted, removed);
    const { neighborhood } = converted;
    const { output, layers } = await recordAttention(() => this.model.forward(this.#x, neighborhood), {
      over: neighborhood,
    });
    return { converted, logits: output, layers };
  }

  async predictions(): Promise<Predictions> {
    return answersOf((await this.run()).logits, this.learned);
  }

  /**
   * Whom a node attends to, and what it is taken for, without some edges and with all.
   *
   * @param edges The keys of the graph's edges by their numbers.
   */
  async inspect(node: number, removedEdges: readonly number[], edges: readonly string[]): Promise<InspectedNode> {
    const removed = new Set(removedEdges.flatMap((edge) => edges[edge] ?? []));
    const whole = await this.run();
    const { converted, logits, layers } = removed.size === 0 ? whole : await this.run(removed);
    const predictions = answersOf(logits, this.learned);
    const before = answersOf(whole.logits, this.learned);
    let othersChanged = 0;
    for (const [i, answer] of predictions.classes.entries()) {
      if (i !== node && answer !== before.classes[i]) othersChanged += 1;
    }
    return {
      node,
      removedEdges: [...removedEdges].sort((a, b) => a - b),
      neighbors: neighborsOf(converted, layers, node, this.#edgeNumberOf),
      probabilities: this.#rowOf(logits, node),
      before: this.#rowOf(whole.logits, node),
      othersChanged,
      predictions,
    };
  }

  #rowOf(logits: Float32Array | Float64Array, node: number): number[] {
    return Array.from(probabilitiesOf(logits.slice(node * this.learned, (node + 1) * this.learned), this.learned));
  }
}
