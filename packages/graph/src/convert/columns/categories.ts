import type { ColumnEncoder } from "./column-encoder.ts";
import { type FeatureValues, valueError } from "./feature-values.ts";

/** The names that were seen. */
export interface FittedCategories {
  /** Tells it from what was learned of other features. */
  readonly kind: "category";
  /** In the order of their columns: sorted by UTF-16 code units, so that it does not depend on the order of nodes. */
  readonly categories: readonly string[];
}

/**
 * One column a category, 1 in the column of the node's own. Numbers and booleans are taken as text. A category that was not
 * seen when fitting gets a row of zeros.
 */
export function fitCategories(feature: FeatureValues): ColumnEncoder<FittedCategories> {
  const { name } = feature;
  const seen = new Set<string>();
  for (const [i, value] of feature.values.entries()) {
    if (value !== undefined) seen.add(categoryOf(name, value, feature.nodes[i]!));
  }
  return categoryColumns(name, { kind: "category", categories: [...seen].sort() });
}

/** The columns of categories that were fitted. */
export function categoryColumns(name: string, fitted: FittedCategories): ColumnEncoder<FittedCategories> {
  const { categories } = fitted;
  const columnOf = new Map(categories.map((category, c) => [category, c]));
  return {
    fitted,
    columns: categories.map((category) => ({ name: `${name} = ${category}`, category })),
    write(rows, offset, value, node) {
      const column = columnOf.get(categoryOf(name, value, node));
      if (column !== undefined) rows.set(offset + column, 1);
    },
  };
}

function categoryOf(feature: string, value: unknown, node: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) return String(value);
  throw valueError(typeof value === "number" ? "not-finite" : "wrong-type", feature, node, value, {
    expected: "the name of a category: a string, a boolean or a finite number",
    advice: "Correct the value, or leave it out so that it counts as missing.",
  });
}
