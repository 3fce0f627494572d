import type { DenseMatrix, FeatureMatrix } from "@vicinal/core";
import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import type { NodeModel } from "../models/node-model.ts";

/** A trained network over the nodes of a graphology graph, with what it reads: what `explainNode` explains. */
export interface ExplainableLabeling {
  /** The trained network. */
  readonly model: NodeModel;
  /** What the outputs of the network stand for, in their order. There may be more classes than outputs. */
  readonly classes: readonly string[];
  /** What the network reads. */
  readonly inputs: LabelingInputs;
}

/** A graph as a network reads it. */
export interface LabelingInputs {
  /** Who attends to whom, with the graph's keys. */
  readonly converted: GraphNeighborhood;
  /** One row a node, as the network was given them: scaled, if it was trained on scaled ones. */
  readonly features: FeatureMatrix;
  /** One row a message, in the order of `converted.edgeKeys`; undefined where the network reads none. */
  readonly edgeFeatures: DenseMatrix | undefined;
}
