import {
  checkOptionNames,
  type DenseMatrix,
  type Engine,
  type FeatureMatrix,
  ShapeError,
  SparseTensor,
  slice,
  type Tensor,
  type Training,
} from "@vicinal/core";
import type { LayerInput } from "../layers/graph-layer.ts";
import { type HostMatrix, rowsOnEngine } from "./feature-rows.ts";
import type { NeighborSample } from "./neighbor-sample.ts";
import {
  engineOf,
  isLayered,
  type LayeredNetwork,
  layersOf,
  type NetworkLayer,
  type SampledNetwork,
} from "./network-layers.ts";

/** What {@link forwardSample} computes from: features of the whole graph, of which only the rows of the sample are read. */
export interface SampleInputs {
  /** One row for each node of the graph. A tensor gets a gradient, of the size of the graph. */
  readonly features: FeatureMatrix | Tensor;
  /** One row for each edge, in the order of the edge list that the graph's neighborhood was made from. Default: none. */
  readonly edgeFeatures?: DenseMatrix | Tensor | undefined;
  /** Present while training: dropout draws from it. */
  readonly training?: Training | undefined;
  /** Where rows of features are put. Default: the engine of the network's parameters. */
  readonly engine?: Engine | undefined;
}

/**
 * The output of a network for the seeds of a sample, `[seeds, outputs]`. A `LayeredModel` (`GAT`, `GraphTransformer`) or a list of
 * layers is computed layer by layer, each over the nodes that the following ones need; any other model over `sample.neighborhood`, and the sample must have as many hops as the model looks
 * far.
 *
 * @throws OptionError `unknown-option`, `out-of-range` for an empty list; ShapeError `shapes-differ` unless there are as many layers as hops;
 * DataError `index-out-of-range` for features without a row for a node; what the layers throw.
 */
export function forwardSample(network: SampledNetwork, sample: NeighborSample, inputs: SampleInputs): Tensor {
  checkOptionNames("forwardSample", inputs, ["features", "edgeFeatures", "training", "engine"]);
  const { features, edgeFeatures, training, engine = engineOf(network) } = inputs;
  const ofEdges = edgeFeatures && rowsOnEngine(edgeFeatures, sample.edges, engine);
  if (!isLayered(network)) {
    const x = rowsOnEngine(features, sample.nodes, engine);
    const outputs = network.forward(x, sample.neighborhood, { edgeFeatures: ofEdges, training });
    return slice(outputs, 0, 0, sample.seeds);
  }
  const layers = checkedLayers(network, sample);
  let x = pairOfRows(features, sample.nodes, sample.layers[0]!.receivers, engine);
  let output: Tensor | undefined;
  for (const [k, neighborhood] of sample.layers.entries()) {
    output = layers[k]!.forward(x, neighborhood, {
      edgeFeatures: ofEdges && slice(ofEdges, 0, 0, neighborhood.edges),
      training,
    });
    const next = sample.layers[k + 1];
    if (next !== undefined) x = [output, slice(output, 0, 0, next.receivers)];
  }
  return output!;
}

function checkedLayers(network: LayeredNetwork, sample: NeighborSample): readonly NetworkLayer[] {
  const layers = layersOf("forwardSample", network);
  if (layers.length === sample.layers.length) return layers;
  throw new ShapeError(
    "shapes-differ",
    `forwardSample: got a network of ${layers.length} layers and a sample of ${sample.layers.length} hops; expected as many. ` +
      "Give the sampler a fanOut with one number for each layer.",
  );
}

/** The features of some nodes as senders, and of the first `receivers` of them as receivers. */
export function pairOfRows(
  features: FeatureMatrix | HostMatrix | Tensor,
  nodes: Uint32Array,
  receivers: number,
  engine: Engine | undefined,
): LayerInput {
  const senders = rowsOnEngine(features, nodes, engine);
  if (receivers === nodes.length) return [senders, senders];
  if (senders instanceof SparseTensor) return [senders, rowsOnEngine(features, nodes.subarray(0, receivers), engine)];
  return [senders, slice(senders, 0, 0, receivers)];
}
