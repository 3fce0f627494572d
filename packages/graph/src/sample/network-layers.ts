import { type Engine, Module, OptionError } from "@vicinal/core";
import type { LayeredModel, NetworkLayer } from "../models/layered-model.ts";
import type { NodeModel } from "../models/node-model.ts";

export type { NetworkLayer };

/** A network that can be computed one layer after the other, each over a neighborhood of its own. */
export type LayeredNetwork = LayeredModel | readonly NetworkLayer[];

/** A network that can be computed on samples: by layers, or as a whole over one neighborhood. */
export type SampledNetwork = LayeredNetwork | NodeModel;

/** Whether a network can be cut into layers. */
export function isLayered(network: SampledNetwork): network is LayeredNetwork {
  return !(network instanceof Module) || "networkLayers" in network;
}

/**
 * The layers of a network, the first one first.
 *
 * @throws OptionError `out-of-range` for a list without layers.
 */
export function layersOf(where: string, network: LayeredNetwork): readonly NetworkLayer[] {
  const layers = "networkLayers" in network ? network.networkLayers() : network;
  if (layers.length > 0) return layers;
  throw new OptionError("out-of-range", `${where}: got a network without layers; expected at least one.`);
}

/** The engine that a network computes on, as far as its parameters tell. */
export function engineOf(network: SampledNetwork): Engine | undefined {
  const modules = [network].flat().filter((part) => part instanceof Module);
  return modules.flatMap((module) => module.parameters())[0]?.engine;
}
