import {
  checkCounts,
  checkOptionNames,
  Linear,
  Module,
  OptionError,
  type ParameterOptions,
  reshape,
  ShapeError,
  segmentSoftmax,
  type Tensor,
  weightedSum,
} from "@vicinal/core";
import type { NodeNetwork } from "../layers/perceptron.ts";
import { atPositions, checkedNodes, type GraphMembership } from "./membership.ts";
import type { AttentiveReadout, DetailedReadout, ReadoutContext } from "./readout.ts";

/** Options of {@link AttentionReadout}. */
export interface AttentionReadoutOptions extends ParameterOptions {
  /**
   * The relevance of each node, `[nodes, 1]`; or a number for each channel of the output, `[nodes, outputs]`, or for each of several runs of
   * channels, whose count divides the outputs. Default: a `Linear` to 1.
   */
  readonly gateNn?: NodeNetwork;
  /** What of each node is summed. Default: its features as they are. */
  readonly nn?: NodeNetwork;
}

/**
 * Gated attention over the nodes of each graph,
 *
 *     out_g = sum over the nodes i of g of softmax over the nodes of g (gateNn(x_i)) * nn(x_i)
 *
 * after Li et al., "Gated Graph Sequence Neural Networks", ICLR 2016, and "Graph Matching Networks for Learning the Similarity of Graph Structured
 * Objects", ICML 2019, whose gates are sigmoids. From `[nodes, inputs]` to `[graphs, outputs]`, with `outputs` those of `nn`. Names and defaults are
 * those of PyTorch Geometric's `AttentionalAggregation`, formerly `GlobalAttention`; there the gate has no default.
 */
export class AttentionReadout extends Module implements AttentiveReadout {
  readonly inputs: number;
  readonly outputs: number;
  /** The relevance of each node. */
  readonly gateNn: NodeNetwork;
  /** What of each node is summed; undefined for its features. */
  readonly nn: NodeNetwork | undefined;

  /**
   * @param inputs Width of the nodes' features.
   * @throws OptionError `unknown-option`; `out-of-range` for a width that is not a whole number above 0, a network with other inputs, or outputs of
   * the gate that do not divide those of `nn`.
   */
  constructor(inputs: number, options: AttentionReadoutOptions) {
    super();
    checkOptionNames("AttentionReadout", options, ["random", "engine", "gateNn", "nn"]);
    checkCounts("AttentionReadout", { inputs });
    const { random, engine, gateNn = new Linear(inputs, 1, { random, engine }), nn } = options;
    for (const [what, network] of Object.entries({ gateNn, nn })) {
      if (network === undefined || network.inputs === inputs) continue;
      throw new OptionError(
        "out-of-range",
        `AttentionReadout: got ${what} with ${network.inputs} inputs; expected ${inputs}, the width of the nodes' features.`,
      );
    }
    this.inputs = inputs;
    this.outputs = nn?.outputs ?? inputs;
    if (!(gateNn.outputs > 0 && this.outputs % gateNn.outputs === 0)) {
      throw new OptionError(
        "out-of-range",
        `AttentionReadout: got ${gateNn.outputs} outputs of gateNn for ${this.outputs} channels that are summed; expected 1, or a number that ` +
          "divides the channels.",
      );
    }
    this.gateNn = gateNn;
    this.nn = nn;
  }

  /**
   * `[nodes, inputs]` to `[graphs, outputs]`.
   *
   * @throws ShapeError `shapes-differ`; DataError `index-out-of-range`.
   */
  forward(x: Tensor, membership: GraphMembership, context: ReadoutContext = {}): Tensor {
    return this.detailed(x, membership, context).output;
  }

  /** {@link forward}, with the weights `[nodes, gates]` at the positions of the neighborhood. */
  detailed(x: Tensor, membership: GraphMembership, context: ReadoutContext = {}): DetailedReadout {
    const nodes = checkedNodes("AttentionReadout", x, membership, this.inputs);
    const [count = 0] = x.shape;
    const gates = this.gateNn.outputs;
    const logits = expectOutputs("gateNn", this.gateNn.forward(x, context), count, gates);
    const summed = this.nn === undefined ? x : expectOutputs("nn", this.nn.forward(x, context), count, this.outputs);
    const { neighborhood } = nodes;
    const weights = segmentSoftmax(atPositions(logits, nodes), neighborhood.offsets);
    const output = weightedSum(neighborhood, weights, reshape(summed, [count, gates, this.outputs / gates]));
    return { output: reshape(output, [membership.graphs, this.outputs]), attention: { neighborhood, weights } };
  }
}

function expectOutputs(name: string, result: Tensor, nodes: number, outputs: number): Tensor {
  if (result.shape.length === 2 && result.shape[0] === nodes && result.shape[1] === outputs) return result;
  throw new ShapeError(
    "shapes-differ",
    `AttentionReadout: got [${result.shape.join(", ")}] from ${name}; expected [${nodes}, ${outputs}], a row for each node of the width that ` +
      "its field `outputs` says.",
  );
}
