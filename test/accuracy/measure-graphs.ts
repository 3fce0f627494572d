import { OptionError } from "@vicinal/core";
import type { GraphDataset } from "@vicinal/datasets";
import { GIN, GraphCollection, type GraphModel, type GraphModelShape, trainGraphPredictor } from "@vicinal/graph";
import type { AccuracyRow } from "./accuracy-row.ts";
import type { MeasureProgress } from "./measure.ts";
import { type Run, summarizeRuns } from "./summarize-runs.ts";
import { SummedGATv2 } from "./summed-gatv2.ts";

/** The networks that are measured. */
export type GraphRecipeName = "gin" | "gatv2";

/** The recipe of one network. */
interface GraphRecipe {
  readonly title: string;
  readonly model: (shape: GraphModelShape) => GraphModel;
}

/** With the training of the GIN paper (Xu et al., ICLR 2019): 100 epochs in batches of 32, Adam from 0.01, halved after 50 epochs. */
const graphRecipes: Readonly<Record<GraphRecipeName, GraphRecipe>> = {
  gin: {
    title: "GIN, 4 layers of 32",
    model: ({ inputs, outputs, random, engine }) =>
      new GIN(inputs, outputs, { random, engine, layers: 4, hidden: 32, readout: "sum", dropout: 0.5 }),
  },
  gatv2: {
    title: "GATv2, 3 layers of 4x8",
    model: (shape) => new SummedGATv2(shape),
  },
};

/** The names of the networks that are measured. */
export const graphRecipeNames: readonly GraphRecipeName[] = ["gin", "gatv2"];

/** How a measurement is made. */
export interface GraphProtocol {
  readonly recipe: GraphRecipeName;
  readonly seeds: readonly number[];
  /** Split numbers, from 0. Default: all. */
  readonly splits?: readonly number[] | undefined;
  /** Default 100. */
  readonly epochs?: number | undefined;
}

/** The last epochs of a run, whose accuracies on its test part are averaged: no part of so few graphs can be spared to choose an epoch by. */
const lastEpochs = 10;

/**
 * Trains a network for each fold and seed on the kinds of the nodes alone, and gives the mean accuracy of the last ten epochs on the fold that was left
 * out.
 *
 * @throws OptionError `no-splits`, `no-such-split`.
 */
export async function measureGraphs(
  dataset: GraphDataset,
  { recipe, seeds, splits: asked, epochs = 100 }: GraphProtocol,
  onProgress?: (progress: MeasureProgress) => void,
): Promise<AccuracyRow> {
  const splits = checkedSplits(dataset, asked);
  const { title, model } = graphRecipes[recipe];
  const collection = new GraphCollection(
    dataset.graphs.map(({ nodes, edges, features }) => ({ nodes, edges, features })),
  );
  const targets = Float32Array.from(dataset.labels);
  const runs: Run[] = [];
  for (const split of splits) {
    const { train, test } = dataset.splits[split]!;
    for (const seed of seeds) {
      const run = runs.length;
      const start = performance.now();
      const { history, choices } = await trainGraphPredictor(
        // The test part is looked at in every epoch, and chooses none.
        {
          collection,
          targets,
          classes: dataset.classNames.length,
          split: { train, validation: test, test: new Uint32Array(0) },
        },
        {
          task: "classification",
          model,
          epochs,
          patience: epochs,
          batchSize: 32,
          learningRate: 0.01,
          schedule: (epoch) => 0.01 * 0.5 ** Math.floor((epoch - 1) / 50),
          weightDecay: 0,
          seed,
          onProgress: (progress) => onProgress?.({ ...progress, run }),
        },
      );
      const last = history.slice(-lastEpochs).map(({ validationMetric }) => validationMetric ?? Number.NaN);
      runs.push({
        figure: 100 * average(last),
        epochs: history.length,
        milliseconds: performance.now() - start,
        choices,
      });
    }
  }
  return {
    dataset: dataset.name,
    metric: "accuracy",
    protocol: `${title}; ${splits.length} folds, mean of the last ${Math.min(lastEpochs, epochs)} epochs`,
    seeds: seeds.length,
    splits: splits.length,
    ...summarizeRuns(runs),
    published: dataset.published,
  };
}

function checkedSplits({ name, splits }: GraphDataset, asked: readonly number[] | undefined): readonly number[] {
  if (splits.length === 0) {
    throw new OptionError("no-splits", `accuracy: ${name} has no folds; expected a file of them, DS_folds.txt.`);
  }
  for (const split of asked ?? []) {
    if (split < splits.length) continue;
    throw new OptionError(
      "no-such-split",
      `accuracy: got split ${split}; expected numbers below ${splits.length}, the count of folds of ${name}.`,
    );
  }
  return asked ?? Array.from(splits.keys());
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0) / numbers.length;
}
