/**
 * The arrangement of an atom's orbitals. `"other"` is that of an atom with more than six, or of one of which nothing is known, such as a metal without
 * bonds.
 */
export type Hybridization = "s" | "sp" | "sp2" | "sp3" | "sp3d" | "sp3d2" | "other";

/** An atom of a molecule. */
export interface Atom {
  /** Symbol of the element, such as `"Cl"`. */
  readonly element: string;
  /** The count of its protons: 6 for carbon. */
  readonly atomicNumber: number;
  /** Formal charge, in elementary charges. */
  readonly charge: number;
  /** Mass number of the isotope, in unified atomic mass units; 0 for the natural mixture. */
  readonly isotope: number;
  /** Count of unpaired electrons. */
  readonly radicalElectrons: number;
  /** Count of hydrogens bound to it that are not atoms of the molecule. */
  readonly hydrogens: number;
  /** Count of atoms bound to it, those in `hydrogens` not among them. */
  readonly degree: number;
  /** Whether it is part of an aromatic ring, in the sense of openchemlib. */
  readonly aromatic: boolean;
  /** Size of the smallest ring that it is part of; 0 outside rings. */
  readonly ringSize: number;
  /** Count of its bonds that are part of rings. */
  readonly ringBonds: number;
  /** By the count of its neighbors, lone pairs and unpaired electrons; a lone pair next to a multiple bond counts as part of the bond. */
  readonly hybridization: Hybridization;
  /** Whether its four neighbors differ, so that it can be a center of chirality, whether or not its configuration is known. */
  readonly stereocenter: boolean;
  /** Configuration by the rules of Cahn, Ingold and Prelog; undefined where it is not known or there is none. */
  readonly chirality: "R" | "S" | undefined;
}

/**
 * The arrangement around a double bond: `"E"` and `"Z"` by the rules of Cahn, Ingold and Prelog; `"any"` where there are two arrangements and it is not
 * known which; `"none"` where there is one.
 */
export type BondStereo = "none" | "any" | "Z" | "E";

/** A bond of a molecule. */
export interface Bond {
  /** Number of one of its atoms, the lower one. */
  readonly source: number;
  /** Number of the other atom. */
  readonly target: number;
  /** 1 to 5, and 0 for a dative bond to a metal. Of aromatic bonds, that of one way to draw them. */
  readonly order: number;
  /** Whether it is part of an aromatic ring, in the sense of openchemlib. */
  readonly aromatic: boolean;
  /** Whether it is part of a system of alternating bonds and lone pairs. */
  readonly conjugated: boolean;
  /** Size of the smallest ring that it is part of; 0 outside rings. */
  readonly ringSize: number;
  /** The arrangement around it. */
  readonly stereo: BondStereo;
}
