import { checkOptionNames, OptionError } from "@vicinal/core";
import { checkCount } from "../sample/check-sampling.ts";

/** A step of training is one batch of training nodes with neighbors drawn for it. */
export interface NeighborSampling {
  /**
   * How many neighbors are drawn for each node, hop by hop, from the batch outwards; -1 for all. One number for each layer of the
   * network, which has as many layers unless `layers` says so too.
   */
  readonly fanOut: readonly number[];
  /** Training nodes of a step. Default 1024. */
  readonly batchSize?: number;
  /** Whether one edge may be drawn several times for a node. Default false. */
  readonly replace?: boolean;
}

/** A step of training is a few clusters of the graph with the edges among them. */
export interface ClusterSampling {
  /** Into how many clusters the graph is cut. */
  readonly clusters: number;
  /** Clusters of a step. Default 5, or all if there are fewer. */
  readonly clustersPerBatch?: number;
}

/** How a graph is trained on that does not fit in one step. */
export type NodeSampling = NeighborSampling | ClusterSampling;

/** A {@link NodeSampling} whose options are all there. */
export type SettledSampling =
  | ({ readonly kind: "neighbors" } & Required<NeighborSampling>)
  | ({ readonly kind: "clusters" } & Required<ClusterSampling>);

/** @throws OptionError `unknown-option`, `out-of-range`. */
export function settledSampling(where: string, sampling: NodeSampling): SettledSampling {
  if ("clusters" in sampling) {
    checkOptionNames(`${where} (sampling by clusters)`, sampling, ["clusters", "clustersPerBatch"]);
    const { clusters, clustersPerBatch = Math.min(5, clusters) } = sampling;
    checkCount(where, "clusters", clusters);
    checkCount(where, "clustersPerBatch", clustersPerBatch);
    if (clustersPerBatch <= clusters) return { kind: "clusters", clusters, clustersPerBatch };
    throw new OptionError(
      "out-of-range",
      `${where}: got ${clustersPerBatch} clustersPerBatch of ${clusters} clusters; expected at most as many.`,
    );
  }
  checkOptionNames(`${where} (sampling of neighbors)`, sampling, ["fanOut", "batchSize", "replace"]);
  const { fanOut, batchSize = 1024, replace = false } = sampling;
  checkCount(where, "batchSize", batchSize);
  const isFanOut = Array.isArray(fanOut) && fanOut.length > 0;
  if (isFanOut && fanOut.every((count) => count === -1 || (Number.isSafeInteger(count) && count > 0))) {
    return { kind: "neighbors", fanOut, batchSize, replace };
  }
  throw new OptionError(
    "out-of-range",
    `${where}: got the fanOut ${JSON.stringify(fanOut)}; expected one number for each layer, each above 0, or -1 for all neighbors.`,
  );
}

/** What a step on a part of the graph is to take where sampling was not asked for. */
const partialStepBytes = 2 ** 28;

/**
 * Sampling for a graph whose step is too large: clusters, a few of which make a step of about 256 MiB, because what they take does not grow with the
 * count of layers.
 */
export function samplingForBytes(stepBytes: number): SettledSampling {
  const clustersPerBatch = 5;
  return { kind: "clusters", clusters: clustersPerBatch * Math.ceil(stepBytes / partialStepBytes), clustersPerBatch };
}

/** @throws OptionError `out-of-range` unless neighbors are drawn for as many hops as a network has layers. */
export function checkHops(where: string, layers: number, sampling: SettledSampling): void {
  if (sampling.kind !== "neighbors" || sampling.fanOut.length === layers) return;
  throw new OptionError(
    "out-of-range",
    `${where}: got a fanOut of ${sampling.fanOut.length} numbers for ${layers} layers; expected one number for each layer.`,
  );
}

/** In a few words. */
export function describeSampling(sampling: SettledSampling): string {
  return sampling.kind === "clusters"
    ? `${sampling.clustersPerBatch} of ${sampling.clusters} clusters a step`
    : `${sampling.batchSize} nodes a step, fan-out ${sampling.fanOut.join(", ")}`;
}
