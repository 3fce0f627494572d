import { DataError, Random } from "@vicinal/core";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { type Eigenpairs, noEigenpairs } from "./eigenpairs.ts";
import { type NullSpace, projectOut } from "./null-space.ts";
import { multiplyRows, type SymmetricAdjacency } from "./symmetric-adjacency.ts";

/** When an iterative method stops. */
export interface FilterOptions {
  /** The largest `|L v - lambda v| / lambda` that is left of any vector. */
  readonly tolerance: number;
  /** How often the block is filtered at most. */
  readonly maxIterations: number;
  /** First vectors are drawn from it. */
  readonly seed: number;
}

/** How much longer the last wanted vector gets in one filtering than what is unwanted: e^6. */
const GROWTH = 6;
/** How much longer the first vector may get than the last wanted one, e^16, before their difference in length drowns the shorter. */
const LARGEST_SPREAD = 16;
const LARGEST_DEGREE = 1500;

/** How many vectors are iterated for `count` that are wanted: the more, the farther the unwanted ones are from them. */
export function blockWidth(count: number): number {
  return count + Math.max(8, Math.ceil(count / 2));
}

/**
 * The `count` smallest eigenvalues of `L = I - S` beyond its null space, with their vectors, by subspace iteration with a Chebyshev filter (Zhou,
 * Saad, Tiago and Chelikowsky, "Self-consistent-field calculations using Chebyshev-filtered subspace iteration", Journal of Computational
 * Physics 219, 2006, section 3): a polynomial of S that is small on the unwanted part of the spectrum and grows fast outside of it is applied to a block of
 * vectors, whose span is then diagonalised (Rayleigh and Ritz). Equal eigenvalues are found as often as they occur, up to the width of the block.
 *
 * Takes memory of three blocks, and time in proportion to edges x width x the degrees of all polynomials, which grow as an eigenvalue gap
 * shrinks, with the inverse of its root.
 *
 * @throws DataError `not-converged`.
 */
export function filteredEigenpairs(
  adjacency: SymmetricAdjacency,
  space: NullSpace,
  count: number,
  { tolerance, maxIterations, seed }: FilterOptions,
): Eigenpairs {
  if (count === 0) return noEigenpairs;
  const width = Math.min(blockWidth(count), adjacency.size - adjacency.components);
  const random = new Random(seed);
  const block = new SubspaceBlock(adjacency, space, width, random);
  block.orthonormalize();
  block.diagonalize();
  let residual = Number.POSITIVE_INFINITY;
  for (let iterations = 0; iterations <= maxIterations; iterations++) {
    residual = block.largestResidual(count);
    if (residual <= tolerance) return { ...block.pairs(count), iterations };
    block.filter(count, iterations < 2 ? 20 : LARGEST_DEGREE);
    block.orthonormalize();
    block.diagonalize();
  }
  throw new DataError(
    "not-converged",
    `laplacianEncoding: after ${maxIterations} iterations the residual of an eigenvector is ${residual.toExponential(1)} of its eigenvalue; expected ` +
      `at most ${tolerance}. Allow more iterations or a larger tolerance, or ask for fewer eigenvectors.`,
  );
}

/** A block of vectors `[size, width]`, row after row, that is turned towards the wanted eigenvectors. */
class SubspaceBlock {
  readonly #adjacency: SymmetricAdjacency;
  readonly #space: NullSpace;
  readonly #width: number;
  readonly #random: Random;
  #x: Float64Array;
  /** `S x`, after {@link diagonalize}. */
  #sx: Float64Array;
  #spare: Float64Array;
  /** The eigenvalues of S that the vectors stand for, descending. */
  #ritz = new Float64Array(0);

  constructor(adjacency: SymmetricAdjacency, space: NullSpace, width: number, random: Random) {
    this.#adjacency = adjacency;
    this.#space = space;
    this.#width = width;
    this.#random = random;
    this.#x = new Float64Array(adjacency.size * width).map(() => random.normal());
    this.#sx = new Float64Array(this.#x.length);
    this.#spare = new Float64Array(this.#x.length);
  }

