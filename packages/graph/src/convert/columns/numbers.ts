import type { ColumnEncoder } from "./column-encoder.ts";
import { isList } from "./feature-kind.ts";
import { type FeatureValues, valueError } from "./feature-values.ts";

/** Where the numbers of a feature lay, column by column. */
export interface FittedNumbers {
  /** Single numbers, or lists of them. */
  readonly kind: "number" | "vector";
  /** Count of columns: 1 for a number. */
  readonly size: number;
  /** What is subtracted from and divides each column; undefined where numbers are taken as they are. */
  readonly scale: NumberScale | undefined;
}

/** The mean of each column and its population deviation, which is 1 for a column that does not vary. */
export interface NumberScale {
  /** What is subtracted, column by column. */
  readonly means: readonly number[];
  /** What the difference is divided by, column by column. */
  readonly deviations: readonly number[];
}

/** One column, standardised unless asked otherwise. */
export function fitNumbers(feature: FeatureValues, standardize = true): ColumnEncoder<FittedNumbers> {
  return fit(feature, "number", 1, standardize);
}

/** One column a place, as they are unless asked otherwise: the zeros and the scale of vectors mostly carry meaning. */
export function fitVectors(feature: FeatureValues, standardize = false): ColumnEncoder<FittedNumbers> {
  const first = feature.values.find((value) => value !== undefined);
  return fit(feature, "vector", isList(first) ? first.length : 0, standardize);
}

function fit(
  feature: FeatureValues,
  kind: "number" | "vector",
  size: number,
  standardize: boolean,
): ColumnEncoder<FittedNumbers> {
  return numberColumns(feature.name, { kind, size, scale: standardize ? scaleOf(feature, kind, size) : undefined });
}

/** The columns of numbers that were fitted. */
export function numberColumns(name: string, fitted: FittedNumbers): ColumnEncoder<FittedNumbers> {
  const { kind, size, scale } = fitted;
  return {
    fitted,
    columns: Array.from({ length: size }, (_, c) =>
      kind === "number" ? { name, category: undefined } : { name: `${name}[${c}]`, category: String(c) },
    ),
    write(rows, offset, value, node) {
      const list = numbersOf(value, kind, size, name, node);
      for (let c = 0; c < size; c++) {
        const number = finite(list[c], name, node, value);
        const scaled = scale === undefined ? number : (number - scale.means[c]!) / scale.deviations[c]!;
        rows.set(offset + c, finite(Math.fround(scaled), name, node, value));
      }
    },
  };
}

/** Mean and deviation by Welford's method (1962), which loses no digits to a large mean and is exact for a constant. */
function scaleOf({ name, nodes, values }: FeatureValues, kind: "number" | "vector", size: number): NumberScale {
  const means = new Float64Array(size);
  const squares = new Float64Array(size);
  let count = 0;
  for (const [i, value] of values.entries()) {
    if (value === undefined) continue;
    const list = numbersOf(value, kind, size, name, nodes[i]!);
    count++;
    for (let c = 0; c < size; c++) {
      const number = finite(list[c], name, nodes[i]!, value);
      const difference = number - means[c]!;
      means[c]! += difference / count;
      squares[c]! += difference * (number - means[c]!);
    }
  }
  return {
    means: Array.from(means),
    deviations: Array.from(squares, (square) => Math.sqrt(square / count) || 1),
  };
}

function numbersOf(
  value: unknown,
  kind: "number" | "vector",
  size: number,
  feature: string,
  node: string,
): ArrayLike<unknown> {
  if (kind === "number") return [value];
  if (!isList(value)) {
    throw valueError("wrong-type", feature, node, value, {
      expected: "a list of numbers: an array or a typed array",
      advice: "Correct the value, or leave it out so that it counts as missing.",
    });
  }
  if (value.length === size) return value;
  throw valueError("wrong-length", feature, node, value, {
    expected: `${size} numbers, as many as the first node has`,
    advice: 'Make all vectors of one length; for lists that name members, ask for the kind "set".',
  });
}

function finite(number: unknown, feature: string, node: string, value: unknown): number {
  if (typeof number === "number" && Number.isFinite(number)) return number;
  const code = typeof number === "number" ? "not-finite" : "wrong-type";
  throw valueError(code, feature, node, isList(value) ? number : value, {
    expected: "finite numbers in the range of float32",
    advice: "Correct the value, or leave it out so that it counts as missing.",
  });
}
