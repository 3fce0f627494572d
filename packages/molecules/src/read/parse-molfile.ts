import { Molecule as Toolkit } from "openchemlib";
import { lastElement } from "../molecule/elements.ts";
import { Molecule } from "../molecule/molecule.ts";
import { perceive } from "../molecule/perceive.ts";
import { reasonOf } from "./parse-smiles.ts";
import type { ReadOptions } from "./read-options.ts";
import { Unreadable } from "./unreadable.ts";

/**
 * Reads a MOL block. Configurations are those that its wedges and coordinates tell.
 *
 * @throws Unreadable `malformed-molfile`, `empty-molecule`, `query-molecule`, `impossible-valence`
 */
export function parseMolfile(
  molfile: string,
  options: ReadOptions,
  fields: Readonly<Record<string, string>> = {},
): Molecule {
  const text = molfile.replaceAll("\r\n", "\n");
  const counts = countsOf(text);
  if (counts.atoms === 0) throw new Unreadable("empty-molecule", "it holds no atoms");
  const { toolkit, order } = toolkitOf(text);
  if (order.length !== counts.atoms || toolkit.getAllBonds() !== counts.bonds) {
    throw new Unreadable(
      "malformed-molfile",
      `its counts line promises ${counts.atoms} atoms and ${counts.bonds} bonds, of which openchemlib reads ${order.length} and ` +
        `${toolkit.getAllBonds()}; it may be cut short`,
    );
  }
  if (toolkit.isFragment() || !order.every((atom) => isElement(toolkit.getAtomicNo(atom)))) {
    throw new Unreadable("query-molecule", "it is a pattern for many molecules; expected one molecule");
  }
  toolkit.ensureHelperArrays(Toolkit.cHelperParities);
  let atoms = options.explicitHydrogens === "atoms" ? order : order.filter((atom) => atom < toolkit.getAtoms());
  const largest = options.keep === "largest";
  if (largest) {
    const moved: readonly number[] | null = toolkit.stripSmallFragments(false);
    if (moved !== null) atoms = atoms.map((atom) => moved[atom]!).filter((atom) => atom >= 0);
    toolkit.ensureHelperArrays(Toolkit.cHelperParities);
  }
  const read = perceive(toolkit, atoms, true);
  return new Molecule(
    read.atoms,
    read.bonds,
    {
      toolkitAtom: atoms,
      read: ({ stereo = true }) => {
        const again = toolkitOf(text).toolkit;
        if (largest) again.stripSmallFragments(false);
        if (!stereo) again.stripStereoInformation();
        again.ensureHelperArrays(Toolkit.cHelperParities);
        return again;
      },
    },
    { name: text.split("\n", 1)[0]!.trim(), fields },
  );
}

/** openchemlib has numbers below and above those of the elements for what is none: rests, residues, links. */
function isElement(atomicNumber: number): boolean {
  return atomicNumber > 0 && atomicNumber <= lastElement;
}

/** The molecule, and openchemlib's number of each atom in the order of the file. */
function toolkitOf(text: string): { readonly toolkit: Toolkit; readonly order: number[] } {
  try {
    const { molecule, map } = Toolkit.fromMolfileWithAtomMap(text);
    molecule.ensureHelperArrays(Toolkit.cHelperNeighbours);
    const moved: readonly number[] = molecule.getHandleHydrogenMap();
    return { toolkit: molecule, order: Array.from(map, (atom) => moved[atom] ?? atom) };
  } catch (error) {
    // openchemlib trips over lines that are missing or too short, and says where in its own code.
    const reason =
      error instanceof TypeError ? "its lines of atoms or bonds do not follow the format" : reasonOf(error);
    throw new Unreadable("malformed-molfile", reason, { cause: error });
  }
}

/** The counts that a MOL block begins with, V2000 or V3000. */
function countsOf(text: string): { readonly atoms: number; readonly bonds: number } {
  const lines = text.split("\n", 10);
  const line = lines[3] ?? "";
  const v3000 = line.includes("V3000") ? /M {2}V30 COUNTS (\d+) (\d+)/.exec(text) : null;
  const counts = v3000 ?? /^([ \d]{2}\d)([ \d]{2}\d)/.exec(line);
  if (counts === null) {
    throw new Unreadable(
      "malformed-molfile",
      `its fourth line is ${JSON.stringify(line.slice(0, 40))}; expected the counts of atoms and bonds of a MOL block`,
    );
  }
  return { atoms: Number(counts[1]), bonds: Number(counts[2]) };
}
