import { OptionError } from "@vicinal/core";
import type { NodeDataset, Split } from "@vicinal/datasets";
import {
  labelingMetrics,
  type NodeClassifierOptions,
  neighborhoodOfEdges,
  type Progress,
  predictedClasses,
  trainNodeClassifier,
} from "@vicinal/graph";
import type { AccuracyRow } from "./accuracy-row.ts";
import { type Run, summarizeRuns } from "./summarize-runs.ts";

/** Which runs are made. */
export interface Protocol {
  /** Split numbers, from 0. */
  readonly splits: readonly number[];
  readonly seeds: readonly number[];
  /** In words, with the runs. */
  readonly description: string;
}

/** From how many nodes on only the first split is run unless others are asked for. */
const largeGraph = 20_000;

/**
 * The runs for a data set: the published split with ten seeds, or each of several splits with one.
 *
 * @throws OptionError `no-such-split`.
 */
export function protocolFor(
  dataset: NodeDataset,
  asked: { readonly splits?: readonly number[] | number; readonly seeds?: number },
): Protocol {
  const count = dataset.splits.length;
  const few = dataset.nodes >= largeGraph ? 1 : count;
  const splits =
    typeof asked.splits === "object" ? asked.splits : Array.from({ length: asked.splits ?? few }, (_, k) => k);
  for (const split of splits) {
    if (split < count) continue;
    throw new OptionError(
      "no-such-split",
      `accuracy: got split ${split}; expected numbers below ${count}, the count of splits of ${dataset.name}.`,
    );
  }
  const seeds = Array.from({ length: asked.seeds ?? (count === 1 ? 10 : 1) }, (_, k) => k);
  const origin = dataset.splitsFrom === "published" ? "published split" : "split of the collection";
  return { splits, seeds, description: `${origin}${count === 1 ? "" : `s ${splits.join(", ")}`}` };
}

/** Where a measurement is. */
export interface MeasureProgress extends Progress {
  /** From 0. */
  readonly run: number;
}

/** Trains one network for each split and seed, with the defaults that `labelNodes` chooses, and tests it. */
export async function measure(
  dataset: NodeDataset,
  protocol: Protocol,
  options: NodeClassifierOptions,
  onProgress?: (progress: MeasureProgress) => void,
): Promise<AccuracyRow> {
  if (dataset.labelSets !== undefined) {
    throw new OptionError(
      "several-labels",
      `accuracy: ${dataset.name} has several labels a node; expected one class a node. Node classification is what can be measured so far.`,
    );
  }
  const neighborhood = neighborhoodOfEdges(dataset.nodes, dataset.edges, { directed: dataset.directed });
  const classes = dataset.classNames.length;
  const { metric, labels, features } = dataset;
  const runs: Run[] = [];
  for (const split of protocol.splits) {
    const { train, validation, test }: Split = dataset.splits[split]!;
    for (const seed of protocol.seeds) {
      const run = runs.length;
      const start = performance.now();
      const trained = await trainNodeClassifier(
        { neighborhood, features, labels, classes, train, validation },
        { metric, ...options, seed, onProgress: (progress) => onProgress?.({ ...progress, run }) },
      );
      const predicted = predictedClasses(trained.probabilities, classes);
      const result = labelingMetrics(labels, predicted, trained.probabilities, test, classes);
      runs.push({
        figure: 100 * (metric === "accuracy" ? result.accuracy : (result.rocAuc ?? Number.NaN)),
        epochs: trained.history.length,
        milliseconds: performance.now() - start,
        choices: trained.choices,
      });
    }
  }
  return {
    dataset: dataset.name,
    metric,
    protocol: protocol.description,
    seeds: protocol.seeds.length,
    splits: protocol.splits.length,
    ...summarizeRuns(runs),
    published: dataset.published,
  };
}
