import type { Neighborhood } from "./neighborhood.ts";
import { SparseNeighborhood } from "./sparse.ts";

/**
 * Everyone attends to everyone: self-attention over `receivers` elements, or, with `senders` given, every element of one set to
 * every element of another (encoder-decoder attention).
 */
export function complete(receivers: number, senders: number = receivers): Neighborhood {
  let sparse: SparseNeighborhood | undefined;
  return {
    kind: "complete",
    receivers,
    senders,
    edges: receivers * senders,
    sparse() {
      sparse ??= enumerate(receivers, senders);
      return sparse;
    },
  };
}

function enumerate(receivers: number, senders: number): SparseNeighborhood {
  const senderOf = new Uint32Array(receivers * senders);
  const receiverOf = new Uint32Array(receivers * senders);
  for (let i = 0, p = 0; i < receivers; i++) {
    for (let j = 0; j < senders; j++, p++) {
      receiverOf[p] = i;
      senderOf[p] = j;
    }
  }
  return SparseNeighborhood.fromEdgeList({
    senders: senderOf,
    receivers: receiverOf,
    senderCount: senders,
    receiverCount: receivers,
  });
}
