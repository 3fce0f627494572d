import { OptionError } from "@vicinal/core";
import type { MoleculeDataset, PublishedResult, Split } from "@vicinal/datasets";
import { type GraphCollection, multiTaskMetrics, regressionMetrics, trainGraphPredictor } from "@vicinal/graph";
import { descriptorRidge, type Molecule, type MoleculeFeatures, moleculeCollection } from "@vicinal/molecules";
import type { AccuracyRow } from "./accuracy-row.ts";
import type { MeasureProgress } from "./measure.ts";
import { type Run, summarizeRuns } from "./summarize-runs.ts";

/** The networks that are measured, and the baseline that they have to beat: ridge regression on descriptors of whole molecules. */
export type MoleculeModelName = "attentive-fp" | "gat" | "gatv2" | "descriptors";

/** The names of what is measured. */
export const moleculeModelNames: readonly MoleculeModelName[] = ["attentive-fp", "gat", "gatv2", "descriptors"];

/** How a measurement is made. */
export interface MoleculeProtocol {
  readonly model: MoleculeModelName;
  readonly seeds: readonly number[];
  /** Random splits by number, or the one that keeps each scaffold in one part. */
  readonly splits: readonly number[] | "scaffold";
  /** The most epochs. Default: by the count of molecules. */
  readonly epochs?: number | undefined;
  /** What networks know of atoms and bonds. Default `"attentive-fp"`. */
  readonly features?: MoleculeFeatures | undefined;
}

/** Molecules that could be read, with what was measured of them. */
interface ReadDataset {
  readonly molecules: readonly Molecule[];
  readonly collection: GraphCollection;
  /** `[molecules * targets]`. */
  readonly targets: Float64Array;
  /** Of each row of the file its molecule; -1 for one that could not be read. */
  readonly moleculeOf: Int32Array;
}

/**
 * Trains a network for each split and seed, whose validation part chooses the epoch, and gives the error on the test part: the root of the mean squared
 * error in the unit of the target, or the mean area under the ROC curve of all targets, in percent.
 *
 * @throws OptionError `no-splits`, `no-such-split`.
 */
export async function measureMolecules(
  dataset: MoleculeDataset,
  protocol: MoleculeProtocol,
  onProgress?: (progress: MeasureProgress) => void,
): Promise<AccuracyRow> {
  const splits = chosenSplits(dataset, protocol);
  const { features = "attentive-fp" } = protocol;
  const read = readDataset(dataset, features);
  const runs: Run[] = [];
  for (const split of splits) {
    const parts = inMolecules(split, read);
    for (const seed of protocol.seeds) {
      const run = runs.length;
      const start = performance.now();
      const { predicted, ...made } =
        protocol.model === "descriptors"
          ? ofDescriptors(dataset, read, parts)
          : await ofNetwork(dataset, read, parts, protocol.model, seed, protocol.epochs, (progress) =>
              onProgress?.({ ...progress, run }),
            );
      runs.push({
        ...made,
        figure: figureOf(dataset, read, parts, predicted),
        milliseconds: performance.now() - start,
      });
    }
  }
  const how = protocol.splits === "scaffold" ? "the scaffold split" : `${splits.length} random 80/10/10 splits`;
  return {
    dataset: dataset.name,
    metric: dataset.metric,
    protocol: `${protocol.model}${protocol.model === "descriptors" ? "" : `, ${nameOf(features)} features`}; ${how}`,
    seeds: protocol.seeds.length,
    splits: splits.length,
    published: dataset.published.map((result) => ({ ...result, ...inUnitOf(dataset, result) })),
    ...summarizeRuns(runs),
  };
}

function nameOf(features: MoleculeFeatures): string {
  return typeof features === "string" ? features : "chosen";
}

/** Published areas are of 1, those of the table in percent. */
function inUnitOf(
  { metric }: MoleculeDataset,
  { value, std }: PublishedResult,
): Pick<PublishedResult, "value" | "std"> {
  const scale = metric === "rmse" ? 1 : 100;
  return { value: scale * value, std: std && scale * std };
}

/** Predictions for the test part, `[test * targets]`. */
type Answer = Pick<Run, "epochs" | "choices"> & { readonly predicted: ArrayLike<number> };

