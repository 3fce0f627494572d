import {
  dropout,
  type Engine,
  elu,
  Module,
  OptionError,
  type SparseNeighborhood,
  SparseTensor,
  sparseDropout,
  type Tensor,
  type Training,
} from "@vicinal/core";
import type { LayerContext, LayerInput, NodeFeatureTensor } from "../layers/graph-layer.ts";
import { sidesOf } from "../layers/layer-input.ts";
import { GAT } from "../models/gat.ts";
import type { NodeModel } from "../models/node-model.ts";

/**
 * One layer of a network with what comes before the next, such as an activation: every graph layer whose senders and receivers may differ,
 * or an object that calls one,
 *
 *     { forward: (x, neighborhood, context) => relu(sage.forward(x, neighborhood, context)) }
 *
 * `x` is the pair of the senders' and the receivers' features; the receivers are the first of the senders.
 */
export interface NetworkLayer {
  /** From `[senders, width]` to `[receivers, outputs]`. */
  forward(x: LayerInput, neighborhood: SparseNeighborhood, context?: LayerContext): Tensor;
}

/** A network that can be computed one layer after the other, each over a neighborhood of its own. */
export type LayeredNetwork = GAT | readonly NetworkLayer[];

/** A network that can be computed on samples: by layers, or as a whole over one neighborhood. */
export type SampledNetwork = LayeredNetwork | NodeModel;

/** Whether a network can be cut into layers. */
export function isLayered(network: SampledNetwork): network is LayeredNetwork {
  return !(network instanceof Module) || network instanceof GAT;
}

/**
 * The layers of a network, the first one first.
 *
 * @throws OptionError `out-of-range` for a list without layers.
 */
export function layersOf(where: string, network: LayeredNetwork): readonly NetworkLayer[] {
  if (network instanceof GAT) return layersOfGAT(network);
  if (network.length > 0) return network;
  throw new OptionError("out-of-range", `${where}: got a network without layers; expected at least one.`);
}

/** The engine that a network computes on, as far as its parameters tell. */
export function engineOf(network: SampledNetwork): Engine | undefined {
  const modules = [network].flat().filter((part) => part instanceof Module);
  return modules.flatMap((module) => module.parameters())[0]?.engine;
}

/** What `GAT.forward` does, cut between its layers. */
function layersOfGAT({ layers, norms, dropout: probability }: GAT): readonly NetworkLayer[] {
  return layers.map((layer, k) => ({
    forward(x, neighborhood, context = {}) {
      const { training } = context;
      const attended = layer.forward(k === 0 ? dropped(x, probability, training) : x, neighborhood, context);
      if (k === layers.length - 1) return attended;
      const activated = elu(norms[k]?.forward(attended) ?? attended);
      return training === undefined ? activated : dropout(activated, probability, training.random.bits());
    },
  }));
}

/** One seed for both sides, so that a node loses the same features as a sender and as a receiver: the receivers are the first senders. */
function dropped(x: LayerInput, probability: number, training: Training | undefined): LayerInput {
  if (training === undefined || probability === 0) return x;
  const seed = training.random.bits();
  const drop = (side: NodeFeatureTensor): NodeFeatureTensor =>
    side instanceof SparseTensor ? sparseDropout(side, probability, seed) : dropout(side, probability, seed);
  const [senders, receivers] = sidesOf(x);
  return [drop(senders), receivers && drop(receivers)];
}
