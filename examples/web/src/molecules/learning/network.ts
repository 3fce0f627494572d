import type { Random } from "@vicinal/core";
import { AttentiveFP, type GraphModel, GraphNetwork, type GraphWidths } from "@vicinal/graph";
import type { NetworkName } from "../protocol.ts";

/** How a network is shaped. */
export interface NetworkShape extends GraphWidths {
  readonly network: NetworkName;
  readonly hidden: number;
  readonly outputs: number;
  readonly random: Random;
}

/** Probability with which numbers are dropped while training: little, because these networks are small. */
const dropout = 0.05;

/** A network with first weights. Each reads molecules out by attention, which is what the page draws. */
export function makeNetwork({ network, hidden, inputs, outputs, edgeDim, random }: NetworkShape): GraphModel {
  const shared = { random, hidden, dropout, ...(edgeDim !== undefined && { edgeDim }) };
  return network === "attentive-fp"
    ? new AttentiveFP(inputs, outputs, { ...shared, layers: 2 })
    : new GraphNetwork(inputs, outputs, {
        ...shared,
        layer: network,
        layers: 3,
        heads: 4,
        readout: "attention",
        jumping: "sum",
        residual: true,
      });
}
