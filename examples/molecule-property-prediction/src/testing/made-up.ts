import { Random } from "@vicinal/core";
import type { Split } from "@vicinal/datasets";
import { AttentiveFP, GraphPredictor, type TrainedGraphPredictor } from "@vicinal/graph";
import { atomFeatureColumns, bondFeatureColumns, moleculeFromSmiles } from "@vicinal/molecules";
import type { MoleculeInput } from "../input/molecule-input.ts";
import type { Learned } from "../learn/learn.ts";

/** Names that try to be more than names: markup, ends of elements, terminal sequences, formulas, characters that XML cannot hold. */
export const hostileNames = [
  '<img src=x onerror="alert(1)">',
  "</script><script>alert(2)</script>",
  "]]><svg onload=alert(3)>",
  "\u001b[31mred\u001b[0m\u0007",
  '=HYPERLINK("http://example.org")',
  "two\nlines, \"quotes\" & 'apostrophes'",
] as const;

/** Molecules of known numbers, of which the last has none. */
export function madeUpInput(given: Partial<MoleculeInput> = {}): MoleculeInput {
  const smiles = ["CCO", "c1ccccc1", "C", "CC(=O)O", "[Na+].[Cl-]", "N#N"];
  return {
    title: "Six molecules",
    origin: "measured",
    task: "regression",
    targetNames: ["boils"],
    molecules: smiles.map((each) => moleculeFromSmiles(each)),
    smiles,
    names: ["ethanol", "benzene", "methane", "acetic acid", "salt", "nitrogen"],
    rows: [1, 2, 3, 4, 5, 7],
    invalid: [],
    targets: Float64Array.of(78, 80, -161, 118, 1465, Number.NaN),
    splits: [],
    scaffoldSplit: undefined,
    withheld: [],
    ...given,
  };
}

/** Which molecules of {@link madeUpInput} play which part. */
export const madeUpSplit: Split = {
  train: Uint32Array.of(0, 1),
  validation: Uint32Array.of(),
  test: Uint32Array.of(2, 3, 4),
};

/** Predictions that nobody trained, for tests of what is done with them: all are off by the number of the molecule. */
export function madeUpLearned({ molecules, targets, targetNames, task }: MoleculeInput): Learned {
  const width = targetNames.length;
  const values = targets.map((value, place) => {
    const off = Math.floor(place / width);
    if (task === "multi-task") return Number.isNaN(value) ? 0.5 : Math.abs(value - 0.1 * off);
    return (Number.isNaN(value) ? 0 : value) + off;
  });
  const model = new AttentiveFP(atomFeatureColumns().length, width, {
    random: new Random(0),
    edgeDim: bondFeatureColumns().length,
    hidden: 4,
  });
  const history = Array.from({ length: 20 }, (_, index) => ({
    epoch: index + 1,
    loss: Math.exp(-index / 5),
    validationLoss: 0.2 + Math.exp(-index / 5),
    validationMetric: 0.5,
    milliseconds: 3,
  }));
  const fit = { history, bestEpoch: 18 };
  const trained: TrainedGraphPredictor = {
    ...fit,
    predictor: new GraphPredictor({
      task,
      models: [model, model],
      widths: { inputs: atomFeatureColumns().length, edgeDim: bondFeatureColumns().length },
      ...(task === "regression" && {
        standardization: { mean: targetNames.map(() => 0), deviation: targetNames.map(() => 1) },
      }),
    }),
    models: [model, model],
    members: [fit, { ...fit, bestEpoch: 20 }],
    metrics: { train: undefined, validation: undefined, test: undefined },
    split: madeUpSplit,
    choices: [{ option: "hidden", value: 4, reason: "Given." }],
  };
  return {
    trained,
    answers: {
      width,
      values,
      uncertainty: values.map(() => 0.25),
      attention: molecules.map(({ atoms }) => Float64Array.from(atoms, () => 1 / atoms.length)),
    },
  };
}
