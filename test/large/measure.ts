import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { adam, backward, crossEntropy, Random, scope } from "@vicinal/core";
import { forwardSample, GAT, neighborhoodOfEdges, neighborSampler, nodeBatches } from "@vicinal/graph";
import { rmatEdges } from "./rmat.ts";
import { syntheticNodes } from "./synthetic-data.ts";

/** What is measured. */
export interface LargeGraphSettings {
  readonly nodes: number;
  /** Undirected edges, before repeated ones are merged. */
  readonly edges: number;
  readonly width: number;
  readonly classes: number;
  readonly hidden: number;
  readonly fanOut: readonly number[];
  readonly batchSize: number;
  readonly seed: number;
}

/** What a sampled epoch took. Memory is resident memory in bytes. */
export interface LargeGraphReport {
  readonly nodes: number;
  /** Messages of the neighborhood: both directions of each distinct edge. */
  readonly messages: number;
  readonly buildSeconds: number;
  /** The arrays of the graph, its features and labels. */
  readonly graphBytes: number;
  /** Of the whole process, when the graph was built. */
  readonly builtBytes: number;
  /** Of the whole process, the most during the epoch. */
  readonly peakBytes: number;
  /** What the process took in the epoch beyond the graph itself: `peakBytes - graphBytes`. */
  readonly beyondGraphBytes: number;
  readonly batches: number;
  readonly epochSeconds: number;
  /** Sampled edges over all batches; an edge of the inner hop counts once. */
  readonly sampledEdges: number;
  readonly sampledEdgesPerSecond: number;
  /** Mean loss and accuracy of the first and the last tenth of the batches. */
  readonly loss: readonly [first: number, last: number];
  readonly accuracy: readonly [first: number, last: number];
}

/** What a progress callback gets after each batch. */
export interface LargeGraphProgress {
  readonly batch: number;
  readonly batches: number;
  readonly loss: number;
  readonly beyondGraphBytes: number;
}

/** Builds the graph from typed arrays, then trains two layers of GATv2 for one sampled epoch over all of its nodes. */
export function measure(
  settings: LargeGraphSettings,
  onProgress: (progress: LargeGraphProgress) => void,
): LargeGraphReport {
  const { nodes, edges, width, classes, hidden, fanOut, batchSize, seed } = settings;
  const beforeBuilding = performance.now();
  const neighborhood = neighborhoodOfEdges(nodes, rmatEdges(nodes, edges, seed));
  const { features, labels } = syntheticNodes(nodes, width, classes, seed + 1);
  const buildSeconds = (performance.now() - beforeBuilding) / 1000;
  const graphBytes = [neighborhood.offsets, neighborhood.senderOf, features.values, labels].reduce(
    (total, { byteLength }) => total + byteLength,
    0,
  );
  collectGarbage();
  const builtBytes = process.memoryUsage.rss();

  const random = new Random(seed + 2);
  const model = new GAT(width, classes, {
    random,
    layer: "gatv2",
    layers: fanOut.length,
    heads: 4,
    hidden,
    dropout: 0,
  });
  const optimizer = adam(model.parameters(), { learningRate: 0.005 });
  const sampler = neighborSampler(neighborhood, { fanOut, random });
  const all = Uint32Array.from({ length: nodes }, (_, node) => node);
  const batches = Math.ceil(nodes / batchSize);
  const losses: number[] = [];
  const accuracies: number[] = [];
  let peakBytes = builtBytes;
  let sampledEdges = 0;
  const begin = performance.now();
  for (const batch of nodeBatches(all, { size: batchSize, random })) {
    const sample = sampler.sample(batch);
    const targets = Int32Array.from(batch, (node) => labels[node]!);
    const [loss, accuracy] = scope((): [number, number] => {
      optimizer.zeroGradients();
      const logits = forwardSample(model, sample, { features, training: { random } });
      const loss = crossEntropy(logits, targets);
      backward(loss);
      optimizer.step();
      return [loss.item(), shareRight(logits.dataSync(), targets)];
    });
    losses.push(loss);
    accuracies.push(accuracy);
    sampledEdges += sample.layers[0]!.edges;
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
    onProgress({ batch: losses.length, batches, loss, beyondGraphBytes: peakBytes - graphBytes });
  }
  const epochSeconds = (performance.now() - begin) / 1000;
  return {
    nodes,
    messages: neighborhood.edges,
    buildSeconds,
    graphBytes,
    builtBytes,
    peakBytes,
    beyondGraphBytes: peakBytes - graphBytes,
    batches,
    epochSeconds,
    sampledEdges,
    sampledEdgesPerSecond: sampledEdges / epochSeconds,
    loss: endsOf(losses),
    accuracy: endsOf(accuracies),
  };
}

function shareRight(logits: ArrayLike<number>, targets: Int32Array): number {
  const classes = logits.length / targets.length;
  let right = 0;
  for (const [row, target] of targets.entries()) {
    let best = 0;
    for (let c = 1; c < classes; c++) if (logits[row * classes + c]! > logits[row * classes + best]!) best = c;
    if (best === target) right++;
  }
  return right / targets.length;
}

function endsOf(values: readonly number[]): [first: number, last: number] {
  const tenth = Math.max(1, Math.floor(values.length / 10));
  const meanOf = (some: readonly number[]): number => some.reduce((a, b) => a + b, 0) / some.length;
  return [meanOf(values.slice(0, tenth)), meanOf(values.slice(-tenth))];
}

/** So that what building left behind does not count as the graph. */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}
