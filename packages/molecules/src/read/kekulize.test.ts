import { describe, expect, it } from "vitest";
import { kekulize } from "./kekulize.ts";
import { moleculeFromSmiles } from "./molecule-from-smiles.ts";

describe("alternating bonds", () => {
  it.each([
    ["c1ccccc1", "C=1C=CC=CC=1"],
    ["c1cc[nH]c1", "C=1C=C[NH]C=1"],
    ["O=c1cccc[nH]1", "O=C1C=CC=C[NH]1"],
    ["c1ccc[te]1", "C1=CC=C[Te]1"],
    ["C[n+]1ccccc1", "C[N+]=1C=CC=CC=1"],
    ["c:1:c:c:c:c:c:1", "C=1C=CC=CC=1"],
    ["Cc1ccccc1-c1ccncc1", "CC=1C=CC=CC=1-C=1C=CN=CC=1"],
    ["c1ccc2c(c1)cccc2", "C=1C=CC=2C(C=1)=CC=CC=2"],
    ["[O-][n+]1ccccc1", "[O-][N+]=1C=CC=CC=1"],
    ["c1ccsc1C", "C=1C=CSC=1C"],
    ["[cH-]1cccc1", "[CH-]1C=CC=C1"],
  ])("of %s are found", (aromatic, expected) => {
    // Which of several ways is taken does not matter: what is compared are the molecules, and that nothing is left in lower case.
    const kekulized = kekulize(aromatic);
    expect(kekulized).not.toMatch(/(?<![A-Z])[bcnops]/);
    const [one, other] = [moleculeFromSmiles(kekulized), moleculeFromSmiles(expected)];
    const state = ({ atoms }: typeof one) =>
      atoms.map(({ element, hydrogens, aromatic, charge }) => [element, hydrogens, aromatic, charge]);
    expect(state(one)).toEqual(state(other));
    expect(one.bonds.map(({ source, target }) => [source, target])).toEqual(
      other.bonds.map(({ source, target }) => [source, target]),
    );
  });

  it.each(["c1cccc1", "n1cccc1", "c1ccc2c(c1)ccc2"])("do not exist for %s", (smiles) => {
    expect(() => kekulize(smiles)).toThrow(expect.objectContaining({ code: "not-kekulizable" }));
  });

  it("are found where openchemlib leaves radicals or gives up", () => {
    const porphyrin = moleculeFromSmiles("c1cc2cc3ccc(cc4nc(cc5ccc(cc1n2)[nH]5)C=C4)[nH]3");
    expect(porphyrin.atoms.every(({ radicalElectrons }) => radicalElectrons === 0)).toBe(true);
    expect(porphyrin.formula).toBe("C20H14N4");
    expect(moleculeFromSmiles("c1cc2c3[nH]c4c(cccc4)cc-3cc2cc1").formula).toBe("C16H11N");
    expect(moleculeFromSmiles("c1ccc[te]1").formula).toBe("C4H4Te");
  });
});
