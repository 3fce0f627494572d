import { matMul, mul, scatterND, type Tensor, tensor, tensor1d, tensor2d, transpose } from "@tensorflow/tfjs-core";
import type { GatProblem } from "../epochs/gat-work.ts";
import { drawKept } from "./draw-kept.ts";
import { RowGroups } from "./tfjs-row-groups.ts";

/** The features times the first weights. */
export interface FeatureProduct {
  /**
   * @param weight - `[outputs, features]`.
   * @param dropout - The probability with which a feature is dropped.
   */
  multiply(weight: Tensor, dropout: number): Product;
}

/** What {@link FeatureProduct.multiply} gives. */
export interface Product {
  /** `[nodes, outputs]`. */
  readonly out: Tensor;
  /** From the gradient of `out` that of the weight. */
  backward(gradient: Tensor): Tensor;
}

/** Of as many numbers as a shape has: 0 for one that is dropped, or what those that stay are multiplied by. */
export function keptTensor(shape: readonly number[], probability: number): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return tensor(drawKept(length, probability), [...shape]);
}

/** Row of each stored feature. */
function rowsOfFeatures({ work, indices }: GatProblem): Uint32Array {
  const rows = new Uint32Array(indices.featureColumns.length);
  for (let node = 0; node < work.nodes; node++) {
    rows.fill(node, indices.featureOffsets[node]!, indices.featureOffsets[node + 1]!);
  }
  return rows;
}

/** The features with their zeros between. */
export class DenseFeatures implements FeatureProduct {
  readonly #values: Tensor;
  readonly #positions: Tensor;
  readonly #shape: [number, number];
  readonly #all: Tensor;

  constructor(problem: GatProblem) {
    const { nodes, features } = problem.work;
    const rows = rowsOfFeatures(problem);
    const positions = new Int32Array(2 * rows.length);
    for (const [p, row] of rows.entries()) positions.set([row, problem.indices.featureColumns[p]!], 2 * p);
    this.#values = tensor1d(problem.floats.featureValues);
    this.#positions = tensor2d(positions, [rows.length, 2], "int32");
    this.#shape = [nodes, features];
    this.#all = scatterND(this.#positions, this.#values, this.#shape);
  }

  multiply(weight: Tensor, dropout: number): Product {
    const x: Tensor =
      dropout === 0
        ? this.#all
        : scatterND(this.#positions, mul(this.#values, keptTensor(this.#values.shape, dropout)), this.#shape);
    return {
      out: matMul(x, transpose(weight)),
      backward: (gradient) => matMul(transpose(gradient), x),
    };
  }
}

/** The features that are not zero: each brings a row of the weights, and those of a node are added. */
export class SparseFeatures implements FeatureProduct {
  readonly #values: Tensor;
  readonly #rows: RowGroups;
  readonly #columns: RowGroups;

  constructor(problem: GatProblem) {
    const { floats, indices, work } = problem;
    this.#values = tensor2d(floats.featureValues, [floats.featureValues.length, 1]);
    this.#rows = new RowGroups(rowsOfFeatures(problem), work.nodes, "gatherND");
    this.#columns = new RowGroups(indices.featureColumns, work.features, "gatherND");
  }

  multiply(weight: Tensor, dropout: number): Product {
    const values = dropout === 0 ? this.#values : mul(this.#values, keptTensor(this.#values.shape, dropout));
    return {
      out: this.#rows.sumRows(mul(this.#columns.rowsOf(transpose(weight)), values)),
      backward: (gradient) => transpose(this.#columns.sumRows(mul(this.#rows.rowsOf(gradient), values))),
    };
  }
}
