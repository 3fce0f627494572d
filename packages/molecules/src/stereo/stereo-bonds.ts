import type { DrawnAtoms } from "../molecule/drawn-atoms.ts";

const [carbon, nitrogen] = [6, 7];
/** A double bond in a smaller ring has one arrangement only. */
const smallestRingWithBoth = 8;

/**
 * What has to differ for a bond to have two arrangements: the atoms that each end holds, where it holds two. Undefined for a bond that has one
 * arrangement in any case, because it is not a double bond of carbon or nitrogen, is part of a small ring, or holds two hydrogens at an end.
 */
export function arrangedPairs(drawn: DrawnAtoms, bond: number): readonly number[] | undefined {
  const { order, aromaticBond, bondRingSize, source, target, atomicNumber } = drawn;
  if (order[bond] !== 2 || aromaticBond[bond] === 1) return undefined;
  if (!holds(atomicNumber[source[bond]!]) || !holds(atomicNumber[target[bond]!])) return undefined;
  if (bondRingSize[bond]! > 0 && bondRingSize[bond]! < smallestRingWithBoth) return undefined;
  const atSource = heldBy(drawn, source[bond]!, bond);
  const atTarget = atSource && heldBy(drawn, target[bond]!, bond);
  if (atSource === undefined || atTarget === undefined) return undefined;
  return [...(atSource.length === 2 ? atSource : []), ...(atTarget.length === 2 ? atTarget : [])];
}

function holds(element: number | undefined): boolean {
  return element === carbon || element === nitrogen;
}

/** The one or two atoms that an end of a double bond holds; undefined where it cannot have two arrangements. */
function heldBy(drawn: DrawnAtoms, atom: number, bond: number): readonly number[] | undefined {
  const { degree, hydrogens, bondStarts, bondOf, neighborOf, order } = drawn;
  const others: number[] = [];
  for (let p = bondStarts[atom]!; p < bondStarts[atom + 1]!; p++) {
    if (bondOf[p] === bond) continue;
    if (order[bondOf[p]!] !== 1) return undefined;
    others.push(neighborOf[p]!);
  }
  // One atom may face a hydrogen, or on nitrogen a lone pair.
  return others.length >= 1 && others.length <= 2 && degree[atom]! + hydrogens[atom]! <= 3 ? others : undefined;
}