  /** `x = T_m((S - c) / e) x`, where c and e map the unwanted eigenvalues of S, from -1 to a little below the last of the block, to -1 … 1. */
  filter(count: number, largestDegree: number): void {
    const width = this.#width;
    const last = 1 - this.#ritz[width - 1]!;
    // Without the margin, a block that lies inside one large eigenspace would not be filtered at all.
    const edge = Math.max(-0.98, 1 - Math.max(1.01 * last, 1e-12));
    const [center, half] = [(edge - 1) / 2, (edge + 1) / 2];
    const rate = (ritz: number): number => Math.acosh(Math.max(1, (ritz - center) / half));
    const [first, wanted] = [rate(this.#ritz[0]!), rate(this.#ritz[count - 1]!)];
    const needed = wanted > 0 ? Math.ceil(GROWTH / wanted) : largestDegree;
    const safe = first > wanted ? Math.floor(LARGEST_SPREAD / (first - wanted)) : largestDegree;
    const degree = Math.max(3, Math.min(needed, safe, largestDegree));

    let [previous, current] = [this.#x, this.#sx];
    for (let k = 0; k < current.length; k++) current[k] = (current[k]! - center * previous[k]!) / half;
    const recurrence = { scale: 2 / half, shift: (-2 * center) / half, keep: -1 };
    for (let m = 2; m <= degree; m++) {
      multiplyRows(this.#adjacency, current, previous, width, recurrence);
      [previous, current] = [current, previous];
    }
    [this.#x, this.#sx] = [current, previous];
  }

  /** Makes the vectors orthogonal to the null space and to each other, of length 1 (Gram and Schmidt, twice). */
  orthonormalize(): void {
    const { size } = this.#adjacency;
    const width = this.#width;
    const x = this.#x;
    projectOut(this.#adjacency, this.#space, x, width);
    const overlaps = new Float64Array(width);
    for (let k = 0; k < width; k++) {
      scaleColumn(x, width, k);
      for (let pass = 0; pass < 2; pass++) {
        overlaps.fill(0);
        for (let at = 0; at < size * width; at += width) {
          for (let j = 0; j < k; j++) overlaps[j]! += x[at + j]! * x[at + k]!;
        }
        for (let at = 0; at < size * width; at += width) {
          for (let j = 0; j < k; j++) x[at + k]! -= overlaps[j]! * x[at + j]!;
        }
        if (scaleColumn(x, width, k) < 1e-8) {
          // It lay within the others: another one is drawn, and made orthogonal in its turn.
          for (let at = 0; at < size * width; at += width) x[at + k] = this.#random.normal();
          projectOut(this.#adjacency, this.#space, x, width);
          scaleColumn(x, width, k);
          pass = -1;
        }
      }
    }
  }

  /** Turns the vectors within their span so that each stands for one eigenvalue. */
  diagonalize(): void {
    const { size } = this.#adjacency;
    const width = this.#width;
    multiplyRows(this.#adjacency, this.#x, this.#sx, width);
    const projected = Matrix.zeros(width, width);
    const sums = new Float64Array(width * width);
    for (let at = 0; at < size * width; at += width) {
      for (let j = 0; j < width; j++) {
        const value = this.#x[at + j]!;
        for (let k = j; k < width; k++) sums[j * width + k]! += value * this.#sx[at + k]!;
      }
    }
    for (let j = 0; j < width; j++) {
      for (let k = j; k < width; k++) {
        projected.set(j, k, sums[j * width + k]!);
        projected.set(k, j, sums[j * width + k]!);
      }
    }
    const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(projected, { assumeSymmetric: true });
    const order = [...realEigenvalues.keys()].sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
    this.#ritz = Float64Array.from(order, (column) => realEigenvalues[column]!);
    const rotation = Float64Array.from({ length: width * width }, (_, k) =>
      eigenvectorMatrix.get(Math.floor(k / width), order[k % width]!),
    );
    this.#x = this.#rotated(this.#x, rotation);
    this.#sx = this.#rotated(this.#sx, rotation);
  }

  /** The largest `|L v - lambda v| / lambda` of the first `count` vectors. */
  largestResidual(count: number): number {
    const width = this.#width;
    const squares = new Float64Array(count);
    for (let at = 0; at < this.#x.length; at += width) {
      for (let k = 0; k < count; k++) squares[k]! += (this.#sx[at + k]! - this.#ritz[k]! * this.#x[at + k]!) ** 2;
    }
    let largest = 0;
    for (let k = 0; k < count; k++) {
      const eigenvalue = Math.max(1e-12, 1 - this.#ritz[k]!);
      largest = Math.max(largest, Math.sqrt(squares[k]!) / eigenvalue);
    }
    return largest;
  }

  /** The first `count` vectors with their eigenvalues of L. */
  pairs(count: number): Pick<Eigenpairs, "eigenvalues" | "vectors"> {
    const width = this.#width;
    const { size } = this.#adjacency;
    return {
      eigenvalues: this.#ritz.slice(0, count).map((ritz) => 1 - ritz),
      vectors: Array.from({ length: count }, (_, k) =>
        Float64Array.from({ length: size }, (_, row) => this.#x[row * width + k]!),
      ),
    };
  }

  /** `block * rotation`, in place of the spare block, which the block given becomes. */
  #rotated(block: Float64Array, rotation: Float64Array): Float64Array {
    const width = this.#width;
    const result = this.#spare.fill(0);
    for (let at = 0; at < block.length; at += width) {
      for (let j = 0; j < width; j++) {
        const [value, from] = [block[at + j]!, j * width];
        for (let k = 0; k < width; k++) result[at + k]! += value * rotation[from + k]!;
      }
    }
    this.#spare = block;
    return result;
  }
}

/** Divides one column by its length, which it returns; one of zeros stays. */
function scaleColumn(x: Float64Array, width: number, column: number): number {
  let square = 0;
  for (let at = column; at < x.length; at += width) square += x[at]! ** 2;
  const length = Math.sqrt(square);
  if (length > 0) for (let at = column; at < x.length; at += width) x[at]! /= length;
  return length;
}
