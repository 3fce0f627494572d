import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "@vicinal/core";
import type { MoleculeDataset } from "@vicinal/datasets";
import { AttentiveFP } from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { attentiveFPParameters } from "./attentive-fp-parameters.ts";
import { attentiveFPAnswers, attentiveFPShapes, readAttentiveFP } from "./attentive-fp-work.ts";
import { attentiveFPEpochs } from "./molecule-group.ts";

/** Ethanol, water, methylamine and methane, of which the last is not trained on. */
const molecules: MoleculeDataset = {
  ...{ name: "four", title: "Four", task: "regression", metric: "rmse" },
  columns: ["smiles", "y"],
  rows: [],
  smiles: ["CCO", "O", "CN", "C"],
  targetNames: ["y"],
  targets: Float64Array.of(1, 2, 6, 100),
  splits: [{ train: Uint32Array.of(2, 0, 1), validation: new Uint32Array(), test: Uint32Array.of(3) }],
  scaffoldSplit: undefined,
  ...{ published: [], source: undefined, citation: [] },
};

describe("the epoch of AttentiveFP", () => {
  it("has the molecules of the training part one after the other, and their targets standardized", async () => {
    const works = attentiveFPEpochs(molecules);
    if ("skipped" in works) throw new Error(works.skipped);
    const folder = await mkdtemp(join(tmpdir(), "attentive-fp-"));
    try {
      await works[0]?.writeInputs(folder);
      const { work, atoms, bonds, targets, atomStarts, offsets, senders, parameters } = readAttentiveFP(folder);
      expect(Array.from(atomStarts)).toEqual([0, 2, 5, 6]);
      expect(atoms.length).toBe(6 * work.atomWidth);
      expect(bonds.length).toBe(6 * work.bondWidth);
      // C-N, C-C-O, O: a bond is two messages.
      expect(Array.from(offsets)).toEqual([0, 1, 2, 3, 5, 6, 6]);
      expect(Array.from(senders)).toEqual([1, 0, 3, 2, 4, 3]);
      const mean = (6 + 1 + 2) / 3;
      const deviation = Math.sqrt((9 + 4 + 1) / 3);
      expect(Array.from(targets)).toEqual([6, 1, 2].map((y) => Math.fround((y - mean) / deviation)));
      expect([...parameters.keys()]).toEqual([...attentiveFPShapes(work).keys()]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("names all parameters of ours, in their shapes", () => {
    const work = { atomWidth: 3, bondWidth: 2, hidden: 4, layers: 3, steps: 2, batchSize: 2 };
    const rates = { dropout: 0, learningRate: 1, weightDecay: 0 };
    const model = new AttentiveFP(3, 1, { random: new Random(1), hidden: 4, edgeDim: 2, layers: 3, steps: 2 });
    const parameters = attentiveFPParameters(model);
    const shapes = attentiveFPShapes({ ...work, ...rates });
    expect([...parameters].map(([name, { shape }]) => [name, shape]).sort()).toEqual([...shapes].sort());
    expect(new Set(parameters.values())).toEqual(new Set(model.parameters()));
    expect(attentiveFPAnswers({ ...work, ...rates })).toContain("datom_convs.1.lin.weight");
  });

  it("is skipped where the data come without splits", () => {
    expect(attentiveFPEpochs({ ...molecules, splits: [] })).toEqual({
      skipped: "four was found without splits, which VICINAL_DATA has.",
    });
  });
});
