import { checkTables, knownRows, meanOfDefined } from "./table-items.ts";

/** How far predictions of one number are from what is known. */
export interface RegressionError {
  /** Count of items whose number is known. */
  readonly known: number;
  /** Root of the mean squared error, in the unit of the target; undefined where nothing is known. */
  readonly rmse: number | undefined;
  /** Mean absolute error, in the unit of the target; undefined where nothing is known. */
  readonly mae: number | undefined;
  /**
   * Coefficient of determination, `1 - sum (y - prediction)^2 / sum (y - mean y)^2`: 1 is exact, 0 as good as the mean of these items. Undefined
   * where all known numbers are equal.
   */
  readonly rSquared: number | undefined;
}

/** How far predictions are from what is known, target by target and in the mean over targets. */
export interface RegressionMetrics extends Omit<RegressionError, "known"> {
  /** In the order of the targets. */
  readonly perTarget: readonly RegressionError[];
}

/** What {@link regressionMetrics} looks at. */
export interface TableMetricOptions {
  /** Count of targets of each item. Default 1. */
  readonly targets?: number;
  /** The items to look at, any count of them. Default: all. */
  readonly items?: ArrayLike<number> | undefined;
}

/**
 * RMSE, MAE and R², for each target over the items in which it is known; the means are over the targets where they are defined.
 *
 * @param actual `[items * targets]`, NaN where unknown.
 * @param predicted `[items * targets]`.
 * @throws DataError `wrong-length`, `index-out-of-range`, `not-finite` for a prediction that is NaN where the target is known.
 */
export function regressionMetrics(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { targets = 1, items }: TableMetricOptions = {},
): RegressionMetrics {
  const where = "regressionMetrics";
  checkTables(where, actual, predicted, targets, items);
  const perTarget = Array.from({ length: targets }, (_, target) => {
    const places = knownRows(where, actual, predicted, targets, target, items).map((row) => row * targets + target);
    return errorOver(actual, predicted, places);
  });
  const mean = (name: "rmse" | "mae" | "rSquared") => meanOfDefined(perTarget.map((error) => error[name]));
  return { perTarget, rmse: mean("rmse"), mae: mean("mae"), rSquared: mean("rSquared") };
}

function errorOver(
  actual: ArrayLike<number>,
  predicted: ArrayLike<number>,
  places: readonly number[],
): RegressionError {
  const known = places.length;
  if (known === 0) return { known, rmse: undefined, mae: undefined, rSquared: undefined };
  const total = (of: (place: number) => number): number => places.reduce((sum, place) => sum + of(place), 0);
  const mean = total((place) => actual[place]!) / known;
  const squares = total((place) => (actual[place]! - predicted[place]!) ** 2);
  const spread = total((place) => (actual[place]! - mean) ** 2);
  const isConstant = places.every((place) => actual[place] === actual[places[0]!]);
  return {
    known,
    rmse: Math.sqrt(squares / known),
    mae: total((place) => Math.abs(actual[place]! - predicted[place]!)) / known,
    rSquared: isConstant ? undefined : 1 - squares / spread,
  };
}
