import type { DrawnAtoms } from "../molecule/drawn-atoms.ts";

const [carbon, nitrogen, silicon, phosphorus, sulfur, germanium, arsenic, selenium] = [6, 7, 14, 15, 16, 32, 33, 34];

/**
 * Whether an atom is a center of chirality if its neighbors differ: a tetrahedral atom with four neighbors, of which one may be a hydrogen or a lone pair.
 * A lone pair holds its place on sulfur, selenium, phosphorus and arsenic; on nitrogen it does not.
 */
export function isTetrahedral(
  { atomicNumber, charge, hydrogens, degree, bondOrders, radicalElectrons }: DrawnAtoms,
  atom: number,
): boolean {
  const neighbors = degree[atom]! + hydrogens[atom]!;
  if (hydrogens[atom]! > 1 || degree[atom]! < 3 || neighbors > 4 || radicalElectrons[atom]! > 0) return false;
  const beyondSingle = bondOrders[atom]! - degree[atom]!;
  switch (atomicNumber[atom]) {
    case carbon:
    case silicon:
    case germanium:
      return neighbors === 4 && beyondSingle === 0;
    case nitrogen:
      return neighbors === 4 && charge[atom] === 1;
    case phosphorus:
    case arsenic:
      return neighbors === 4 ? beyondSingle <= 1 : beyondSingle === 0;
    case sulfur:
    case selenium:
      return neighbors === 3 ? beyondSingle === 1 || charge[atom] === 1 : beyondSingle === 2;
    default:
      return false;
  }
}
