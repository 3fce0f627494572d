import type { DrawnAtoms } from "../molecule/drawn-atoms.ts";
import { cipOrder } from "./cip-order.ts";

/**
 * Orders what is bound to an atom of which two neighbors are alike but for configurations, by sequence rule 5 of Cahn, Ingold and Prelog: the one from which a
 * center named R is reached before one named S comes first. In tropan-3-ol that are the two bridgeheads, and the order tells endo from exo.
 *
 * @param chirality `[atoms]`: the centers that are named already.
 * @returns The neighbors in descending order; undefined when more than two are alike, or the two reach the same names at the same distances.
 */
export function dependentOrder(
  drawn: DrawnAtoms,
  classes: readonly number[],
  chirality: readonly ("R" | "S" | undefined)[],
  center: number,
  neighbors: readonly number[],
): number[] | undefined {
  const twins = neighbors.filter((atom) =>
    neighbors.some((other) => other !== atom && classes[other] === classes[atom]),
  );
  const [one, other] = twins;
  if (one === undefined || other === undefined || twins.length > 2) return undefined;
  const difference = compareNames(drawn, chirality, center, one, other);
  if (difference === 0) return undefined;
  const [higher, lower] = difference > 0 ? [one, other] : [other, one];
  const order = cipOrder(
    drawn,
    center,
    neighbors.filter((atom) => atom !== lower),
  );
  return order?.flatMap((atom) => (atom === higher ? [higher, lower] : [atom]));
}

/** Positive when R is reached from `one` where S is reached from `other`, at the smallest distance where the names differ. */
function compareNames(
  { bondStarts, neighborOf, degree }: DrawnAtoms,
  chirality: readonly ("R" | "S" | undefined)[],
  center: number,
  one: number,
  other: number,
): number {
  const sides = [one, other].map((atom) => ({ sphere: [atom], reached: new Set([center, atom]) }));
  for (let distance = 1; distance <= degree.length; distance++) {
    const [a, b] = sides.map(({ sphere }) => {
      const names = sphere.map((atom) => chirality[atom]);
      return names.filter((name) => name === "R").length - names.filter((name) => name === "S").length;
    });
    if (a !== b) return a! - b!;
    for (const side of sides) {
      const next: number[] = [];
      for (const atom of side.sphere) {
        for (const neighbor of neighborOf.slice(bondStarts[atom]!, bondStarts[atom + 1]!)) {
          if (side.reached.has(neighbor)) continue;
          side.reached.add(neighbor);
          next.push(neighbor);
        }
      }
      side.sphere = next;
    }
  }
  return 0;
}
