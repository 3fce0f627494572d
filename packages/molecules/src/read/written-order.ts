import type { Molecule as Toolkit } from "openchemlib";
import type { SpelledAtom } from "./smiles-atoms.ts";

/**
 * openchemlib's number of each atom, in the order of the text. openchemlib swaps each hydrogen that it can fold with the last atom that is none, so that
 * they stand at the end; the same swaps give the order back. Where the text alone does not tell which hydrogens these are, such as beside H₂, the order is
 * openchemlib's.
 */
export function writtenOrder(toolkit: Toolkit, spelled: readonly SpelledAtom[]): number[] {
  const order = spelled.map((_, number) => number);
  const folded = spelled.length - toolkit.getAtoms();
  if (folded <= 0) return order;
  const foldable = spelled.map(({ symbol, start, end }) => symbol === "H" && end - start === "[H]".length);
  if (foldable.filter(Boolean).length !== folded) return order;
  const written = [...order];
  let last = spelled.length - 1;
  while (foldable[written[last]!] === true) last--;
  for (let number = 0; number < last; number++) {
    if (foldable[written[number]!] !== true) continue;
    [written[number], written[last]] = [written[last]!, written[number]!];
    while (foldable[written[last]!] === true) last--;
  }
  for (const [number, atom] of written.entries()) order[atom] = number;
  return order;
}
