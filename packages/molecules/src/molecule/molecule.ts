import type { Molecule as Toolkit } from "openchemlib";
import type { Atom, Bond } from "./atom.ts";

/** What openchemlib is to know of a molecule. The less, the faster. */
export interface ToolkitOptions {
  /** Whether atoms have coordinates. Default false. */
  readonly coordinates?: boolean;
  /** Whether configurations are known. Default true. */
  readonly stereo?: boolean;
}

/** How a molecule is handed to openchemlib: again from its text, because openchemlib changes what it computes with. */
export interface ToolkitSource {
  read(options: ToolkitOptions): Toolkit;
  /** `[atoms]`: the number that openchemlib gives each atom. */
  readonly toolkitAtom: readonly number[];
}

/**
 * A molecule: atoms and bonds, in the order in which they were written. Made by `moleculeFromSmiles`, `moleculeFromMol` and `moleculesFromSdf`; not
 * changed by anything.
 */
export class Molecule {
  /** In the order in which they were written; folded hydrogens are not among them. */
  readonly atoms: readonly Atom[];
  /** Each once. */
  readonly bonds: readonly Bond[];
  /** Its name in a MOL block or SD file; empty where none is given. */
  readonly name: string;
  /** The data fields of its record in an SD file, by name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly #toolkit: ToolkitSource;

  /** @internal */
  constructor(
    atoms: readonly Atom[],
    bonds: readonly Bond[],
    toolkit: ToolkitSource,
    named: { readonly name?: string; readonly fields?: Readonly<Record<string, string>> } = {},
  ) {
    this.atoms = atoms;
    this.bonds = bonds;
    this.name = named.name ?? "";
    this.fields = named.fields ?? {};
    this.#toolkit = toolkit;
  }

  /** Its formula as openchemlib writes it, all fragments together: carbon and hydrogen first, the others not always in the order of Hill (1900). */
  get formula(): string {
    return this.#toolkit.read({ stereo: false }).getMolecularFormula().formula;
  }

  /** Mean mass of the molecule with the isotopes of nature, in unified atomic mass units. */
  get weight(): number {
    return this.#toolkit.read({ stereo: false }).getMolecularFormula().relativeWeight;
  }

  /**
   * What openchemlib makes of the molecule, to compute with.
   *
   * @internal
   */
  toolkit(options: ToolkitOptions): Toolkit {
    return this.#toolkit.read(options);
  }

  /**
   * `[atoms]`: the number of each atom in `toolkit`.
   *
   * @internal
   */
  get toolkitAtom(): readonly number[] {
    return this.#toolkit.toolkitAtom;
  }
}
