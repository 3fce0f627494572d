import type { NodeDataset } from "@vicinal/datasets";
import { type LinkPredictorOptions, splitLinks, trainLinkPredictor } from "@vicinal/graph";
import type { AccuracyRow } from "./accuracy-row.ts";
import type { MeasureProgress } from "./measure.ts";
import { type Run, summarizeRuns } from "./summarize-runs.ts";

/** The share of links that is tested on, and the share that decides when to stop. */
const held = { testFraction: 0.1, validationFraction: 0.05 } as const;

/**
 * Trains one link predictor for each seed, with the defaults that `predictLinks` chooses, on structure alone, and tests it on links that were held
 * out, among as many pairs drawn from those without a link. Each seed holds out others.
 */
export async function measureLinks(
  dataset: NodeDataset,
  seeds: readonly number[],
  options: LinkPredictorOptions,
  onProgress?: (progress: MeasureProgress) => void,
): Promise<AccuracyRow> {
  const { nodes, edges, directed } = dataset;
  const runs: Run[] = [];
  for (const [run, seed] of seeds.entries()) {
    const start = performance.now();
    const split = splitLinks(edges, { ...held, seed });
    const { metrics, history, choices } = await trainLinkPredictor(
      { nodes, edges, directed, split },
      { ...options, seed, onProgress: (progress) => onProgress?.({ ...progress, run }) },
    );
    runs.push({
      figure: 100 * (metrics.test?.rocAuc ?? Number.NaN),
      epochs: history.length,
      milliseconds: performance.now() - start,
      choices,
    });
  }
  return {
    dataset: dataset.name,
    metric: "roc-auc",
    protocol: `links, structure only; ${100 * held.testFraction} % held out for testing, ${100 * held.validationFraction} % for validation`,
    seeds: seeds.length,
    splits: seeds.length,
    ...summarizeRuns(runs),
    // Those of the data set are of labels.
    published: [],
  };
}
