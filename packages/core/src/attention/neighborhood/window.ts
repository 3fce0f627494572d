import { checkOptionNames } from "../../errors.ts";
import { checkCount } from "./check-counts.ts";
import { byRuns } from "./computed.ts";
import type { Neighborhood } from "./neighborhood.ts";
import { around } from "./rectangles.ts";

/** Options of {@link window}. */
export interface WindowOptions {
  /** How many elements on each side are attended to, itself not counted. */
  readonly radius: number;
  /** Distance between neighbors in a window: with 2, every second element is attended to. Default 1. */
  readonly dilation?: number;
  /** Leaves out all later elements. Default false. */
  readonly causal?: boolean;
  /**
   * Count of elements that are attended to. The receivers are the last of them: what generation needs that keeps the keys and values of
   * earlier elements. Default: as many as receivers.
   */
  readonly senders?: number;
}

/**
 * Each element of a sequence attends to those around it, itself included: sender `j` is a neighbor of the receiver at place `p` if
 * `|p - j| = k * dilation` for a whole number `k` from 0 to `radius`, and, if `causal`, `j <= p`. The place of receiver `i` is
 * `senders - receivers + i`. Beltagy, Peters and Cohan, 2020, "Longformer", section 3.1, where `w = 2 * radius`.
 *
 * Has runs if `dilation` is 1.
 *
 * @throws OptionError `out-of-range` unless counts and radius are whole numbers that are not negative, the dilation a whole number above 0,
 * and senders no fewer than receivers; `unknown-option`.
 */
export function window(receivers: number, options: WindowOptions): Neighborhood {
  checkOptionNames("window", options, ["radius", "dilation", "causal", "senders"]);
  const { radius, dilation = 1, causal = false, senders = receivers } = options;
  checkCount("window", "receivers", receivers);
  checkCount("window", "senders", senders, receivers);
  checkCount("window", "radius", radius);
  checkCount("window", "dilation", dilation, 1);

  const ahead = senders - receivers;
  const { first, end } = around(senders, dilation, radius);
  return byRuns({
    kind: "window",
    receivers,
    senders,
    step: dilation,
    start: (i) => first(ahead + i),
    end: (i) => (causal ? ahead + i + 1 : end(ahead + i)),
  });
}
