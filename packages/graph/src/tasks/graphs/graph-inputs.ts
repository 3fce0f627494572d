import { DataError, type DenseMatrix, type Engine, type FeatureMatrix, tensor } from "@vicinal/core";
import type { GraphBatch } from "../../batch/graph-batch.ts";
import type { GraphCollection } from "../../batch/graph-collection.ts";
import { featureTensor } from "../../convert/feature-tensor.ts";
import type { GraphInputs } from "../../models/graph-model.ts";

/** Widths of what a model of graphs reads. */
export interface GraphWidths {
  /** Of the nodes: features and encodings side by side; 2 where graphs have neither. */
  readonly inputs: number;
  /** Of the edges; undefined without features. */
  readonly edgeDim: number | undefined;
}

/** Sparse features of at most so many columns become dense: the nodes of a batch are few, and not every network reads sparse ones. */
const mostDenseColumns = 1024;

/** What is known of a node that comes without features and encodings: that it is there, and how many neighbors it has. */
const structureWidth = 2;

/** Widths of what {@link graphInputs} makes of a collection's batches. */
export function widthsOf({ featureWidth, encodingWidth, edgeFeatureWidth }: GraphCollection): GraphWidths {
  const isBare = featureWidth === undefined && encodingWidth === undefined;
  return {
    inputs: isBare ? structureWidth : (featureWidth ?? 0) + (encodingWidth ?? 0),
    edgeDim: edgeFeatureWidth,
  };
}

/**
 * Refuses graphs that a model of other widths cannot read.
 *
 * @throws DataError `mixed-widths`.
 */
export function checkWidths(where: string, collection: GraphCollection, expected: GraphWidths): void {
  const { inputs, edgeDim } = widthsOf(collection);
  if (inputs === expected.inputs && edgeDim === expected.edgeDim) return;
  const words = (widths: GraphWidths): string =>
    `nodes of width ${widths.inputs} and edges ${widths.edgeDim === undefined ? "without features" : `of width ${widths.edgeDim}`}`;
  throw new DataError(
    "mixed-widths",
    `${where}: got ${words({ inputs, edgeDim })}; expected ${words(expected)}, as in training. Convert graphs with the encoder of those that were trained on.`,
  );
}

/**
 * A batch as tensors: features and encodings side by side. Nodes that have neither are known by a one and the logarithm of one plus their count of
 * neighbors.
 */
export function graphInputs(batch: GraphBatch, engine?: Engine): GraphInputs {
  const { neighborhood, graphs, graphOf, edgeFeatures } = batch;
  return {
    graphs,
    graphOf,
    neighborhood,
    x: featureTensor(nodeMatrix(batch), { engine }),
    edgeFeatures: edgeFeatures && tensor(edgeFeatures.values, [edgeFeatures.rows, edgeFeatures.columns], { engine }),
  };
}

function nodeMatrix(batch: GraphBatch): FeatureMatrix {
  const { features, encodings } = batch;
  if (features === undefined) return encodings ?? structureOf(batch);
  if (encodings !== undefined) return sideBySide(features, encodings);
  const isWide = features.columns > mostDenseColumns;
  return features.kind === "dense" || isWide ? features : sideBySide(features, undefined);
}

function structureOf({ neighborhood: { receivers, offsets } }: GraphBatch): DenseMatrix {
  const values = new Float32Array(receivers * structureWidth);
  for (let i = 0; i < receivers; i++) {
    values[structureWidth * i] = 1;
    values[structureWidth * i + 1] = Math.log1p(offsets[i + 1]! - offsets[i]!);
  }
  return { kind: "dense", rows: receivers, columns: structureWidth, values };
}

function sideBySide(features: FeatureMatrix, encodings: DenseMatrix | undefined): DenseMatrix {
  const { rows } = features;
  const columns = features.columns + (encodings?.columns ?? 0);
  const values = new Float32Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    copyRow(features, r, values, r * columns);
    if (encodings !== undefined) copyRow(encodings, r, values, r * columns + features.columns);
  }
  return { kind: "dense", rows, columns, values };
}

function copyRow(matrix: FeatureMatrix, row: number, into: Float32Array, at: number): void {
  if (matrix.kind === "dense") {
    into.set(matrix.values.subarray(row * matrix.columns, (row + 1) * matrix.columns), at);
    return;
  }
  const { indptr, indices, values } = matrix;
  for (let p = indptr[row]!; p < indptr[row + 1]!; p++) into[at + indices[p]!] = values?.[p] ?? 1;
}
