import { DataError, type FeatureMatrix, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeAttributeNames } from "./attribute-names.ts";
import { checkGraph } from "./check-graph.ts";
import { type FittedBooleans, fitBooleans } from "./columns/booleans.ts";
import { type FittedCategories, fitCategories } from "./columns/categories.ts";
import type { ColumnEncoder } from "./columns/column-encoder.ts";
import { type FeatureKind, inferKind } from "./columns/feature-kind.ts";
import { type FeatureValues, valueError } from "./columns/feature-values.ts";
import { type FittedNumbers, fitNumbers, fitVectors } from "./columns/numbers.ts";
import { RowBuilder } from "./columns/row-builder.ts";
import { type FittedSets, fitSets } from "./columns/sets.ts";
import { checkKindOptions, type FeatureSource, type ReadableFeature, readableFeatures } from "./feature-source.ts";

export type { FeatureSource };

/** What was learned of a feature's values, as plain data. */
export type FittedColumns = FittedNumbers | FittedBooleans | FittedCategories | FittedSets;

/** One feature as it was fitted. */
export interface FittedFeature {
  /** What its columns are named after. */
  readonly name: string;
  /** The node attribute that it is read from; undefined for a getter. */
  readonly attribute: string | undefined;
  /** Where a missing value goes: into an indicator column after the feature's own, nowhere, or it is refused. */
  readonly missing: "indicator" | "zero" | "error";
  /** What was learned of its values. */
  readonly columns: FittedColumns;
}

/** What a column of a feature matrix stands for. */
export interface FeatureColumn {
  /** Such as `"age"`, `"country = FR"`, `"interests has music"`, `"embedding[3]"` or `"age is missing"`. */
  readonly name: string;
  /** The name of the feature that it belongs to. */
  readonly feature: string;
  /** The node attribute that it is read from; undefined for a getter. */
  readonly attribute: string | undefined;
  /** The feature's kind, or `"missing"` for the column that marks missing values. */
  readonly kind: FeatureKind | "missing";
  /** The category, the member of a set, or the place in a vector; undefined for other kinds. */
  readonly category: string | undefined;
}

/** The features of a graph's nodes. */
export interface NodeFeatures {
  /** `[nodes, columns]`, nodes in the graph's order; compressed rows where at most one value in eight is not zero, else dense. */
  readonly matrix: FeatureMatrix;
  /** What each column of the matrix stands for, in order. */
  readonly columns: readonly FeatureColumn[];
}

/** A conversion that was fitted on one graph and can be applied to others. */
export interface FeatureEncoder {
  /** The same for every graph. */
  readonly columns: readonly FeatureColumn[];
  /** Means, deviations and categories, as plain data. */
  readonly fitted: readonly FittedFeature[];
  /**
   * The features of another graph's nodes, scaled as on the graph that was fitted. A category that was not seen there gets zeros in
   * all columns of its feature, an unseen member of a set is left out. A missing value of a feature that had none when fitting is
   * refused, unless its source says `missing: "indicator"` or `"zero"`.
   *
   * @throws DataError `not-a-graph`, and as {@link nodeFeatures}.
   */
  encode(graph: AbstractGraph): NodeFeatures;
}

/**
 * Node attributes as numbers, one row a node. Of each source, in the order given, become columns:
 *
 * - numbers: one, with the mean over all nodes subtracted and divided by the deviation;
 * - booleans: one of 0 and 1;
 * - strings: one a category (one-hot), categories sorted;
 * - lists of numbers: one a place, values as they are; all lists must be of one length;
 * - lists or `Set`s of strings: one a member (a bag of words), members sorted.
 *
 * Where a value is missing (undefined or null), the columns hold 0, which is the mean of a standardised number, and one more
 * column, `"… is missing"`, holds 1; it is there only if a value is missing. {@link FeatureSource} says how to choose otherwise.
 *
 * @throws DataError `not-a-graph`, `empty-graph`; `not-finite`, `wrong-type`, `mixed-types`, `wrong-length`, `index-out-of-range`,
 * `missing-value`, naming the node and the feature. OptionError `no-features`, `duplicate-feature`, `unknown-attribute` for an
 * attribute that no node has, `no-values` for a feature that is empty on every node, `unknown-option`, `out-of-range`,
 * `unused-option` for one that the kind of the feature does not read.
 */
export function nodeFeatures(graph: AbstractGraph, sources: readonly FeatureSource[]): NodeFeatures {
  checkGraph("nodeFeatures", graph);
  const features = readableFeatures(sources);
  const table = readTable(graph, features);
  const fitted = fit(graph, features, table);
  return { matrix: encode(fitted, table), columns: fitted.columns };
}

/**
 * Fits {@link nodeFeatures} on one graph, to apply the same conversion to others: the same columns in the same order, the same means
 * and deviations.
 *
 * @throws As {@link nodeFeatures}.
 */
