import { DataError, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { nodeAttributeNames } from "./attribute-names.ts";
import { checkGraph } from "./check-graph.ts";
import { booleanColumns } from "./columns/booleans.ts";
import { fitCategories } from "./columns/categories.ts";
import type { ColumnEncoder } from "./columns/column-encoder.ts";
import { type FeatureKind, inferKind } from "./columns/feature-kind.ts";
import type { FeatureValues } from "./columns/feature-values.ts";
import { fitNumbers, fitVectors } from "./columns/numbers.ts";
import { fitSets } from "./columns/sets.ts";
import {
  type EncodableFeatures,
  encodableFeatures,
  encode,
  encoderOf,
  type FeatureEncoder,
  type FeatureTable,
  type FittedColumns,
  type NodeFeatures,
  readTable,
} from "./encodable-features.ts";
import { checkKindOptions, type FeatureSource, type ReadableFeature, readableFeatures } from "./feature-source.ts";

export type {
  FeatureColumn,
  FeatureEncoder,
  FittedColumns,
  FittedFeature,
  NodeFeatures,
} from "./encodable-features.ts";
export type { FeatureSource };

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
  return encoderOf(fitted);
}

function fit(graph: AbstractGraph, readable: readonly ReadableFeature[], table: FeatureTable): EncodableFeatures {
  if (table.nodes.length === 0) {
    throw new DataError(
      "empty-graph",
      "node features: got a graph without nodes; expected at least one node to read from.",
    );
  }
  return encodableFeatures(
    readable.map((feature, f) => {
      const { name } = feature;
      const values = table.values[f]!;
      if (values.every((value) => value === undefined)) throw nothingToRead(graph, feature);
      const kind = feature.kind ?? inferKind({ name, nodes: table.nodes, values });
      checkKindOptions(feature, kind);
      const encoder = fitColumns(kind, { name, nodes: table.nodes, values }, feature);
      if (encoder.columns.length === 0) throw nothingToRead(graph, feature);
      return { feature, missing: feature.missing ?? (values.includes(undefined) ? "indicator" : "error"), encoder };
    }),
  );
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
      return booleanColumns(values.name);
    case "category":
      return fitCategories(values);
    case "set":
      return fitSets(values, size);
  }
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
