/** A group of rows that openchemlib and RDKit 2022.09.3 read differently, and why. */
export interface KnownDifference {
  readonly dataset: string;
  readonly rows: readonly number[];
  /** What differs: the count of atoms, charges, orders of bonds. */
  readonly what: readonly string[];
  readonly why: string;
}

/** Differences in atoms, bonds, hydrogens, rings and charges. The test fails when the set changes. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    dataset: "clintox",
    rows: [3, 4],
    what: ["atoms"],
    why:
      "a hydrogen written as an atom at a double-bonded nitrogen, [H]/N=, which RDKit keeps as an atom because it tells the arrangement of the bond; here it " +
      "is counted among the hydrogens of the nitrogen, as every other",
  },
  {
    dataset: "clintox",
    rows: [1482],
    what: ["charges", "orders"],
    why: "perchloric acid, OCl(=O)(=O)=O, which RDKit draws with chlorine of charge +3; here it stays as it is written",
  },
];

/** Rows whose aromatic atoms differ: RDKit calls 2-pyridones, xanthines and other rings with an exocyclic double bond aromatic, openchemlib does not. */
export const rowsOfOtherAromaticity: Readonly<Record<string, number>> = { lipophilicity: 644, esol: 46, clintox: 124 };

/**
 * Cases of the valence tests of the SMILES reading benchmark that are read differently from RDKit, one line for each reason.
 */
export const knownValenceDifferences: readonly { readonly cases: readonly string[]; readonly why: string }[] = [
  {
    cases: ["implicit Cl2", "implicit Cl4", "implicit Br2", "implicit Br4", "implicit I2"],
    why: "openchemlib fills up hypervalent halogens to the next odd valence; RDKit refuses Cl and Br, and gives I no hydrogen",
  },
  {
    cases: [
      "implicit Cl3",
      "implicit Cl5",
      "implicit Br3",
      "implicit Br5",
      "explicit Cl2",
      "explicit Cl3",
      "explicit Cl4",
      "explicit Cl5",
      "explicit Br2",
      "explicit Br3",
      "explicit Br4",
      "explicit Br5",
      "implicit S7",
      "explicit S7",
    ],
    why: "openchemlib lets heavier elements have more bonds than RDKit, which refuses these",
  },
  {
    cases: ["implicit I3"],
    why: "three bonds of iodine are one of its valences in openchemlib; RDKit fills up to five",
  },
  { cases: ["implicit P6"], why: "six bonds of phosphorus; RDKit adds a hydrogen to reach seven" },
];

/** Aromatic SMILES of ChEMBL, as RDKit writes them, that are not read as RDKit reads them, by their number. */
export const knownChemblDifferences: Readonly<Record<string, string>> = {
  "44643": "a nitrogen with two bonds written as single, -n-1, left a radical by RDKit; here it is refused",
  "47434": "a fullerene, of which RDKit cannot place the double bonds; here they are",
};

/** Kekule SMILES of ChEMBL that RDKit refuses, by their number: those that are refused here as well, for an impossible valence. */
export const refusedByBoth: readonly string[] = [
  "1606",
  "2234",
  "5613",
  "6235",
  "6440",
  "7483",
  "8287",
  "32869",
  "45810",
  "45832",
];

/** Those that RDKit refuses and that are read here: all are hypervalent, of elements whose valence is not limited here, or of metals. */
export const refusedByRdkitAlone: readonly string[] = ["309", "9060", "19610", "41792", "42336"];

/** Cases of pysmiles' tests that are not read as pysmiles expects. */
export const knownPysmilesDifferences: Readonly<Record<string, string>> = {
  "[H][O+]([H])[H].O([H])[H]": "pysmiles keeps one of the hydrogens as an atom",
  "*": "a pattern, refused",
  "[*--]": "a pattern, refused",
  "[*-]": "a pattern, refused",
  "[*+]1[*][*]1": "a pattern, refused",
  "N1[*][*]1": "a pattern, refused",
  "*1=Cc2ccc1cc2": "a pattern, refused",
  "*1ccc1": "a pattern, refused",
  c1cc2ccc3c2c1cc3: "the expected bonds name one bond twice",
};

/** SMILES that pysmiles refuses and that RDKit and this package do not both refuse or both read. */
export const knownInvalidDifferences: Readonly<Record<string, string>> = {
  "[HH]": "refused, as OpenSMILES has it; RDKit reads hydrogen",
};
