import type { SpelledAtom } from "./smiles-atoms.ts";

/** A bond as a SMILES spells it. */
export interface SpelledBond {
  /** Number of the atom that is written first. */
  readonly from: number;
  readonly to: number;
  /** `""` when no symbol is written, else `-`, `=`, `#`, `$`, `:`, `/` or `\`. */
  readonly symbol: string;
  /** Where a symbol stands, or would stand: before the second atom, or before the number that opens a ring. A ring may have it at both of its numbers. */
  readonly places: readonly number[];
}

/**
 * The bonds of a SMILES whose atoms are known, rings included. Meant for text that openchemlib could read: what breaks the grammar gives fewer bonds.
 */
export function smilesBonds(smiles: string, atoms: readonly SpelledAtom[]): SpelledBond[] {
  const bonds: SpelledBond[] = [];
  const branches: (number | undefined)[] = [];
  const openRings = new Map<number, { atom: number; symbol: string; place: number }>();
  const startsAt = new Map(atoms.map((atom, number) => [atom.start, number] as const));
  let previous: number | undefined;
  let symbol = "";
  let place = 0;
  while (place < smiles.length) {
    const atom = startsAt.get(place);
    if (atom !== undefined) {
      if (previous !== undefined) bonds.push({ from: previous, to: atom, symbol, places: [place - symbol.length] });
      previous = atom;
      symbol = "";
      place = atoms[atom]!.end;
      continue;
    }
    const character = smiles[place]!;
    const ring = /^(?:%\((\d+)\)|%(\d\d)|(\d))/.exec(smiles.slice(place, place + 8));
    if (ring !== null && previous !== undefined) {
      const number = Number(ring[1] ?? ring[2] ?? ring[3]);
      const opened = openRings.get(number);
      if (opened === undefined) openRings.set(number, { atom: previous, symbol, place: place - symbol.length });
      else {
        openRings.delete(number);
        const ends = [opened, { symbol, place: place - symbol.length }];
        const written = ends.filter((end) => end.symbol !== "");
        bonds.push({
          from: opened.atom,
          to: previous,
          symbol: written[0]?.symbol ?? "",
          places: (written.length === 0 ? [opened] : written).map((end) => end.place),
        });
      }
      symbol = "";
    } else if (character === "(") branches.push(previous);
    else if (character === ")") previous = branches.pop();
    else if (character === ".") previous = undefined;
    else symbol = character;
    place += ring?.[0].length ?? 1;
  }
  return bonds;
}
