import { checkOptionNames, OptionError } from "../../errors.ts";
import { portableLog } from "../../portable-math.ts";
import { checkCount } from "../neighborhood/check-counts.ts";

/** How signed distances share the rows of a table: what {@link RelativeBias} is made with. */
export interface DistanceBuckets {
  /** The name of the family, such as `"clipped"`. */
  readonly name: string;
  /** Count of buckets. */
  readonly buckets: number;
  /** The bucket of `distance`, the sender's position minus the receiver's: a whole number from 0, below `buckets`. */
  bucketOf(distance: number): number;
}

/**
 * A bucket for each distance, and one at either end for all that are farther (Shaw, Uszkoreit and Vaswani, 2018, section 3.2):
 * `clip(distance, -maximum, maximum) + maximum`, so `2 maximum + 1` buckets.
 *
 * @throws OptionError `out-of-range` unless `maximum` is a whole number, 0 or more.
 */
export function clippedBuckets(maximum: number): DistanceBuckets {
  checkCount("clippedBuckets", "the maximum", maximum);
  return {
    name: "clipped",
    buckets: 2 * maximum + 1,
    bucketOf: (distance) => Math.max(-maximum, Math.min(maximum, distance)) + maximum,
  };
}

/** Options of {@link logarithmicBuckets}. */
export interface LogarithmicBucketsOptions {
  /** Count of buckets. An even number of at least 4; if causal a number of at least 2. Default 32. */
  readonly buckets?: number;
  /** Distances from here on share a bucket. Larger than the count of distances with a bucket of their own. Default 128. */
  readonly maximumDistance?: number;
  /** Whether senders after the receiver share the bucket of distance 0, as where they are not attended to. Default false. */
  readonly causal?: boolean;
}

/**
 * The buckets of T5 (Raffel et al., 2020, section 2.1; the authors' `_relative_position_bucket`): half of them for one distance each, the
 * other half for ranges that grow logarithmically up to `maximumDistance`. With `b` buckets for a direction, `e = floor(b / 2)` and
 * `n = |distance|`,
 *
 *     bucket = n                                                                  for n < e
 *     bucket = min(b - 1, e + floor(log(n / e) / log(maximumDistance / e) (b - e)))  else
 *
 * Both directions have half of the buckets, senders after the receiver the second half; if causal, those before it have all.
 *
 * @throws OptionError `out-of-range` for counts that leave a direction without both halves; `unknown-option`.
 */
export function logarithmicBuckets(options: LogarithmicBucketsOptions = {}): DistanceBuckets {
  checkOptionNames("logarithmicBuckets", options, ["buckets", "maximumDistance", "causal"]);
  const { buckets = 32, maximumDistance = 128, causal = false } = options;
  const perDirection = causal ? buckets : buckets / 2;
  if (!(Number.isSafeInteger(perDirection) && perDirection >= 2)) {
    throw new OptionError(
      "out-of-range",
      `logarithmicBuckets: got ${buckets} buckets; expected ${causal ? "a whole number of at least 2" : "an even number of at least 4"}.`,
    );
  }
  const exact = Math.floor(perDirection / 2);
  if (!(Number.isSafeInteger(maximumDistance) && maximumDistance > exact)) {
    throw new OptionError(
      "out-of-range",
      `logarithmicBuckets: got the maximum distance ${maximumDistance}; expected a whole number above ${exact}, the distances that have a ` +
        `bucket of their own of ${buckets}.`,
    );
  }
  const bucketOfDistance = Uint32Array.from({ length: maximumDistance }, (_, n) =>
    n < exact ? n : logarithmicBucket(n, exact, maximumDistance, perDirection),
  );
  return {
    name: "logarithmic",
    buckets,
    bucketOf(distance) {
      const isAfter = distance > 0;
      const n = isAfter && causal ? 0 : Math.abs(distance);
      return (isAfter && !causal ? perDirection : 0) + (bucketOfDistance[n] ?? perDirection - 1);
    },
  };
}

function logarithmicBucket(n: number, exact: number, maximumDistance: number, buckets: number): number {
  const share = (portableLog(n / exact) / portableLog(maximumDistance / exact)) * (buckets - exact);
  // Where the formula gives a whole number, rounding must not put the distance one bucket lower.
  return Math.min(buckets - 1, exact + Math.floor(share + 1e-9));
}
