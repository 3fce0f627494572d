import { checkOptionNames, OptionError } from "@vicinal/core";
import { type FeatureKind, featureKinds } from "./columns/feature-kind.ts";

/** Each column takes memory for its description: what is larger than this is more likely a slip than a size. */
export const LARGEST_SIZE = 2 ** 20;

/** Where a feature comes from: the name of a node attribute, or a description of how to read it. */
export type FeatureSource = string | AttributeFeature | ComputedFeature;

/** A feature that is read from a node attribute. */
export interface AttributeFeature extends FeatureOptions {
  /** The name of the attribute. */
  readonly attribute: string;
  /** A feature is either read from an attribute or computed. */
  readonly get?: never;
  /** What columns are named after. Default: the attribute. */
  readonly name?: string;
}

/** A feature that is computed of each node. */
export interface ComputedFeature extends FeatureOptions {
  /** Gives the value, undefined or null where it is missing. Called once a node. */
  readonly get: (node: string, attributes: Readonly<Record<string, unknown>>) => unknown;
  /** A feature is either read from an attribute or computed. */
  readonly attribute?: never;
  /** What columns are named after. */
  readonly name: string;
}

/** How the values of a feature become columns. */
export interface FeatureOptions {
  /**
   * What the values are. Default: inferred from all of them, see {@link FeatureKind}. To be named where the values could be read in two
   * ways: `"category"` for numbers that are names, `"set"` for lists of numbers that are members.
   */
  readonly kind?: FeatureKind;
  /**
   * What becomes of a node without a value. All columns of the feature hold 0, and:
   *
   * - `"indicator"`: one more column, `"… is missing"`, holds 1;
   * - `"zero"`: nothing tells it from a node whose value is 0;
   * - `"error"`: it is refused.
   *
   * Default: `"indicator"` if a value is missing, else `"error"` (when other graphs are encoded).
   */
  readonly missing?: "indicator" | "zero" | "error";
  /**
   * For numbers and vectors: whether the mean of each column is subtracted and the column divided by its deviation, over the nodes
   * that have a value. Default: true for numbers; false for vectors, whose zeros and scale mostly carry meaning.
   */
  readonly standardize?: boolean;
  /**
   * For sets of column numbers: the count of columns, at most 2^20, so that member `c` stays column `c`. Default: a column for each
   * member found.
   */
  readonly size?: number;
}

/** A source that has been checked. */
export interface ReadableFeature extends FeatureOptions {
  readonly name: string;
  readonly attribute: string | undefined;
  read(node: string, attributes: Readonly<Record<string, unknown>>): unknown;
}

/**
 * Checks the sources of features.
 *
 * @throws OptionError `no-features`, `wrong-type`, `unknown-option`, `out-of-range`, `duplicate-feature`.
 */
export function readableFeatures(sources: readonly FeatureSource[]): ReadableFeature[] {
  if (!Array.isArray(sources) || sources.length === 0) {
    throw new OptionError(
      "no-features",
      "node features: got no sources; expected an array of at least one attribute name.",
    );
  }
  const features = sources.map(readable);
  const names = new Set<string>();
  for (const { name } of features) {
    if (names.has(name)) {
      throw new OptionError(
        "duplicate-feature",
        `node features: two sources are named "${name}"; expected different names. Leave one out, or give it another \`name\`.`,
      );
    }
    names.add(name);
  }
  return features;
}

function readable(source: FeatureSource): ReadableFeature {
  if (typeof source === "string")
    return { name: source, attribute: source, read: (_node, attributes) => attributes[source] };
  if (typeof source !== "object" || source === null) throw wrongSource(`a value of type ${typeof source}`);
  checkOptionNames("node features", source, ["attribute", "get", "name", "kind", "missing", "standardize", "size"]);
  const { attribute, get, name, ...options } = source;
  checkOptions(name ?? attribute ?? "", options);
  if (typeof attribute === "string" && get === undefined) {
    return { ...options, name: name ?? attribute, attribute, read: (_node, attributes) => attributes[attribute] };
  }
  if (typeof get === "function" && typeof name === "string" && attribute === undefined) {
    return { ...options, name, attribute: undefined, read: get };
  }
  throw wrongSource(`an object with ${Object.keys(source).join(", ") || "no fields"}`);
}

function wrongSource(got: string): OptionError {
  return new OptionError(
    "wrong-type",
    `node features: got ${got} for a source; expected an attribute's name, an object with \`attribute\`, ` +
      "or one with `get`, a function, and `name`.",
  );
}

function checkOptions(name: string, { kind, missing, standardize, size }: FeatureOptions): void {
  const refuse = (option: string, got: unknown, expected: string) =>
    new OptionError(
      "out-of-range",
      `node features: "${name}" has ${option} ${JSON.stringify(got)}; expected ${expected}.`,
    );
  const oneOf = (names: readonly string[]) => `one of ${names.map((n) => `"${n}"`).join(", ")}`;
  const policies = ["indicator", "zero", "error"];
  if (kind !== undefined && !featureKinds.includes(kind)) throw refuse("kind", kind, oneOf(featureKinds));
  if (missing !== undefined && !policies.includes(missing)) throw refuse("missing", missing, oneOf(policies));
  if (standardize !== undefined && typeof standardize !== "boolean") {
    throw refuse("standardize", standardize, "true or false");
  }
  if (size !== undefined && !(Number.isInteger(size) && size > 0 && size <= LARGEST_SIZE)) {
    throw refuse("size", size, `a whole number of columns from 1 to ${LARGEST_SIZE}`);
  }
}

/**
 * Refuses options that the kind of a feature does not read.
 *
 * @throws OptionError `unused-option`.
 */
export function checkKindOptions({ name, standardize, size }: ReadableFeature, kind: FeatureKind): void {
  const unused = (option: string, kinds: string) =>
    new OptionError(
      "unused-option",
      `node features: "${name}" has the option \`${option}\` and is of the kind "${kind}"; only ${kinds} read it. ` +
        "Leave it out, or name another `kind`.",
    );
  if (standardize !== undefined && kind !== "number" && kind !== "vector")
    throw unused("standardize", "numbers and vectors");
  if (size !== undefined && kind !== "set") throw unused("size", "sets");
}
