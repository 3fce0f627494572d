import { checkCounts } from "../../check-options.ts";
import type { Engine } from "../../engine/engine.ts";
import { checkOptionNames, OptionError } from "../../errors.ts";
import { madeOnce } from "../../made-once.ts";
import { portablePower } from "../../portable-math.ts";
import { keep, tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { PositionBias } from "./position-bias.ts";
import { positionLookup } from "./positions.ts";

/** Options of {@link alibi}. */
export interface AlibiOptions {
  /** Count of heads; each has a slope of its own. */
  readonly heads: number;
  /** The position of each receiver, whole numbers, or a count: the positions 0 to count - 1. */
  readonly receivers: number | ArrayLike<number>;
  /** The position of each sender, or a count. Default: as the receivers. */
  readonly senders?: number | ArrayLike<number>;
  /**
   * Whether senders that stand after the receiver get no weight at all, as in the paper. Otherwise they count by their distance, as those
   * before it: on a neighborhood that is causal the two are the same. Default false.
   */
  readonly causal?: boolean;
}

/** More distances than this are a mistake, such as time stamps taken for positions. */
const mostDistances = 2 ** 24;

/**
 * Attention with linear biases (Press, Smith and Lewis, 2022, "Train short, test long"): `-slope_h * |position_i - position_j|` is added to the
 * logits, with the slopes of {@link alibiSlopes}. Nothing is learned, so it works for sequences longer than those of training.
 *
 * ```math
 * \mathrm{bias}_{ijh} = -\mathrm{slope}_h \, \lvert p_i - p_j \rvert
 * ```
 *
 * @throws OptionError `out-of-range` for a count of heads or elements that is no whole number, or positions more than 2^24 apart; DataError
 * `not-a-position` for a position that is no whole number.
 */
export function alibi(options: AlibiOptions): PositionBias {
  checkOptionNames("alibi", options, ["heads", "receivers", "senders", "causal"]);
  const { heads, receivers, senders = receivers, causal = false } = options;
  const slopes = alibiSlopes(heads);
  const ofReceivers = positionList("receivers", receivers);
  const receiverPosition = positionLookup("alibi", "receiver", ofReceivers);
  const ofSenders = positionList("senders", senders);
  const senderPosition = positionLookup("alibi", "sender", ofSenders);
  const distances = largestDistance(ofReceivers, ofSenders) + 1;
  if (distances > mostDistances) {
    throw new OptionError(
      "out-of-range",
      `alibi: got positions that are ${distances - 1} apart; expected less than 2^24. Number the elements of each sequence from 0.`,
    );
  }
  const buckets = causal ? distances + 1 : distances;
  const tables = new WeakMap<Engine, Tensor>();
  return new PositionBias({
    name: "alibi",
    buckets,
    bucketOf(receiver, sender) {
      const before = receiverPosition(receiver) - senderPosition(sender);
      return causal && before < 0 ? distances : Math.abs(before);
    },
    table: ({ engine }) =>
      madeOnce(tables, engine, () => {
        const values = new Float64Array(buckets * heads).fill(Number.NEGATIVE_INFINITY);
        for (let d = 0; d < distances; d++) for (let h = 0; h < heads; h++) values[d * heads + h] = -slopes[h]! * d;
        return keep(tensor(values, [buckets, heads], { engine }));
      }),
  });
}

/**
 * The slope of each head: `2^(-8 (h + 1) / heads)` for a power of two; for another count those of the next smaller power of two, and then
 * every other one of those of the next larger, as the authors' code has it.
 *
 * @throws OptionError `out-of-range` unless the count is a positive whole number.
 */
export function alibiSlopes(heads: number): Float64Array {
  checkCounts("alibi", { heads });
  const power = 2 ** (31 - Math.clz32(heads));
  return Float64Array.from({ length: heads }, (_, h) =>
    portablePower(2, (-8 * (h < power ? h + 1 : h - power + 0.5)) / power),
  );
}

function positionList(name: string, positions: number | ArrayLike<number>): ArrayLike<number> {
  if (typeof positions !== "number") return positions;
  if (Number.isSafeInteger(positions) && positions >= 0 && positions <= mostDistances) {
    return Uint32Array.from({ length: positions }, (_, k) => k);
  }
  throw new OptionError(
    "out-of-range",
    `alibi: got ${positions} ${name}; expected a whole number from 0 to 2^24, or the position of each.`,
  );
}

/** The largest distance of a position of one list from one of the other; 0 where one is empty. */
function largestDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [lowA, highA] = range(a);
  const [lowB, highB] = range(b);
  return Math.max(0, highA - lowB, highB - lowA);
}

function range(positions: ArrayLike<number>): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < positions.length; k++) {
    low = Math.min(low, positions[k]!);
    high = Math.max(high, positions[k]!);
  }
  return [low, high];
}
