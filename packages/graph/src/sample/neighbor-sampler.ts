import { checkOptionNames, OptionError, Random, type SparseNeighborhood } from "@vicinal/core";
import { checkNode, checkSameNodes, refuseRepeated } from "./check-sampling.ts";
import { drawDistinct } from "./draw-distinct.ts";
import { GrowingIndices } from "./growing-indices.ts";
import { NeighborSample } from "./neighbor-sample.ts";
import { NodeNumbers } from "./node-numbers.ts";

/** Options of {@link neighborSampler}. */
export interface NeighborSamplerOptions {
  /**
   * How many neighbors are drawn for each node, hop by hop: first for the seeds, then for the nodes found so, and so on; -1 for all. As many
   * numbers as the network has layers; the first belongs to its last layer.
   */
  readonly fanOut: readonly number[];
  /**
   * Whether one edge may be drawn several times for a node, which then attends to it as often. Default false: each at most once, and all
   * where there are not more than asked for.
   */
  readonly replace?: boolean;
  /** What is drawn from. Default seed 0. */
  readonly random?: Random;
}

/** Draws the neighborhood of one batch of nodes after the other. */
export interface NeighborSampler {
  /** `[layers]`, as given. */
  readonly fanOut: readonly number[];
  /**
   * Draws for one batch. Takes time and memory in proportion to what is drawn, whatever the size of the graph and of its hubs.
   *
   * @param seeds The nodes whose outputs are wanted, any count of them, each once.
   * @param random What is drawn from this time, to draw the same again. Default: that of the sampler.
   * @throws DataError `index-out-of-range`, `repeated-node`.
   */
  sample(seeds: Uint32Array, random?: Random): NeighborSample;
}

/**
 * Samples neighbors, so that a step of training takes a bounded part of a graph (Hamilton, Ying and Leskovec, "Inductive Representation
 * Learning on Large Graphs", NeurIPS 2017, section 3.1): from a batch of seeds outwards, every node that was found at the hop before draws up
 * to `fanOut[hop]` of the edges that arrive at it, each set of them with the same probability. As in PyTorch Geometric's `NeighborLoader`
 * (`subgraph_type="directional"`), a node that is found again draws nothing again.
 *
 * With a fan-out of -1 at every hop the outputs of the seeds, and their gradients, are those of the whole graph. The same seed of `random` and
 * the same batches give the same samples. Keeps 4 bytes a node of the graph.
 *
 * @throws OptionError `unknown-option`, `out-of-range` for a fan-out that is neither -1 nor a whole number above 0; ShapeError
 * `shapes-differ` unless senders and receivers are the same nodes.
 */
export function neighborSampler(neighborhood: SparseNeighborhood, options: NeighborSamplerOptions): NeighborSampler {
  checkOptionNames("neighborSampler", options, ["fanOut", "replace", "random"]);
  checkSameNodes("neighborSampler", neighborhood);
  const { fanOut, replace = false, random = new Random(0) } = options;
  if (fanOut.length === 0) {
    throw new OptionError(
      "out-of-range",
      "neighborSampler: got an empty fanOut; expected one number for each layer of the network.",
    );
  }
  for (const count of fanOut) {
    if (count === -1 || (Number.isSafeInteger(count) && count > 0)) continue;
    throw new OptionError(
      "out-of-range",
      `neighborSampler: got a fanOut of ${count}; expected whole numbers above 0, or -1 for all neighbors.`,
    );
  }
  return new Sampler(neighborhood, fanOut, replace, random);
}

class Sampler implements NeighborSampler {
  readonly fanOut: readonly number[];
  readonly #neighborhood: SparseNeighborhood;
  readonly #replace: boolean;
  readonly #random: Random;
  readonly #numbers: NodeNumbers;
  readonly #offsets = new GrowingIndices();
  readonly #senderOf = new GrowingIndices();
  readonly #positions = new GrowingIndices();

  constructor(neighborhood: SparseNeighborhood, fanOut: readonly number[], replace: boolean, random: Random) {
    this.fanOut = [...fanOut];
    this.#neighborhood = neighborhood;
    this.#replace = replace;
    this.#random = random;
    this.#numbers = new NodeNumbers(neighborhood.receivers);
  }

  sample(seeds: Uint32Array, random = this.#random): NeighborSample {
    const numbers = this.#numbers;
    this.#begin(seeds);
    const nodesUpTo = [numbers.count];
    let done = 0;
    for (const count of this.fanOut) {
      const found = numbers.count;
      for (; done < found; done++) this.#draw(numbers.node(done), count, random);
      nodesUpTo.push(numbers.count);
    }
    return new NeighborSample(this.#neighborhood, {
      nodes: numbers.nodes(),
      nodesUpTo,
      offsets: this.#offsets.toArray(),
      senderOf: this.#senderOf.toArray(),
      positions: this.#positions.toArray(),
    });
  }

  #begin(seeds: Uint32Array): void {
    for (const list of [this.#offsets, this.#senderOf, this.#positions]) list.clear();
    this.#offsets.push(0);
    this.#numbers.restart();
    for (const seed of seeds) {
      checkNode("neighborSampler", seed, this.#neighborhood.receivers);
      if (this.#numbers.find(seed) >= 0) refuseRepeated("neighborSampler", seed);
      this.#numbers.number(seed);
    }
  }

  /** Draws `count` of the edges that arrive at a node. */
  #draw(node: number, count: number, random: Random): void {
    const { offsets } = this.#neighborhood;
    const start = offsets[node]!;
    const end = offsets[node + 1]!;
    const degree = end - start;
    if (count === -1 || (degree <= count && !this.#replace)) {
      for (let position = start; position < end; position++) this.#take(position);
    } else if (!this.#replace) {
      drawDistinct(count, degree, random, (drawn) => this.#take(start + drawn));
    } else if (degree > 0) {
      for (let k = 0; k < count; k++) this.#take(start + random.integer(degree));
    }
    this.#offsets.push(this.#senderOf.length);
  }

  #take(position: number): void {
    this.#positions.push(position);
    this.#senderOf.push(this.#numbers.number(this.#neighborhood.senderOf[position]!));
  }
}
