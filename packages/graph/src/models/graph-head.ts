import { add, Module, type ParameterOptions, type Registry, type Tensor } from "@vicinal/core";
import { Perceptron } from "../layers/perceptron.ts";
import type { GraphMembership } from "../readout/membership.ts";
import type { Readout } from "../readout/readout.ts";
import { type AnyReadoutName, chosenReadout } from "../readout/readout-by-name.ts";
import type { GraphModelContext } from "./graph-model.ts";
import { readLayers } from "./read-layers.ts";

/** How a {@link GraphHead} makes outputs of nodes. */
export interface GraphHeadOptions extends ParameterOptions {
  /** What makes one row of the nodes of a graph. */
  readonly readout: AnyReadoutName;
  /** Where names of read-outs are looked up first. Default: those built in are known. */
  readonly registry?: Registry | undefined;
  /** Count of projections from what was read out to the outputs. */
  readonly headLayers: number;
  /** Probability with which a hidden number is dropped while training. */
  readonly dropout: number;
}

/** From the nodes after several layers to outputs of graphs, `network(sum over layers of readout(nodes))`, each layer with a read-out of its own. */
export class GraphHead extends Module {
  /** One for each layer that is read. */
  readonly readouts: readonly Readout[];
  /** From what was read out to the outputs. */
  readonly network: Perceptron;

  /**
   * @internal
   * @param width Of the nodes, in every layer that is read.
   * @param reads Count of layers that are read.
   */
  constructor(width: number, outputs: number, reads: number, options: GraphHeadOptions) {
    super();
    const { random, engine, registry, readout, headLayers, dropout } = options;
    this.readouts = Array.from({ length: reads }, () => chosenReadout(readout, width, { random, engine, registry }));
    const widths = [this.readouts[0]!.outputs, ...new Array<number>(headLayers - 1).fill(width), outputs];
    this.network = new Perceptron(widths, { random, engine, dropout });
  }

  /** From `[nodes, width]` after each layer that is read to `[graphs, outputs]`. */
  forward(layers: readonly Tensor[], membership: GraphMembership, context: GraphModelContext): Tensor {
    return this.#finish(readLayers(this.readouts, layers, membership, context), context);
  }

  /** {@link forward}, with the weights of the last read-out, `[nodes, heads]`; undefined where it does not attend. */
  detailed(
    layers: readonly Tensor[],
    membership: GraphMembership,
    context: GraphModelContext,
  ): { readonly output: Tensor; readonly nodes: Tensor | undefined } {
    const { read, nodes } = readLayers.detailed(this.readouts, layers, membership, context);
    return { output: this.#finish(read, context), nodes };
  }

  #finish(read: readonly Tensor[], context: GraphModelContext): Tensor {
    return this.network.forward(
      read.reduce((sum, each) => add(sum, each)),
      context,
    );
  }
}
