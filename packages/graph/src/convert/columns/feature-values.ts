import { DataError } from "@vicinal/core";

/** The values of one feature on the nodes that it is fitted on. */
export interface FeatureValues {
  /** The name of the feature. */
  readonly name: string;
  readonly nodes: readonly string[];
  /** One value a node; undefined where it is missing. */
  readonly values: readonly unknown[];
}

/** A value that cannot be a feature: says which node has it, what was expected and what to do. */
export function valueError(
  code: string,
  feature: string,
  node: string,
  value: unknown,
  { expected, advice }: { readonly expected: string; readonly advice: string },
): DataError {
  return new DataError(
    code,
    `node features: the feature "${feature}" of node "${node}" holds ${describe(value)}; expected ${expected}. ${advice}`,
  );
}

function describe(value: unknown): string {
  if (typeof value === "string") return `the string "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === "number" || typeof value === "boolean" || value === undefined || value === null)
    return `${value}`;
  if (value instanceof Set) return `a set of ${value.size}`;
  if (typeof value === "object" && "length" in value) return `a list of ${value.length}`;
  return typeof value === "object" ? "an object" : `a value of type ${typeof value}`;
}
