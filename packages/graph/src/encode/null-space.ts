import type { SymmetricAdjacency } from "./symmetric-adjacency.ts";

/** The eigenvectors of the Laplacian's eigenvalue 0: for each component one, `sqrt(degree)` on its nodes, 0 elsewhere, of length 1. */
export interface NullSpace {
  /** `[size]`: the number that each row has in the vector of its own component. */
  readonly values: Float64Array;
  /** `[components]`: the share of the sum of all degrees. */
  readonly shares: Float64Array;
}

export function nullSpace({ rootDegrees, componentOf, components }: SymmetricAdjacency): NullSpace {
  const volumes = new Float64Array(components);
  componentOf.forEach((component, row) => {
    volumes[component]! += rootDegrees[row]! ** 2;
  });
  const total = volumes.reduce((a, b) => a + b, 0);
  return {
    values: rootDegrees.map((root, row) => root / Math.sqrt(volumes[componentOf[row]!]!)),
    shares: volumes.map((volume) => volume / total),
  };
}

/**
 * Vectors of eigenvalue 0 that are orthogonal to the trivial one, `sqrt(degree)` on all nodes, and to each other: vector `k` is constant times
 * `sqrt(degree)` on component `k + 1` and, with the other sign, on all components before it.
 */
export function componentContrasts(
  { componentOf }: SymmetricAdjacency,
  space: NullSpace,
  count: number,
): Float64Array[] {
  const { values, shares } = space;
  let before = 0;
  return Array.from({ length: Math.min(count, shares.length - 1) }, (_, k) => {
    before += shares[k]!;
    const own = shares[k + 1]!;
    const length = Math.sqrt(before + own);
    const [ofOthers, ofOwn] = [Math.sqrt(own / before) / length, -Math.sqrt(before) / length];
    return values.map((value, row) => {
      const component = componentOf[row]!;
      if (component > k + 1) return 0;
      return value * (component === k + 1 ? ofOwn : ofOthers * Math.sqrt(shares[component]!));
    });
  });
}

/** Takes what lies in the null space out of each of the `width` vectors of `x`, `[size, width]`. */
export function projectOut(
  { componentOf }: SymmetricAdjacency,
  { values, shares }: NullSpace,
  x: Float64Array,
  width: number,
): void {
  const inside = new Float64Array(shares.length * width);
  for (let row = 0; row < values.length; row++) {
    const [at, from, value] = [componentOf[row]! * width, row * width, values[row]!];
    for (let k = 0; k < width; k++) inside[at + k]! += value * x[from + k]!;
  }
  for (let row = 0; row < values.length; row++) {
    const [at, from, value] = [componentOf[row]! * width, row * width, values[row]!];
    for (let k = 0; k < width; k++) x[from + k]! -= value * inside[at + k]!;
  }
}
