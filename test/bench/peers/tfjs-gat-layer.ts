import {
  add,
  div,
  exp,
  greater,
  leakyRelu,
  max,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  where,
} from "@tensorflow/tfjs-core";
import { type GatIndices, receiversOf } from "../epochs/gat-work.ts";
import { type Fetch, RowGroups } from "./tfjs-row-groups.ts";

/** The edges of the graph, in the two ways in which layers sum over them. */
export interface EdgeEnds {
  readonly receivers: RowGroups;
  readonly senders: RowGroups;
}

/** The edges of a problem. */
export function edgeEnds(indices: GatIndices, fetch: Fetch): EdgeEnds {
  const nodes = indices.offsets.length - 1;
  return {
    receivers: new RowGroups(receiversOf(indices), nodes, fetch),
    senders: new RowGroups(indices.senders, nodes, fetch),
  };
}

/** What a layer has learned, beside its projection. */
export interface AttentionParameters {
  /** `[heads, channels]`. */
  readonly source: Tensor;
  /** `[heads, channels]`. */
  readonly target: Tensor;
}

/** What {@link attendOverEdges} gives. */
export interface Attended {
  /** `[nodes, heads, channels]`. */
  readonly out: Tensor;
  /** From the gradient of `out` those of the projected features and of the parameters. */
  backward(gradient: Tensor): { readonly projected: Tensor; readonly source: Tensor; readonly target: Tensor };
}

const slope = 0.2;

/**
 * The attention of GAT over edges, with a gradient written by hand: that of TensorFlow.js needs the kernel that its wasm backend lacks.
 *
 * @param projected - `[nodes, heads, channels]`.
 * @param kept - `[edges, heads]`: 0 for a weight that is dropped, else what it is multiplied by. Default: none is dropped.
 */
export function attendOverEdges(
  { receivers, senders }: EdgeEnds,
  projected: Tensor,
  { source, target }: AttentionParameters,
  kept: Tensor | undefined,
): Attended {
  const column = (perHead: Tensor): Tensor => reshape(perHead, [...perHead.shape, 1]);
  const keep = (weights: Tensor): Tensor => (kept === undefined ? weights : mul(weights, kept));
  const ofSender = sum(mul(projected, source), 2);
  const ofReceiver = sum(mul(projected, target), 2);
  const sums = add(receivers.rowsOf(ofReceiver), senders.rowsOf(ofSender));
  const logits = leakyRelu(sums, slope);
  // Not the maximum of each neighborhood, for which there is no kernel: any number that keeps the exponentials from overflowing will do.
  const exponentials = exp(sub(logits, max(logits, 0, true)));
  const weights = div(exponentials, receivers.rowsOf(receivers.sumRows(exponentials)));
  const used = column(keep(weights));
  const values = senders.rowsOf(projected);
  return {
    out: receivers.sumRows(mul(used, values)),
    backward(gradient) {
      const ofEdge = receivers.rowsOf(gradient);
      const dweights = keep(sum(mul(ofEdge, values), 2));
      const weighted = mul(weights, dweights);
      const dlogits = sub(weighted, mul(weights, receivers.rowsOf(receivers.sumRows(weighted))));
      const dsums = where(greater(sums, 0), dlogits, mul(dlogits, slope));
      const dsender = column(senders.sumRows(dsums));
      const dreceiver = column(receivers.sumRows(dsums));
      const throughScores = add(mul(dsender, source), mul(dreceiver, target));
      return {
        projected: add(senders.sumRows(mul(used, ofEdge)), throughScores),
        source: sum(mul(dsender, projected), 0),
        target: sum(mul(dreceiver, projected), 0),
      };
    },
  };
}
