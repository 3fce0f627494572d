import type { Random } from "@vicinal/core";
import type { Structure } from "./structure.ts";

/** A structure in the making. */
type MutableStructure = { -readonly [Key in keyof Structure]: Structure[Key][number][] };

/**
 * Pieces of molecules, joined: a structure that need not exist, whose formula is known all the same, because hydrogens take the place of bonds that are
 * cut, and give place to bonds that are made. A list of some hundred compounds so becomes as many examples as are wanted.
 *
 * @param known Taken to pieces; one that stands in the list twice is twice as often.
 * @param mostAtoms The most atoms of a structure, hydrogens not counted.
 */
export function madeUpStructure(known: readonly Structure[], mostAtoms: number, random: Random): Structure {
  const size = 1 + random.integer(mostAtoms);
  let made = piece(pick(known, random), size, random);
  for (let tries = 0; made.atoms.length < size && tries < size; tries++) {
    const most = 1 + random.integer(size - made.atoms.length);
    made = joined(made, piece(pick(known, random), most, random), random);
  }
  return made;
}

/** A connected part of at most so many atoms, with hydrogens where bonds were. */
function piece({ atoms, bonds }: Structure, most: number, random: Random): Structure {
  const neighbors = atoms.map((): number[] => []);
  for (const { source, target } of bonds) {
    neighbors[source]!.push(target);
    neighbors[target]!.push(source);
  }
  const taken = new Set([random.integer(atoms.length)]);
  while (taken.size < most) {
    const next = [...taken].flatMap((atom) => neighbors[atom]!.filter((neighbor) => !taken.has(neighbor)));
    if (next.length === 0) break;
    taken.add(pick(next, random));
  }
  const numbers = new Map([...taken].map((atom, number) => [atom, number]));
  const part: MutableStructure = { atoms: [...taken].map((atom) => ({ ...atoms[atom]! })), bonds: [] };
  for (const bond of bonds) {
    const [source, target] = [numbers.get(bond.source), numbers.get(bond.target)];
    if (source !== undefined && target !== undefined) part.bonds.push({ source, target, order: bond.order });
    else for (const end of [source, target]) if (end !== undefined) addHydrogens(part, end, bond.order);
  }
  return part;
}

/** Both, with a single bond between them in place of a hydrogen of each; the first alone if one has none. */
function joined(one: Structure, other: Structure, random: Random): Structure {
  const [ends, otherEnds] = [one, other].map(({ atoms }) =>
    Array.from(atoms.keys()).filter((atom) => atoms[atom]!.hydrogens > 0),
  );
  if (ends!.length === 0 || otherEnds!.length === 0) return one;
  const shift = one.atoms.length;
  const both: MutableStructure = {
    atoms: [...one.atoms, ...other.atoms],
    bonds: [
      ...one.bonds,
      ...other.bonds.map(({ source, target, order }) => ({ source: source + shift, target: target + shift, order })),
    ],
  };
  const [source, target] = [pick(ends!, random), pick(otherEnds!, random) + shift];
  both.bonds.push({ source, target, order: 1 });
  for (const end of [source, target]) addHydrogens(both, end, -1);
  return both;
}

function addHydrogens({ atoms }: MutableStructure, atom: number, count: number): void {
  atoms[atom] = { ...atoms[atom]!, hydrogens: atoms[atom]!.hydrogens + count };
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[random.integer(items.length)]!;
}