export function featureEncoder(graph: AbstractGraph, sources: readonly FeatureSource[]): FeatureEncoder {
  checkGraph("featureEncoder", graph);
  const features = readableFeatures(sources);
  const table = readTable(graph, features);
  const fitted = fit(graph, features, table);
  // Values that cannot be encoded are refused here, not when the encoder is first used.
  encode(fitted, table);
  return {
    columns: fitted.columns,
    fitted: fitted.features.map(({ feature, missing, encoder }) => ({
      name: feature.name,
      attribute: feature.attribute,
      missing,
      columns: encoder.fitted,
    })),
    encode(other) {
      checkGraph("featureEncoder.encode", other);
      return { matrix: encode(fitted, readTable(other, features)), columns: fitted.columns };
    },
  };
}

/** The values of all features: `values[f][node]`, undefined where missing. */
interface FeatureTable {
  readonly nodes: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

function readTable(graph: AbstractGraph, features: readonly ReadableFeature[]): FeatureTable {
  const nodes: string[] = [];
  const values: unknown[][] = features.map(() => []);
  graph.forEachNode((node, attributes) => {
    nodes.push(node);
    for (const [f, { read }] of features.entries()) values[f]!.push(read(node, attributes) ?? undefined);
  });
  return { nodes, values };
}

interface EncodableFeature {
  readonly feature: ReadableFeature;
  readonly missing: FittedFeature["missing"];
  readonly encoder: ColumnEncoder<FittedColumns>;
  /** Number of its first column. */
  readonly offset: number;
}

interface EncodableFeatures {
  readonly features: readonly EncodableFeature[];
  readonly columns: readonly FeatureColumn[];
}

function fit(graph: AbstractGraph, readable: readonly ReadableFeature[], table: FeatureTable): EncodableFeatures {
  if (table.nodes.length === 0) {
    throw new DataError(
      "empty-graph",
      "node features: got a graph without nodes; expected at least one node to read from.",
    );
  }
  const features: EncodableFeature[] = [];
  const columns: FeatureColumn[] = [];
  for (const [f, feature] of readable.entries()) {
    const { name, attribute } = feature;
    const values = table.values[f]!;
    if (values.every((value) => value === undefined)) throw nothingToRead(graph, feature);
    const kind = feature.kind ?? inferKind({ name, nodes: table.nodes, values });
    checkKindOptions(feature, kind);
    const encoder = fitColumns(kind, { name, nodes: table.nodes, values }, feature);
    if (encoder.columns.length === 0) throw nothingToRead(graph, feature);
    const missing = feature.missing ?? (values.includes(undefined) ? "indicator" : "error");
    features.push({ feature, missing, encoder, offset: columns.length });
    for (const column of encoder.columns) columns.push({ ...column, feature: name, attribute, kind });
    if (missing === "indicator") {
      columns.push({ name: `${name} is missing`, feature: name, attribute, kind: "missing", category: undefined });
    }
  }
  return { features, columns };
}

function fitColumns(
  kind: FeatureKind,
  values: FeatureValues,
  { standardize, size }: ReadableFeature,
): ColumnEncoder<FittedColumns> {
  switch (kind) {
    case "number":
      return fitNumbers(values, standardize);
    case "vector":
      return fitVectors(values, standardize);
    case "boolean":
      return fitBooleans(values);
    case "category":
      return fitCategories(values);
    case "set":
      return fitSets(values, size);
  }
}

function encode({ features, columns }: EncodableFeatures, { nodes, values }: FeatureTable): FeatureMatrix {
  const rows = new RowBuilder(nodes.length);
  for (const [i, node] of nodes.entries()) {
    for (const [f, { feature, missing, encoder, offset }] of features.entries()) {
      const value = values[f]![i];
      if (value !== undefined) encoder.write(rows, offset, value, node);
      else if (missing === "indicator") rows.set(offset + encoder.columns.length, 1);
      else if (missing === "error") {
        throw valueError("missing-value", feature.name, node, value, {
          expected: "a value on every node",
          advice: 'Give the node one, or say `missing: "indicator"` or `"zero"` in the feature\'s source.',
        });
      }
    }
    rows.endRow();
  }
  return rows.matrix(columns.length);
}

function nothingToRead(graph: AbstractGraph, { name, attribute }: ReadableFeature): OptionError {
  const known = nodeAttributeNames(graph);
  if (attribute === undefined || known.includes(attribute)) {
    return new OptionError(
      "no-values",
      `node features: the feature "${name}" is empty on every node; expected a value on at least one. Leave the feature out.`,
    );
  }
  const listed = known.map((key) => `"${key}"`);
  return new OptionError(
    "unknown-attribute",
    `node features: no node has the attribute "${attribute}"; ` +
      `expected ${listed.length === 0 ? "an attribute, but the nodes have none" : `one of ${listed.join(", ")}`}. ` +
      "Correct the name, or set the attribute on the nodes.",
  );
}
