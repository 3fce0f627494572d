import { type FeatureValues, valueError } from "./feature-values.ts";

/**
 * What the values of a feature are:
 *
 * - `"number"`: finite numbers, one column;
 * - `"boolean"`: true and false, or 1 and 0, one column;
 * - `"category"`: one of several names, one column a name (one-hot);
 * - `"vector"`: lists of finite numbers, arrays or typed arrays, all of one length, one column a place;
 * - `"set"`: any number of members, an array, a `Set` or a typed array of strings or of whole numbers, one column a member.
 */
export type FeatureKind = "number" | "boolean" | "category" | "vector" | "set";

/** Every {@link FeatureKind}. */
export const featureKinds: readonly FeatureKind[] = ["number", "boolean", "category", "vector", "set"];

/**
 * The kind that all values present agree on: numbers, booleans, strings (categories), lists of numbers (vectors), lists of strings or
 * `Set`s (sets). An empty list goes with vectors and with sets.
 *
 * @throws DataError `wrong-type` for a value of no kind, `mixed-types` for two values of different kinds, naming the nodes.
 */
export function inferKind(feature: FeatureValues): FeatureKind {
  let first: { readonly kind: FeatureKind; readonly node: string } | undefined;
  for (const [i, value] of feature.values.entries()) {
    if (value === undefined || isEmptyList(value)) continue;
    const node = feature.nodes[i]!;
    const kind = kindOf(value);
    if (kind === undefined) {
      throw valueError("wrong-type", feature.name, node, value, {
        expected: "a number, boolean, string, or a list of numbers or of strings",
        advice: "Pass a getter that gives one of these.",
      });
    }
    first ??= { kind, node };
    if (kind === first.kind) continue;
    throw valueError("mixed-types", feature.name, node, value, {
      expected: `a ${first.kind} as on node "${first.node}"`,
      advice: "Make the values alike, or name the kind that they are to be read as.",
    });
  }
  // Where every list is empty, nothing tells a set from a vector; only a set can be empty.
  return first?.kind ?? "set";
}

/** Whether a value is an array or a typed array. */
export function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isEmptyList(value: unknown): boolean {
  return isList(value) && value.length === 0;
}

function kindOf(value: unknown): FeatureKind | undefined {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "string") return "category";
  if (value instanceof Set) return "set";
  if (!isList(value)) return undefined;
  const type = typeof value[0];
  if (type !== "number" && type !== "string") return undefined;
  for (let k = 1; k < value.length; k++) if (typeof value[k] !== type) return undefined;
  return type === "number" ? "vector" : "set";
}
