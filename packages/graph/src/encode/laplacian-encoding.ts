import { checkOptionNames, type DenseMatrix, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import { denseEigenpairs } from "./dense-eigenvectors.ts";
import type { Eigenpairs } from "./eigenpairs.ts";
import { blockWidth, filteredEigenpairs } from "./filtered-subspace.ts";
import { assignRows, checkWhole, type GraphSource, squareNeighborhood } from "./graph-source.ts";
import { componentContrasts, nullSpace } from "./null-space.ts";
import { type SymmetricAdjacency, symmetricAdjacency } from "./symmetric-adjacency.ts";

/** Options of {@link laplacianEncoding}. */
export interface LaplacianEncodingOptions {
  /** Count of eigenvectors, the columns. */
  readonly count: number;
  /**
   * How they are computed: by a decomposition of the dense matrix, whose time grows with the cube of the nodes (half a second for 300, a
   * minute and more for 2,000), or by iteration. Default `"dense"` up to 300 nodes, `"iterative"` beyond.
   */
  readonly method?: "dense" | "iterative";
  /** Iteration ends when `|L v - lambda v|` is at most this times `lambda` for each vector. Default 1e-5. */
  readonly tolerance?: number;
  /** How often the iteration filters its vectors at most. Default 200. */
  readonly maxIterations?: number;
  /** Of the vectors that the iteration starts from. What it finds does not depend on it but for rounding and for equal eigenvalues. Default 0. */
  readonly seed?: number;
}

/** Options of {@link laplacianEncoding.assign}. */
export interface AssignLaplacianEncodingOptions extends LaplacianEncodingOptions {
  /** The node attribute to write to. Default `"laplacianEncoding"`. */
  readonly nodeEncodingAttribute?: string;
}

/** A {@link laplacianEncoding} with what belongs to it. */
export interface LaplacianEncoding {
  /** `[nodes, count]`. */
  readonly matrix: DenseMatrix;
  /** The eigenvalue of each column, ascending; fewer than columns where a small graph has no more, and the columns beyond are zeros. */
  readonly eigenvalues: Float64Array;
  /** How they were computed; `"none"` for a graph without edges between different nodes. */
  readonly method: "dense" | "iterative" | "none";
  /** How often the iteration filtered its vectors. */
  readonly iterations: number;
}

const optionNames = ["count", "method", "tolerance", "maxIterations", "seed"];

/** Nodes up to which the dense decomposition is the faster. */
const DENSE_NODES = 300;

/**
 * Where each node stands in its graph: the eigenvectors of the symmetric normalized Laplacian `L = I - D^-1/2 A D^-1/2` with the smallest eigenvalues
 * but the trivial one (Dwivedi et al., "Benchmarking Graph Neural Networks", 2020; after Belkin and Niyogi, 2003).
 * `[nodes, count]`, each column of length 1, eigenvalues ascending. As PyTorch Geometric's `AddLaplacianEigenvectorPE`, with what is left open there
 * settled:
 *
 * - Self-loops do not count, parallel edges count each. Edges with a direction count half in either: `A` is the mean of the matrix and its transpose.
 * - Dropped is the trivial vector, the root of the degrees. A graph of several components has the eigenvalue 0 once for each: the vectors of these
 *   beyond the trivial one come first, and contrast a component with all larger ones. They say which component, not where in it.
 * - A node without neighbors gets zeros and has no eigenvector of its own, in PyTorch Geometric one of the eigenvalue 1.
 * - Columns that a small graph has no eigenvectors for are zeros.
 * - The sign of a vector means nothing. Here its largest number is positive, the first of equal ones; training flips signs at random, `flipSigns`. Of
 *   equal eigenvalues any turned set of vectors is as good: which one comes out depends on the method.
 *
 * For a batch, encode each graph before batching: the union of graphs has other eigenvectors.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; ShapeError `shapes-differ`, DataError `not-a-graph`, and `not-converged` when the iteration
 * does not reach its tolerance.
 */
export function laplacianEncoding(of: GraphSource, options: LaplacianEncodingOptions): DenseMatrix {
  return laplacianEncoding.detailed(of, options).matrix;
}

/** {@link laplacianEncoding} with the eigenvalues, and how they were found. */
laplacianEncoding.detailed = (of: GraphSource, options: LaplacianEncodingOptions): LaplacianEncoding => {
  const where = "laplacianEncoding";
  checkOptions(where, options);
  const neighborhood = squareNeighborhood(where, of);
  const { count } = options;
  const adjacency = symmetricAdjacency(neighborhood);
  const { eigenvalues, vectors, iterations, method } = smallestEigenpairs(adjacency, options);
  const values = new Float32Array(neighborhood.receivers * count);
  for (const [column, vector] of vectors.entries()) {
    const isNegative = pointsDown(vector);
    vector.forEach((value, row) => {
      values[adjacency.nodeOf[row]! * count + column] = isNegative ? 0 - value : value;
    });
  }
  return {
    matrix: { kind: "dense", rows: neighborhood.receivers, columns: count, values },
    eigenvalues,
    method,
    iterations,
  };
};

/** {@link laplacianEncoding}, writing the numbers of each node to an attribute, as an array. */
laplacianEncoding.assign = (graph: AbstractGraph, options: AssignLaplacianEncodingOptions): void => {
  checkGraph("laplacianEncoding.assign", graph);
  checkOptionNames("laplacianEncoding.assign", options, [...optionNames, "nodeEncodingAttribute"]);
  const { nodeEncodingAttribute = "laplacianEncoding", ...rest } = options;
  assignRows("laplacianEncoding.assign", graph, nodeEncodingAttribute, laplacianEncoding(graph, rest));
};

function checkOptions(where: string, options: LaplacianEncodingOptions): void {
  checkOptionNames(where, options, optionNames);
  const { count, method, tolerance = 1e-5, maxIterations = 200, seed = 0 } = options;
  checkWhole(where, "the count", count);
  checkWhole(where, "maxIterations", maxIterations);
  checkWhole(where, "the seed", seed, 0);
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new OptionError(
      "out-of-range",
      `${where}: got the tolerance ${tolerance}; expected a number between 0 and 1.`,
    );
  }
  if (method !== undefined && method !== "dense" && method !== "iterative") {
    throw new OptionError(
      "out-of-range",
      `${where}: got the method ${JSON.stringify(method)}; expected "dense" or "iterative".`,
    );
  }
}

