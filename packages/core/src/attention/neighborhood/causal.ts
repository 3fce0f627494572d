import { checkOptionNames } from "../../errors.ts";
import { checkCount } from "./check-counts.ts";
import { byRuns } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";

/** Options of {@link causal}. */
export interface CausalOptions {
  /**
   * Count of elements that are attended to. The receivers are the last of them: what generation needs that keeps the keys and values of
   * earlier elements. Default: as many as receivers.
   */
  readonly senders?: number;
}

/**
 * Each element attends to itself and to everything before it: `N(i) = { 0, …, p }` where `p = senders - receivers + i` is the place of
 * receiver `i` among the senders. The mask of every decoder: Vaswani et al., 2017, "Attention is all you need", section 3.2.3. Has runs.
 *
 * @throws OptionError `out-of-range` unless the counts are whole numbers that are not negative, senders no fewer than receivers;
 * `unknown-option`.
 */
export function causal(receivers: number, options: CausalOptions = {}): Neighborhood {
  checkOptionNames("causal", options, ["senders"]);
  const { senders = receivers } = options;
  checkCount("causal", "receivers", receivers);
  checkCount("causal", "senders", senders, receivers);
  const before = senders - receivers;
  return byRuns({ kind: "causal", receivers, senders, start: () => 0, end: (i) => before + i + 1 });
}
