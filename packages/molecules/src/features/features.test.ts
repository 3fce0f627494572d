import { describe, expect, it } from "vitest";
import { moleculeParts } from "../collection/molecule-parts.ts";
import { moleculeFromSmiles } from "../read/molecule-from-smiles.ts";
import { flag } from "./feature.ts";
import { atomFeatureColumns, bondFeatureColumns, type MoleculeFeatures } from "./feature-set.ts";

/** The columns that are not 0, with their values. */
function described(
  smiles: string,
  features?: MoleculeFeatures,
): { readonly atoms: string[]; readonly bonds: string[] } {
  const parts = moleculeParts(moleculeFromSmiles(smiles), features);
  const rows = (matrix: typeof parts.features, columns: readonly string[]): string[] => {
    if (matrix?.kind !== "dense") throw new Error("expected dense features");
    return Array.from({ length: matrix.rows }, (_, row) =>
      columns
        .map((column, c) => [column, matrix.values[row * matrix.columns + c]!] as const)
        .filter(([, value]) => value !== 0)
        .map(([column, value]) => (value === 1 ? column : `${column}:${Number(value.toFixed(4))}`))
        .join(" "),
    );
  };
  return {
    atoms: rows(parts.features, atomFeatureColumns(features)),
    bonds: rows(parts.edgeFeatures, bondFeatureColumns(features)),
  };
}

describe("the AttentiveFP features", () => {
  it("are 39 of atoms and 10 of bonds, in the order of PyTorch Geometric's example", () => {
    expect(atomFeatureColumns()).toEqual([
      ...["B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "As", "Se", "Br", "Te", "I", "At", "other"].map(
        (s) => `symbol=${s}`,
      ),
      ...["0", "1", "2", "3", "4", "5 or more"].map((degree) => `degree=${degree}`),
      "charge",
      "radicalElectrons",
      ...["sp", "sp2", "sp3", "sp3d", "sp3d2", "other"].map((each) => `hybridization=${each}`),
      "aromatic",
      ...["0", "1", "2", "3", "4 or more"].map((hydrogens) => `hydrogens=${hydrogens}`),
      "stereocenter",
      "chirality=R",
      "chirality=S",
    ]);
    expect(atomFeatureColumns()).toHaveLength(39);
    expect(bondFeatureColumns()).toEqual([
      "order=single",
      "order=double",
      "order=triple",
      "order=aromatic",
      "conjugated",
      "ring",
      "stereo=none",
      "stereo=any",
      "stereo=Z",
      "stereo=E",
    ]);
  });

  it("of alanine's zwitterion", () => {
    const { atoms, bonds } = described("C[C@H]([NH3+])C(=O)[O-]");
    expect(atoms).toEqual([
      "symbol=C degree=1 hybridization=sp3 hydrogens=3",
      "symbol=C degree=3 hybridization=sp3 hydrogens=1 stereocenter chirality=S",
      "symbol=N degree=1 charge hybridization=sp3 hydrogens=3",
      "symbol=C degree=3 hybridization=sp2 hydrogens=0",
      "symbol=O degree=1 hybridization=sp2 hydrogens=0",
      "symbol=O degree=1 charge:-1 hybridization=sp2 hydrogens=0",
    ]);
    // Each bond is two edges with the same features.
    expect(bonds.filter((_, edge) => edge % 2 === 0)).toEqual(bonds.filter((_, edge) => edge % 2 === 1));
    expect(bonds.filter((_, edge) => edge % 2 === 0).sort()).toEqual([
      "order=double conjugated stereo=none",
      "order=single conjugated stereo=none",
      "order=single stereo=none",
      "order=single stereo=none",
      "order=single stereo=none",
    ]);
  });

  it("of rings, aromatic bonds, cis and trans, radicals, ions and elements out of the list", () => {
    expect(described("c1ccccc1").atoms[0]).toBe("symbol=C degree=2 hybridization=sp2 aromatic hydrogens=1");
    expect(described("c1ccccc1").bonds[0]).toBe("order=aromatic conjugated ring stereo=none");
    expect(described("F/C=C/F").bonds).toContain("order=double stereo=E");
    expect(described("F/C=C\\F").bonds).toContain("order=double stereo=Z");
    expect(described("FC=CF").bonds).toContain("order=double stereo=any");
    expect(described("[CH3]").atoms).toEqual(["symbol=C degree=0 radicalElectrons hybridization=sp3 hydrogens=3"]);
    expect(described("[Fe+2]").atoms).toEqual(["symbol=other degree=0 charge:2 hybridization=other hydrogens=0"]);
    expect(described("FS(F)(F)(F)(F)F").atoms[1]).toBe("symbol=S degree=5 or more hybridization=sp3d2 hydrogens=0");
    expect(described("C").atoms[0]).toBe("symbol=C degree=0 hybridization=sp3 hydrogens=4 or more");
  });
});

describe("other features", () => {
  it("are those of AttentiveFP and more", () => {
    expect(atomFeatureColumns("extended").slice(0, 39)).toEqual(atomFeatureColumns());
    expect(bondFeatureColumns("extended").slice(0, 10)).toEqual(bondFeatureColumns());
    const { atoms, bonds } = described("[13CH2]1CC1", "extended");
    expect(atoms[0]).toBe("symbol=C degree=2 hybridization=sp3 hydrogens=2 ringSize=3 ringBonds=2 isotope mass:0.13");
    expect(bonds[0]).toBe("order=single ring stereo=none ringSize=3");
    expect(described("C1CCCCCCCCC1", "extended").atoms[0]).toContain("ringSize=8 or more");
  });

  it("can be chosen by name, or made", () => {
    const features: MoleculeFeatures = {
      atoms: ["charge", flag("halogen", ({ element }) => ["F", "Cl", "Br", "I"].includes(element))],
      bonds: ["ring"],
    };
    expect(atomFeatureColumns(features)).toEqual(["charge", "halogen"]);
    expect(described("CCl", features).atoms).toEqual(["", "halogen"]);
    expect(described("C1CC1", features).bonds).toEqual(new Array(6).fill("ring"));
  });

  it("that are not known are refused", () => {
    expect(() => atomFeatureColumns({ atoms: ["colour"] })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "unknown-feature" }),
    );
    const unknown: object = { atom: [] };
    expect(() => bondFeatureColumns(unknown)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });
});