/** The vectors of eigenvalue 0 without the trivial one, then those of the smallest others. */
function smallestEigenpairs(
  adjacency: SymmetricAdjacency,
  { count, method, tolerance = 1e-5, maxIterations = 200, seed = 0 }: LaplacianEncodingOptions,
): Eigenpairs & { readonly method: LaplacianEncoding["method"] } {
  const { size, components } = adjacency;
  if (size === 0) return { eigenvalues: new Float64Array(0), vectors: [], iterations: 0, method: "none" };
  const space = nullSpace(adjacency);
  const contrasts = componentContrasts(adjacency, space, count);
  const wanted = Math.min(count - contrasts.length, size - components);
  // A block of half of all vectors is no smaller problem than all of them.
  const isSmall = size <= DENSE_NODES || 2 * blockWidth(wanted) > size;
  const chosen = method ?? (isSmall ? "dense" : "iterative");
  const found =
    chosen === "dense"
      ? denseEigenpairs(adjacency, space, wanted)
      : filteredEigenpairs(adjacency, space, wanted, { tolerance, maxIterations, seed });
  return {
    eigenvalues: Float64Array.of(...contrasts.map(() => 0), ...found.eigenvalues),
    vectors: [...contrasts, ...found.vectors],
    iterations: found.iterations,
    method: chosen,
  };
}

/** Whether the largest number is negative, the first of those that are as large but for rounding. */
function pointsDown(vector: Float64Array): boolean {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const decisive = vector.find((value) => Math.abs(value) >= (1 - 1e-4) * largest) ?? 0;
  return decisive < 0;
}
