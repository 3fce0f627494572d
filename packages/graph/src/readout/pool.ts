import {
  checkCounts,
  checkOptionNames,
  Module,
  multiply,
  type ParameterOptions,
  reshape,
  segmentHardmax,
  segmentSum,
  type Tensor,
  tensor,
  weightedSum,
} from "@vicinal/core";
import { atPositions, checkedNodes, type GraphMembership } from "./membership.ts";
import type { Readout } from "./readout.ts";

/**
 * The sum over the nodes of each graph, `[nodes, width]` to `[graphs, width]`: PyTorch Geometric's `global_add_pool`. Of the three, the one that
 * tells apart graphs whose nodes are equal and differently many (Xu et al., "How Powerful are Graph Neural Networks?", ICLR 2019).
 *
 * @throws ShapeError `shapes-differ`; DataError `index-out-of-range`; OptionError `out-of-range`.
 */
export function sumReadout(x: Tensor, membership: GraphMembership): Tensor {
  return segmentSum(x, checkedNodes("sumReadout", x, membership).grouping);
}

/**
 * The mean over the nodes of each graph, `[nodes, inputs]` to `[graphs, inputs]`, zeros without nodes: PyTorch Geometric's `global_mean_pool`.
 *
 * @throws As {@link sumReadout}.
 */
export function meanReadout(x: Tensor, membership: GraphMembership): Tensor {
  const { grouping, counts } = checkedNodes("meanReadout", x, membership);
  const shares = Float64Array.from(counts, (count) => 1 / Math.max(1, count));
  return multiply(segmentSum(x, grouping), tensor(shares, [shares.length, 1], { engine: x.engine }));
}

/**
 * The largest number over the nodes of each graph, for each channel by itself; zeros without nodes: PyTorch Geometric's `global_max_pool`. Of
 * equal numbers the first node gets the gradient, as if it alone had been there.
 *
 * @throws As {@link sumReadout}.
 */
export function maxReadout(x: Tensor, membership: GraphMembership): Tensor {
  const nodes = checkedNodes("maxReadout", x, membership);
  const [count = 0, width = 0] = x.shape;
  // Hard attention with a head for each channel: the weight of the largest is 1, and a constant.
  const isLargest = segmentHardmax(atPositions(x, nodes), nodes.neighborhood.offsets);
  const largest = weightedSum(nodes.neighborhood, isLargest, reshape(x, [count, width, 1]));
  return reshape(largest, [membership.graphs, width]);
}

/** A read-out without parameters: width in is width out. */
export abstract class PoolingReadout extends Module implements Readout {
  readonly inputs: number;
  readonly outputs: number;
  readonly #name: string;
  readonly #pool: (x: Tensor, membership: GraphMembership) => Tensor;

  /**
   * @internal
   * @throws OptionError `unknown-option`, or `out-of-range` for a width that is not a whole number above 0.
   */
  constructor(name: string, pool: typeof sumReadout, inputs: number, options: Partial<ParameterOptions>) {
    super();
    checkOptionNames(name, options, ["random", "engine"]);
    checkCounts(name, { inputs });
    this.#name = name;
    this.#pool = pool;
    this.inputs = inputs;
    this.outputs = inputs;
  }

  /**
   * `[nodes, inputs]` to `[graphs, outputs]`.
   *
   * @throws ShapeError `shapes-differ`; DataError `index-out-of-range`; OptionError `out-of-range`.
   */
  forward(x: Tensor, membership: GraphMembership): Tensor {
    checkedNodes(this.#name, x, membership, this.inputs);
    return this.#pool(x, membership);
  }
}

/** {@link sumReadout} as a module. Its options are those that every read-out takes, and are not read. */
export class SumReadout extends PoolingReadout {
  /** @throws OptionError `unknown-option`, or `out-of-range` for a width that is not a whole number above 0. */
  constructor(inputs: number, options: Partial<ParameterOptions> = {}) {
    super("SumReadout", sumReadout, inputs, options);
  }
}

/** {@link meanReadout} as a module. Its options are those that every read-out takes, and are not read. */
export class MeanReadout extends PoolingReadout {
  /** @throws OptionError `unknown-option`, or `out-of-range` for a width that is not a whole number above 0. */
  constructor(inputs: number, options: Partial<ParameterOptions> = {}) {
    super("MeanReadout", meanReadout, inputs, options);
  }
}

/** {@link maxReadout} as a module. Its options are those that every read-out takes, and are not read. */
export class MaxReadout extends PoolingReadout {
  /** @throws OptionError `unknown-option`, or `out-of-range` for a width that is not a whole number above 0. */
  constructor(inputs: number, options: Partial<ParameterOptions> = {}) {
    super("MaxReadout", maxReadout, inputs, options);
  }
}
