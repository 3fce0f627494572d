import {
  attend,
  checkCounts,
  checkOptionNames,
  concatenate,
  dot,
  LSTMCell,
  type LSTMState,
  Module,
  type ParameterOptions,
  reshape,
  type Tensor,
  zeros,
} from "@vicinal/core";
import { checkedNodes, type GraphMembership, type NodesOfGraphs, zerosWithoutNodes } from "./membership.ts";
import type { AttentiveReadout, DetailedReadout } from "./readout.ts";

/** Options of {@link Set2Set}. */
export interface Set2SetOptions extends ParameterOptions {
  /** How often each graph looks at its nodes. Default 3. */
  readonly processingSteps?: number;
}

/**
 * Read-out by repeated looks (Vinyals, Bengio and Kudlur, "Order Matters: Sequence to sequence for sets", ICLR 2016, equations 3 to 7): a
 * recurrent cell asks, attention answers, and both are what it reads next. In each of T steps, with `q*` zeros at first,
 *
 *     q      = LSTM(q*)
 *     weight = softmax over the nodes i of g of dot(x_i, q_g)
 *     q*     = q_g beside sum over i of weight_i x_i
 *
 * From `[nodes, inputs]` to `[graphs, 2 * inputs]`, the last `q*`. As PyTorch Geometric's `Set2Set` with one layer, but that a graph without
 * nodes gets zeros, where there the first half is the cell's answer to nothing. There, `processing_steps` has no default.
 */
export class Set2Set extends Module implements AttentiveReadout {
  readonly inputs: number;
  readonly outputs: number;
  /** How often each graph looks at its nodes. */
  readonly processingSteps: number;
  /** From `[graphs, 2 * inputs]`, with hidden states of the width `inputs`. */
  readonly lstm: LSTMCell;

  /**
   * @param inputs Width of the nodes' features.
   * @throws OptionError `unknown-option`; `out-of-range` for a width or a count of steps that is not a whole number above 0.
   */
  constructor(inputs: number, options: Set2SetOptions) {
    super();
    checkOptionNames("Set2Set", options, ["random", "engine", "processingSteps"]);
    const { random, engine, processingSteps = 3 } = options;
    checkCounts("Set2Set", { inputs, processingSteps });
    this.inputs = inputs;
    this.outputs = 2 * inputs;
    this.processingSteps = processingSteps;
    this.lstm = new LSTMCell(this.outputs, inputs, { random, engine });
  }

  /**
   * `[nodes, inputs]` to `[graphs, outputs]`.
   *
   * @throws ShapeError `shapes-differ`; DataError `index-out-of-range`.
   */
  forward(x: Tensor, membership: GraphMembership): Tensor {
    const nodes = checkedNodes("Set2Set", x, membership, this.inputs);
    return this.#steps(x, nodes, (query, memory) =>
      attend(nodes.neighborhood, { query, key: memory, value: memory }, { score: dot(), parameters: {} }),
    );
  }

  /** {@link forward}, with the weights `[nodes, processingSteps]` at the positions of the neighborhood: a head for each step. */
  detailed(x: Tensor, membership: GraphMembership): DetailedReadout {
    const nodes = checkedNodes("Set2Set", x, membership, this.inputs);
    const { neighborhood } = nodes;
    const looks: Tensor[] = [];
    const output = this.#steps(x, nodes, (query, memory) => {
      const inputs = { query, key: memory, value: memory };
      const look = attend.detailed(neighborhood, inputs, { score: dot(), parameters: {} });
      looks.push(look.weights);
      return look.output;
    });
    return { output, attention: { neighborhood, weights: concatenate(looks, 1) } };
  }

  /** `attention` from queries `[graphs, 1, inputs]` and a memory `[nodes, 1, inputs]`. */
  #steps(x: Tensor, of: NodesOfGraphs, attention: (query: Tensor, memory: Tensor) => Tensor): Tensor {
    const [nodes = 0] = x.shape;
    const { inputs, outputs } = this;
    const graphs = of.counts.length;
    const memory = reshape(x, [nodes, 1, inputs]);
    let read = zeros([graphs, outputs], { engine: x.engine });
    let state: LSTMState | undefined;
    for (let step = 0; step < this.processingSteps; step++) {
      state = this.lstm.forward(read, state);
      const answer = attention(reshape(state.hidden, [graphs, 1, inputs]), memory);
      read = concatenate([state.hidden, reshape(answer, [graphs, inputs])], 1);
    }
    return zerosWithoutNodes(read, of);
  }
}
