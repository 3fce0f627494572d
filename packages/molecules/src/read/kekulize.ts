import { type SpelledAtom, smilesAtoms } from "./smiles-atoms.ts";
import { type SpelledBond, smilesBonds } from "./smiles-bonds.ts";
import { Unreadable } from "./unreadable.ts";

/** The usual valences of the elements that can be written in lower case, neutral; a charge moves an atom to the column of its neighbor. */
const valences: Readonly<Record<string, readonly number[]>> = {
  b: [3],
  c: [4],
  si: [4],
  n: [3, 5],
  p: [3, 5],
  as: [3, 5],
  o: [2],
  s: [2, 4, 6],
  se: [2, 4, 6],
  te: [2, 4, 6],
};

/** What a charge adds to a valence: an electron pair of a donor becomes a bond, or a bond of an acceptor is lost. */
const chargeEffect: Readonly<Record<string, (charge: number) => number>> = {
  b: (charge) => -charge,
  c: (charge) => -Math.abs(charge),
  si: (charge) => -Math.abs(charge),
};

/**
 * A SMILES without aromatic atoms: upper-case symbols, and double bonds found by a perfect matching of the atoms that need one. openchemlib does this
 * itself for most molecules; it gives up on tellurophenes and borinines, and puts radicals into some large fused systems such as porphyrins.
 *
 * @throws Unreadable `not-kekulizable` where there is no perfect matching.
 */
export function kekulize(smiles: string): string {
  const { atoms } = smilesAtoms(smiles);
  const bonds = smilesBonds(smiles, atoms);
  const aromatic = atoms.map(({ symbol }) => symbol === symbol.toLowerCase());
  const candidates = bonds.filter(
    (bond) =>
      aromatic[bond.from] &&
      aromatic[bond.to] &&
      (bond.symbol === "" || bond.symbol === ":") &&
      inRing(bond, bonds, atoms.length),
  );
  const needs = atoms.map((atom, number) => aromatic[number] === true && needsDoubleBond(smiles, atom, number, bonds));
  const doubled = matching(needs, candidates);
  if (doubled === undefined) {
    throw new Unreadable(
      "not-kekulizable",
      "its lower-case (aromatic) atoms cannot be given alternating single and double bonds; a nitrogen may lack its hydrogen, as in [nH]",
    );
  }
  const edits = new Map<number, { until: number; text: string }>();
  for (const bond of bonds) {
    if (!doubled.has(bond) && bond.symbol !== ":") continue;
    for (const [k, place] of bond.places.entries()) {
      edits.set(place, { until: place + bond.symbol.length, text: k === 0 && doubled.has(bond) ? "=" : "" });
    }
  }
  let kekulized = "";
  let place = 0;
  const symbolAt = new Map(
    atoms.flatMap((atom, number) =>
      aromatic[number] ? [[smiles.indexOf(atom.symbol, atom.start), atom] as const] : [],
    ),
  );
  while (place < smiles.length) {
    const edit = edits.get(place);
    if (edit !== undefined) {
      kekulized += edit.text;
      edits.delete(place);
      place = edit.until;
      continue;
    }
    const atom = symbolAt.get(place);
    const text = atom === undefined ? smiles[place]! : atom.symbol[0]!.toUpperCase() + atom.symbol.slice(1);
    kekulized += text;
    place += text.length;
  }
  return kekulized;
}

/** Whether an aromatic atom has a bond left for a double bond within its ring, after its single bonds and hydrogens. */
function needsDoubleBond(smiles: string, atom: SpelledAtom, number: number, bonds: readonly SpelledBond[]): boolean {
  const text = smiles.slice(atom.start, atom.end);
  const hydrogens = atom.bracket ? /H(\d*)/.exec(text) : null;
  const sign = atom.bracket ? /([+-]+)(\d*)/.exec(text) : null;
  const charge =
    sign === null ? 0 : (sign[1]![0] === "+" ? 1 : -1) * (sign[2] === "" ? sign[1]!.length : Number(sign[2]));
  let taken = hydrogens === null ? 0 : Number(hydrogens[1] || 1);
  for (const bond of bonds) {
    if (bond.from === number || bond.to === number) taken += bond.symbol === "=" ? 2 : bond.symbol === "#" ? 3 : 1;
  }
  const usual = valences[atom.symbol] ?? [];
  const effect = chargeEffect[atom.symbol]?.(charge) ?? charge;
  const valence = usual.map((each) => each + effect).find((each) => each >= taken);
  return valence !== undefined && valence > taken;
}

function inRing(bond: SpelledBond, bonds: readonly SpelledBond[], atoms: number): boolean {
  const reached = new Uint8Array(atoms);
  const queue = [bond.from];
  reached[bond.from] = 1;
  for (const atom of queue) {
    for (const other of bonds) {
      if (other === bond) continue;
      const next = other.from === atom ? other.to : other.to === atom ? other.from : undefined;
      if (next === undefined || reached[next] === 1) continue;
      reached[next] = 1;
      queue.push(next);
    }
  }
  return reached[bond.to] === 1;
}

/**
 * Bonds such that each atom that needs one has exactly one, and no other atom any; undefined when there is no such choice. The atom with the fewest
 * choices is always decided next, so that in molecules hardly any choice has to be taken back.
 */
function matching(needs: readonly boolean[], bonds: readonly SpelledBond[]): ReadonlySet<SpelledBond> | undefined {
  const open = needs.slice();
  const chosen: SpelledBond[] = [];
  const choices = (atom: number): SpelledBond[] =>
    bonds.filter(({ from, to }) => (from === atom || to === atom) && open[from] === true && open[to] === true);
  const decide = (): boolean => {
    let fewest: SpelledBond[] | undefined;
    for (let atom = 0; atom < open.length && fewest?.length !== 0; atom++) {
      if (open[atom] !== true) continue;
      const mine = choices(atom);
      if (fewest === undefined || mine.length < fewest.length) fewest = mine;
    }
    if (fewest === undefined) return true;
    for (const bond of fewest) {
      open[bond.from] = open[bond.to] = false;
      chosen.push(bond);
      if (decide()) return true;
      chosen.pop();
      open[bond.from] = open[bond.to] = true;
    }
    return false;
  };
  return decide() ? new Set(chosen) : undefined;
}
