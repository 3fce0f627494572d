import type { FeatureMatrix } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "./check-graph.ts";
import type { FittedBooleans } from "./columns/booleans.ts";
import type { FittedCategories } from "./columns/categories.ts";
import type { ColumnEncoder } from "./columns/column-encoder.ts";
import type { FeatureKind } from "./columns/feature-kind.ts";
import { valueError } from "./columns/feature-values.ts";
import type { FittedNumbers } from "./columns/numbers.ts";
import { RowBuilder } from "./columns/row-builder.ts";
import type { FittedSets } from "./columns/sets.ts";
import type { ReadableFeature } from "./feature-source.ts";

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
   * @throws DataError `not-a-graph`, and as `nodeFeatures`.
   */
  encode(graph: AbstractGraph): NodeFeatures;
}

/** The values of all features: `values[f][node]`, undefined where missing. */
export interface FeatureTable {
  readonly nodes: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** Reads the values of features from the nodes of a graph. */
export function readTable(graph: AbstractGraph, features: readonly Pick<ReadableFeature, "read">[]): FeatureTable {
  const nodes: string[] = [];
  const values: unknown[][] = features.map(() => []);
  graph.forEachNode((node, attributes) => {
    nodes.push(node);
    for (const [f, { read }] of features.entries()) values[f]!.push(read(node, attributes) ?? undefined);
  });
  return { nodes, values };
}

/** A feature with what its values become. */
export interface EncodableFeature {
  /** How it is read. */
  readonly feature: Pick<ReadableFeature, "name" | "attribute" | "read">;
  readonly missing: FittedFeature["missing"];
  readonly encoder: ColumnEncoder<FittedColumns>;
  /** Number of its first column. */
  readonly offset: number;
}

/** Features with the columns of all of them. */
export interface EncodableFeatures {
  readonly features: readonly EncodableFeature[];
  readonly columns: readonly FeatureColumn[];
}

/** Puts the columns of features side by side. */
export function encodableFeatures(given: readonly Omit<EncodableFeature, "offset">[]): EncodableFeatures {
  const features: EncodableFeature[] = [];
  const columns: FeatureColumn[] = [];
  for (const each of given) {
    const { feature, missing, encoder } = each;
    const { name, attribute } = feature;
    features.push({ ...each, offset: columns.length });
    for (const column of encoder.columns) {
      columns.push({ ...column, feature: name, attribute, kind: encoder.fitted.kind });
    }
    if (missing === "indicator") {
      columns.push({ name: `${name} is missing`, feature: name, attribute, kind: "missing", category: undefined });
    }
  }
  return { features, columns };
}

/** The encoder of features that were fitted. */
export function encoderOf(fitted: EncodableFeatures): FeatureEncoder {
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
      const table = readTable(
        other,
        fitted.features.map(({ feature }) => feature),
      );
      return { matrix: encode(fitted, table), columns: fitted.columns };
    },
  };
}

/** The columns of all features, one row a node. */
export function encode({ features, columns }: EncodableFeatures, { nodes, values }: FeatureTable): FeatureMatrix {
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
