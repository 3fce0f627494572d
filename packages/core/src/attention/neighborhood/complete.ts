import { checkCount } from "./check-counts.ts";
import { byRuns } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";

/**
 * Everyone attends to everyone: self-attention over `receivers` elements, or, with `senders` given, every element of one set to
 * every element of another (encoder-decoder attention).
 *
 * `N(i) = { 0, …, senders - 1 }`: Vaswani et al., 2017, "Attention is all you need", the encoder. Has runs.
 *
 * @throws OptionError `out-of-range` unless both counts are whole numbers that are not negative.
 */
export function complete(receivers: number, senders: number = receivers): Neighborhood {
  checkCount("complete", "receivers", receivers);
  checkCount("complete", "senders", senders);
  return byRuns({
    kind: "complete",
    receivers,
    senders,
    start: () => 0,
    end: () => senders,
    count: (first, last) => (last - first) * senders,
  });
}