async function ofNetwork(
  { task }: MoleculeDataset,
  { collection, targets }: ReadDataset,
  parts: Split,
  model: Exclude<MoleculeModelName, "descriptors">,
  seed: number,
  epochs: number | undefined,
  onProgress: (progress: Omit<MeasureProgress, "run">) => void,
): Promise<Answer> {
  const { predictor, history, choices } = await trainGraphPredictor(
    { collection, targets, split: parts },
    { task, model, seed, onProgress, ...(epochs !== undefined && { epochs }) },
  );
  const { values } = await predictor.predict(collection, { members: parts.test });
  return { predicted: values, epochs: history.length, choices };
}

function ofDescriptors(
  { task, targetNames }: MoleculeDataset,
  { molecules, targets }: ReadDataset,
  { train, validation, test }: Split,
): Answer {
  const count = targetNames.length;
  const tested = Array.from(test, (molecule) => molecules[molecule]!);
  const predicted = new Float64Array(test.length * count);
  const penalties: string[] = [];
  for (let target = 0; target < count; target++) {
    const of = Float64Array.from(molecules, (_, molecule) => targets[molecule * count + target]!);
    const fitted = descriptorRidge(molecules, of, {
      train,
      validation,
      task: task === "regression" ? "regression" : "classification",
    });
    penalties.push(String(fitted.penalty));
    for (const [row, score] of fitted.predict(tested).entries()) predicted[row * count + target] = score;
  }
  const choices = [{ option: "penalty", value: penalties.join(", "), reason: "best on the validation part" }];
  return { predicted, epochs: 1, choices };
}

function figureOf(
  { metric, targetNames }: MoleculeDataset,
  { targets }: ReadDataset,
  { test }: Split,
  predicted: ArrayLike<number>,
): number {
  const count = targetNames.length;
  const actual = Float64Array.from({ length: test.length * count }, (_, k) => {
    const row = Math.floor(k / count);
    return targets[test[row]! * count + (k % count)]!;
  });
  if (metric === "rmse") return regressionMetrics(actual, predicted, { targets: count }).rmse ?? Number.NaN;
  return 100 * (multiTaskMetrics(actual, predicted, { targets: count }).rocAuc ?? Number.NaN);
}

function readDataset({ smiles, targets, targetNames }: MoleculeDataset, features: MoleculeFeatures): ReadDataset {
  const { collection, molecules, rows } = moleculeCollection(smiles, { onInvalid: "skip", features });
  const count = targetNames.length;
  const moleculeOf = new Int32Array(smiles.length).fill(-1);
  for (const [molecule, row] of rows.entries()) moleculeOf[row] = molecule;
  const ofMolecules = Float64Array.from({ length: molecules.length * count }, (_, k) => {
    const row = rows[Math.floor(k / count)]!;
    return targets[row * count + (k % count)]!;
  });
  return { molecules, collection, targets: ofMolecules, moleculeOf };
}

/** A split of rows as one of molecules, without the rows that could not be read. */
function inMolecules({ train, validation, test }: Split, { moleculeOf }: ReadDataset): Split {
  const readable = (rows: Uint32Array): Uint32Array =>
    rows.filter((row) => moleculeOf[row]! >= 0).map((row) => moleculeOf[row]!);
  return { train: readable(train), validation: readable(validation), test: readable(test) };
}

function chosenSplits(dataset: MoleculeDataset, { splits }: MoleculeProtocol): readonly Split[] {
  const { name, splits: random, scaffoldSplit } = dataset;
  if (splits === "scaffold") {
    if (scaffoldSplit !== undefined) return [scaffoldSplit];
    throw new OptionError("no-splits", `accuracy: ${name} has no scaffold split; expected scaffold-split.u8.bin.`);
  }
  if (random.length === 0) {
    throw new OptionError("no-splits", `accuracy: ${name} has no splits; expected a folder with splits.u8.bin.`);
  }
  return splits.map((split) => {
    const found = random[split];
    if (found !== undefined) return found;
    throw new OptionError(
      "no-such-split",
      `accuracy: got split ${split}; expected numbers below ${random.length}, the count of splits of ${name}.`,
    );
  });
}
