import type { ReadLabels } from "./labels.ts";
import type { Predictions } from "./protocol.ts";

/** Softmax of each row of logits, `[nodes * width]`. */
export function probabilitiesOf(logits: Float32Array | Float64Array, width: number): Float64Array {
  const shares = Float64Array.from(logits);
  for (let start = 0; start < shares.length; start += width) {
    const row = shares.subarray(start, start + width);
    const largest = row.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (const logit of row) total += Math.exp(logit - largest);
    for (const [c, logit] of row.entries()) row[c] = Math.exp(logit - largest) / total;
  }
  return shares;
}

/** The likeliest class of each node, and how likely it is. */
export function answersOf(logits: Float32Array | Float64Array, width: number): Predictions {
  const probabilities = probabilitiesOf(logits, width);
  const nodes = probabilities.length / width;
  const classes = new Uint16Array(nodes);
  const confidences = new Float32Array(nodes);
  for (let i = 0; i < nodes; i++) {
    const row = probabilities.subarray(i * width, (i + 1) * width);
    const best = row.indexOf(Math.max(...row));
    classes[i] = best;
    confidences[i] = row[best]!;
  }
  return { classes, confidences };
}

/** The share of some nodes whose likeliest class is the known one; null without nodes. */
export function shareRight(
  logits: Float32Array | Float64Array,
  { known, learned }: Pick<ReadLabels, "known" | "learned">,
  nodes: Uint32Array,
): number | null {
  if (nodes.length === 0 || logits.length === 0) return null;
  let right = 0;
  for (const i of nodes) {
    let best = 0;
    for (let c = 1; c < learned; c++) if (logits[i * learned + c]! > logits[i * learned + best]!) best = c;
    if (best === known[i]) right += 1;
  }
  return right / nodes.length;
}
