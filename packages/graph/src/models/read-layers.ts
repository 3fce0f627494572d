import type { Tensor } from "@vicinal/core";
import type { GraphMembership } from "../readout/membership.ts";
import type { AttentiveReadout, Readout } from "../readout/readout.ts";
import type { GraphModelContext } from "./graph-model.ts";
import { weightsOfNodes } from "./weights-of-nodes.ts";

/** What read-outs made of the nodes after several layers, `[graphs, outputs]` for each layer. */
export function readLayers(
  readouts: readonly Readout[],
  layers: readonly Tensor[],
  membership: GraphMembership,
  context: GraphModelContext,
): readonly Tensor[] {
  return readouts.map((readout, k) => readout.forward(layers[k]!, membership, context));
}

/** {@link readLayers}, with the weights of the last read-out, `[nodes, heads]`; undefined where it does not attend. */
readLayers.detailed = (
  readouts: readonly Readout[],
  layers: readonly Tensor[],
  membership: GraphMembership,
  context: GraphModelContext,
): { readonly read: readonly Tensor[]; readonly nodes: Tensor | undefined } => {
  let nodes: Tensor | undefined;
  const read = readouts.map((readout, k) => {
    if (k + 1 < readouts.length || !isAttentive(readout)) return readout.forward(layers[k]!, membership, context);
    const { output, attention } = readout.detailed(layers[k]!, membership, context);
    nodes = weightsOfNodes(attention);
    return output;
  });
  return { read, nodes };
};

function isAttentive(readout: Readout): readout is AttentiveReadout {
  return "detailed" in readout;
}
