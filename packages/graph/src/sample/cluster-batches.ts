import { checkOptionNames, DataError, type Random, type SparseNeighborhood } from "@vicinal/core";
import { checkCount, checkSameNodes } from "./check-sampling.ts";
import { type GraphPart, partAmong } from "./graph-part.ts";
import { NodeNumbers } from "./node-numbers.ts";
import { groupByLabel } from "./partition/weighted-graph.ts";

/** Options of {@link clusterBatches}. */
export interface ClusterBatchesOptions {
  /** Clusters of a batch; the last one may have fewer. Default 1. */
  readonly size?: number;
  /** Puts the clusters into another order first. Default: they come by number. */
  readonly random?: Random;
}

/**
 * An epoch of parts of a graph: several clusters each, with the edges among all of their nodes, so that those between clusters of one batch
 * count too (Chiang et al., "Cluster-GCN: An Efficient Algorithm for Training Deep and Large Graph Convolutional Networks", KDD 2019, section
 * 3.2). Each node is in one batch; edges between batches are left out, which makes an output an approximation. Parts are made as they are
 * asked for. Called again with the same `random` it gives the next epoch, with other clusters together.
 *
 * @param clusterOf `[nodes]`, the number of the cluster of each node, such as `partitionNodes` gives.
 * @throws OptionError `unknown-option`, `out-of-range`; DataError `wrong-length`; ShapeError `shapes-differ` unless senders and receivers are
 * the same nodes.
 */
export function clusterBatches(
  neighborhood: SparseNeighborhood,
  clusterOf: Uint32Array,
  options: ClusterBatchesOptions = {},
): Iterable<GraphPart> {
  checkOptionNames("clusterBatches", options, ["size", "random"]);
  checkSameNodes("clusterBatches", neighborhood);
  const { size = 1, random } = options;
  checkCount("clusterBatches", "size", size);
  if (clusterOf.length !== neighborhood.receivers) {
    throw new DataError(
      "wrong-length",
      `clusterBatches: got clusters of ${clusterOf.length} nodes; expected one for each of the ${neighborhood.receivers} nodes.`,
    );
  }
  const count = clusterOf.reduce((most, cluster) => Math.max(most, cluster + 1), 0);
  const members = groupByLabel(clusterOf, count);
  const filled = Uint32Array.from({ length: count }, (_, cluster) => cluster).filter(
    (cluster) => members.offsets[cluster]! < members.offsets[cluster + 1]!,
  );
  return parts(neighborhood, members, random === undefined ? filled : random.shuffle(filled), size);
}

function* parts(
  neighborhood: SparseNeighborhood,
  { offsets, nodes }: ReturnType<typeof groupByLabel>,
  order: Uint32Array,
  size: number,
): Generator<GraphPart, void, undefined> {
  const numbers = new NodeNumbers(neighborhood.receivers);
  for (let start = 0; start < order.length; start += size) {
    const chosen = order.subarray(start, start + size);
    const ofBatch = Array.from(chosen, (cluster) => nodes.subarray(offsets[cluster], offsets[cluster + 1]));
    const together = new Uint32Array(ofBatch.reduce((total, { length }) => total + length, 0));
    let next = 0;
    for (const ofCluster of ofBatch) {
      together.set(ofCluster, next);
      next += ofCluster.length;
    }
    yield partAmong(neighborhood, together, numbers);
  }
}
