import { batchGraphs } from "@vicinal/graph";
import { DirectedGraph, MultiGraph, UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { moleculeFromSmiles } from "../read/molecule-from-smiles.ts";
import { moleculeCollection } from "./molecule-collection.ts";
import { moleculeParts } from "./molecule-parts.ts";
import { toGraph } from "./to-graph.ts";

describe("a collection of molecules", () => {
  it("is batched as graphs, each bond in both directions", () => {
    const { collection, molecules, rows, atomColumns, bondColumns } = moleculeCollection(["CCO", "C", "C1CC1"]);
    expect(collection.size).toBe(3);
    expect([...rows]).toEqual([0, 1, 2]);
    expect([collection.featureWidth, collection.edgeFeatureWidth]).toEqual([atomColumns.length, bondColumns.length]);
    const batch = collection.batch([2, 1, 0]);
    expect([...batch.nodeCounts]).toEqual([3, 1, 3]);
    expect([...batch.edgeCounts]).toEqual([6, 0, 4]);
    for (let edge = 0; edge < batch.neighborhood.edges; edge++) {
      const graph = batch.edgeStarts.findIndex((start) => start > edge) - 1;
      const bond = molecules[batch.members[graph]!]!.bonds[batch.edgeInGraph[edge]! >> 1]!;
      const ends = [batch.neighborhood.senderOf[edge]!, batch.neighborhood.receiverOf[edge]!].map(
        (node) => node - batch.nodeStarts[graph]!,
      );
      expect(ends.sort()).toEqual([bond.source, bond.target]);
    }
  });

  it("can be of molecules, or be one batch", () => {
    const molecules = ["CCO", "C"].map((smiles) => moleculeFromSmiles(smiles));
    const of = moleculeCollection(molecules);
    expect(of.molecules).toEqual(molecules);
    const together = batchGraphs(molecules.map((molecule) => moleculeParts(molecule)));
    expect(together).toEqual(of.collection.batch());
  });

  it("skips what cannot be read, and says so", () => {
    const { molecules, rows, invalid } = moleculeCollection(["CCO", "C1", "CC"], { onInvalid: "skip" });
    expect(molecules.map(({ formula }) => formula)).toEqual(["C2H6O", "C2H6"]);
    expect([...rows]).toEqual([0, 2]);
    expect(invalid).toEqual([expect.objectContaining({ row: 1, smiles: "C1", code: "malformed-smiles" })]);
  });

  it("is not made of nothing", () => {
    expect(() => moleculeCollection([])).toThrow(expect.objectContaining({ code: "no-molecules" }));
    expect(() => moleculeCollection(["C1"], { onInvalid: "skip" })).toThrow(
      expect.objectContaining({ code: "no-molecules", message: expect.stringContaining("ring closure") }),
    );
    expect(() => moleculeCollection(["CC", "C1"])).toThrow(expect.objectContaining({ name: "MoleculeError", row: 1 }));
    expect(() => moleculeCollection(["CC"], { features: { atoms: ["none"] } })).toThrow(
      expect.objectContaining({ code: "unknown-feature" }),
    );
  });
});

describe("a graphology graph of a molecule", () => {
  it("has atoms as nodes and bonds as edges, with their fields as attributes", () => {
    const molecule = moleculeFromSmiles("CC#N");
    const graph = toGraph(UndirectedGraph, molecule);
    expect(graph).toBeInstanceOf(UndirectedGraph);
    expect(graph.nodes()).toEqual(["0", "1", "2"]);
    expect(graph.getNodeAttributes("2")).toEqual(molecule.atoms[2]);
    expect(graph.getEdgeAttribute("1", "2", "order")).toBe(3);
    expect(Object.keys(graph.getEdgeAttributes("0", "1")).sort()).toEqual([
      "aromatic",
      "conjugated",
      "order",
      "ringSize",
      "stereo",
    ]);
    expect(toGraph(MultiGraph, molecule).undirectedSize).toBe(2);
  });

  it("is undirected", () => {
    expect(() => toGraph(DirectedGraph, moleculeFromSmiles("CC"))).toThrow(
      expect.objectContaining({ name: "OptionError", code: "wrong-graph-type" }),
    );
  });
});
