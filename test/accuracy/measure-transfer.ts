import { OptionError } from "@vicinal/core";
import type { NodeDataset, Split } from "@vicinal/datasets";
import {
  labelingMetrics,
  type NodeClassifierOptions,
  neighborhoodOfEdges,
  predictedClasses,
  trainNodeClassifier,
} from "@vicinal/graph";
import type { AccuracyRow } from "./accuracy-row.ts";
import type { MeasureProgress } from "./measure.ts";
import { type Run, summarizeRuns } from "./summarize-runs.ts";

/**
 * The network, unless something else is asked for: of eight recipes that did well, the one with the best mean ROC AUC on the validation nodes of the
 * five splits of twitch-es. No node of another data set was looked at.
 */
const transferRecipe = {
  model: "graph-transformer",
  layers: 2,
  dropout: 0.5,
  learningRate: 3e-4,
  epochs: 300,
  patience: 60,
} as const satisfies NodeClassifierOptions;

/**
 * Trains one network for each seed on the first split of one data set, whose validation nodes decide when to stop, and tests it on all labelled
 * nodes of another, which nothing was learned from or chosen by.
 *
 * @throws OptionError `several-labels`, `no-features`, `no-such-split`, and `data-differ` unless both have the same columns and classes.
 */
export async function measureTransfer(
  from: NodeDataset,
  to: NodeDataset,
  seeds: readonly number[],
  options: NodeClassifierOptions,
  onProgress?: (progress: MeasureProgress) => void,
): Promise<AccuracyRow> {
  const { train, validation } = checkedSplit(from, to);
  const { metric } = to;
  const classes = to.classNames.length;
  const tested = Uint32Array.from(to.labels.keys()).filter((node) => to.labels[node]! >= 0);
  const [source, target] = [inputsOf(from), inputsOf(to)];
  const runs: Run[] = [];
  for (const [run, seed] of seeds.entries()) {
    const start = performance.now();
    const trained = await trainNodeClassifier(
      { ...source, labels: from.labels, classes, train, validation },
      { metric, ...transferRecipe, ...options, seed, onProgress: (progress) => onProgress?.({ ...progress, run }) },
    );
    const probabilities = await trained.predict(target);
    const predicted = predictedClasses(probabilities, classes);
    const result = labelingMetrics(to.labels, predicted, probabilities, tested, classes);
    runs.push({
      figure: 100 * (metric === "accuracy" ? result.accuracy : (result.rocAuc ?? Number.NaN)),
      epochs: trained.history.length,
      milliseconds: performance.now() - start,
      choices: trained.choices,
    });
  }
  return {
    dataset: `${from.name} to ${to.name}`,
    metric,
    protocol: `trained on split 0 of ${from.name}, tested on all ${tested.length} nodes of ${to.name}`,
    seeds: seeds.length,
    splits: 1,
    // Those of the data sets are of training and testing on one.
    published: [],
    ...summarizeRuns(runs),
  };
}

function inputsOf({ nodes, edges, directed, features }: NodeDataset) {
  return { neighborhood: neighborhoodOfEdges(nodes, edges, { directed }), features };
}

/** The split to train on, of data sets that belong together. */
function checkedSplit(from: NodeDataset, to: NodeDataset): Split {
  for (const { name, labelSets, features } of [from, to]) {
    if (labelSets !== undefined) {
      throw new OptionError(
        "several-labels",
        `accuracy: ${name} has several labels a node; expected one class a node. Transfer is measured for classes so far.`,
      );
    }
    if (features !== undefined) continue;
    throw new OptionError(
      "no-features",
      `accuracy: ${name} has no features; expected some, because nothing else carries over to another graph.`,
    );
  }
  const isAlike =
    from.features?.columns === to.features?.columns &&
    from.classNames.length === to.classNames.length &&
    from.classNames.every((name, c) => name === to.classNames[c]);
  if (!isAlike) {
    throw new OptionError(
      "data-differ",
      `accuracy: got ${from.name} with ${from.features?.columns} columns and the classes ${from.classNames.join(", ")}, and ${to.name} with ` +
        `${to.features?.columns} and ${to.classNames.join(", ")}; expected the same of both.`,
    );
  }
  const split = from.splits[0];
  if (split !== undefined) return split;
  throw new OptionError("no-such-split", `accuracy: ${from.name} has no split; expected one to train on.`);
}
