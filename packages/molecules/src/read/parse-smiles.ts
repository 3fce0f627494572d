import { SmilesParser, Molecule as Toolkit } from "openchemlib";
import type { ToolkitOptions } from "../molecule/molecule.ts";
import { kekulize } from "./kekulize.ts";
import type { ReadOptions } from "./read-options.ts";
import { type SpelledAtom, type SpelledSmiles, smilesAtoms } from "./smiles-atoms.ts";
import { Unreadable } from "./unreadable.ts";
import { writtenOrder } from "./written-order.ts";

/** A SMILES as openchemlib read it. */
export interface ParsedSmiles {
  /** Good until the next text is parsed. */
  readonly toolkit: Toolkit;
  /** The text that was given to openchemlib. */
  readonly text: string;
  /** openchemlib's number of each atom, in the order in which the atoms are written; hydrogens that are folded are not among them. */
  readonly toolkitAtom: readonly number[];
  /** Whether the SMILES tells configurations. */
  readonly stereo: boolean;
}

const parser = new SmilesParser({ smartsMode: "smiles" });
/** Read into by every text in turn, which saves a tenth of the time; nothing holds on to it. */
const reused = new Toolkit(256, 256);

/** @throws Unreadable */
export function parseSmiles(smiles: string, options: ReadOptions): ParsedSmiles {
  const trimmed = smiles.trim();
  if (trimmed === "") throw new Unreadable("empty-molecule", "it holds no atoms");
  const spelled = smilesAtoms(trimmed);
  const stereo = /[@/\\]/.test(trimmed);
  let text = trimmed;
  let toolkit = parsed(trimmed, spelled, stereo);
  if (toolkit === undefined) {
    text = kekulize(trimmed);
    toolkit = parsed(text, smilesAtoms(text), stereo);
  }
  if (toolkit === undefined) throw new Unreadable("not-kekulizable", "openchemlib cannot place its double bonds");
  const order = writtenOrder(toolkit, spelled.atoms);
  const folded = toolkit.getAtoms();
  const atoms = options.explicitHydrogens === "atoms" ? order : order.filter((atom) => atom < folded);
  if (options.keep !== "largest" || !trimmed.includes(".")) return { toolkit, text, toolkitAtom: atoms, stereo };
  const moved: readonly number[] | null = toolkit.stripSmallFragments(false);
  const kept = moved === null ? atoms : atoms.map((atom) => moved[atom]!).filter((atom) => atom >= 0);
  return { toolkit, text, toolkitAtom: kept, stereo };
}

/** Reads a text that was read before. */
export function readAgain(
  text: string,
  largest: boolean,
  { coordinates = false, stereo = true }: ToolkitOptions,
): Toolkit {
  const toolkit = parser.parseMolecule(text, { noCoordinates: !coordinates, noStereo: !stereo });
  if (largest) toolkit.stripSmallFragments(false);
  return toolkit;
}

/** What openchemlib says when it cannot place the double bonds of aromatic atoms, or does not know an element in lower case. */
const aromaticTrouble = /aromatic double bonds|Unexpected character in atom definition/;

/** Undefined where openchemlib cannot place the double bonds of aromatic atoms. */
function parsed(smiles: string, { atoms, bonds }: SpelledSmiles, stereo: boolean): Toolkit | undefined {
  const hasAromatic = atoms.some(isAromatic);
  let toolkit: Toolkit;
  try {
    toolkit = parser.parseMolecule(smiles, { molecule: reused, noCoordinates: true, noStereo: !stereo });
  } catch (error) {
    const reason = reasonOf(error);
    if (hasAromatic && aromaticTrouble.test(reason)) return undefined;
    throw new Unreadable("malformed-smiles", reason, { cause: error });
  }
  if (toolkit.isFragment()) {
    throw new Unreadable("query-molecule", "it is a pattern for many molecules; expected one molecule");
  }
  // openchemlib adds the hydrogens of metals as atoms behind the others.
  const added = toolkit.getAllAtoms() - atoms.length;
  if (added < 0 || toolkit.getAllBonds() - added !== bonds) {
    throw new Unreadable(
      "malformed-smiles",
      `it spells ${atoms.length} atoms and ${bonds} bonds, of which openchemlib reads ${toolkit.getAllAtoms()} and ${toolkit.getAllBonds()}; ` +
        "two atoms may be joined twice",
    );
  }
  toolkit.ensureHelperArrays(Toolkit.cHelperNeighbours);
  return hasAromatic && isMisplaced(toolkit, atoms) ? undefined : toolkit;
}

/** What openchemlib says, without the name of the class that says it. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^(?:[\w$.]+: ?)*SmilesParser: /, "").replace(/^Class\$\w+: /, "");
}

function isAromatic({ symbol }: SpelledAtom): boolean {
  return symbol >= "a";
}

/**
 * Whether openchemlib failed to place the double bonds without saying so: it then leaves an atom a radical that was written without brackets, gives an
 * aromatic atom of oxygen or sulfur a hydrogen, or another a bond too many.
 */
function isMisplaced(toolkit: Toolkit, spelled: readonly SpelledAtom[]): boolean {
  const order = toolkit.getAtoms() === spelled.length ? undefined : writtenOrder(toolkit, spelled);
  for (const [number, atom] of spelled.entries()) {
    const toolkitAtom = order?.[number] ?? number;
    const aromatic = isAromatic(atom);
    if (toolkit.getAtomRadical(toolkitAtom) !== 0 && (aromatic || !atom.bracket)) return true;
    if (!aromatic) continue;
    if (toolkit.getFreeValence(toolkitAtom) < 0) return true;
    const chalcogen = atom.symbol === "o" || atom.symbol === "s";
    if (chalcogen && !atom.bracket && toolkit.getImplicitHydrogens(toolkitAtom) > 0) return true;
  }
  return false;
}
