import {
  checkCounts,
  checkOptionNames,
  DataError,
  Module,
  OptionError,
  type ParameterOptions,
  PositionBias,
  parameter,
  type Tensor,
} from "@vicinal/core";
import { checkMaximum, type ShortestPathDistances } from "./shortest-path-distances.ts";

/** Options of {@link ShortestPathBias}. */
export interface ShortestPathBiasOptions extends ParameterOptions {
  /** Nodes that are farther apart share a row of the table. At most the maximum of the distances. From 1 to 32767. Default 20. */
  readonly maximum?: number;
}

/**
 * Graphormer's spatial encoding (Ying et al., "Do Transformers Really Perform Bad for Graph Representation?", 2021, equation 6): a learned number for each
 * distance and head, added to the logit of each pair,
 *
 *     logit_ij + weight[bucket(distance_ij), h]      bucket: 0 where no way leads from j to i, else 1 + min(distance_ij, maximum)
 *
 * for attention among all nodes of a graph: over `complete(nodes)`, or in a batch over `sequences(batch.nodeCounts)`.
 */
export class ShortestPathBias extends Module {
  /** Count of heads. */
  readonly heads: number;
  /** Nodes that are farther apart share a row of the table. */
  readonly maximum: number;
  /** `[maximum + 2, heads]`, at first normally distributed with deviation 0.02. */
  readonly weight: Tensor;

  /** @throws OptionError `unknown-option`; `out-of-range` for heads that are not a whole number above 0, or another maximum. */
  constructor(heads: number, options: ShortestPathBiasOptions) {
    super();
    checkOptionNames("ShortestPathBias", options, ["random", "engine", "maximum"]);
    const { random, engine, maximum = 20 } = options;
    checkCounts("ShortestPathBias", { heads });
    checkMaximum("ShortestPathBias", maximum);
    this.heads = heads;
    this.maximum = maximum;
    const values = new Float32Array((maximum + 2) * heads).map(() => random.normal(0, 0.02));
    this.weight = parameter(values, [maximum + 2, heads], { engine });
  }

  /**
   * The term for the nodes of a graph, or of a batch: the distances of its graphs in the batch's order, `batch.members` saying which. Nodes of two graphs
   * have no way between them. Keep it for as long as the graphs are the same: the bucket of each pair of a neighborhood is then found once.
   *
   * @throws OptionError `out-of-range` for distances that were cut at a smaller maximum. What it gives throws DataError `index-out-of-range` for a node
   * that no graph has.
   */
  bias(distances: ShortestPathDistances | readonly ShortestPathDistances[]): PositionBias {
    const { maximum, weight } = this;
    const bucketOf = bucketLookup(isList(distances) ? distances : [distances], maximum);
    return new PositionBias({ name: "shortest path", buckets: maximum + 2, bucketOf, table: () => weight });
  }
}

function isList(
  distances: ShortestPathDistances | readonly ShortestPathDistances[],
): distances is readonly ShortestPathDistances[] {
  return Array.isArray(distances);
}

function bucketLookup(graphs: readonly ShortestPathDistances[], maximum: number): PositionBias["bucketOf"] {
  const total = graphs.reduce((sum, { nodes }) => sum + nodes, 0);
  const graphOf = new Uint32Array(total);
  const starts = new Uint32Array(graphs.length + 1);
  for (const [g, { nodes, maximum: cut }] of graphs.entries()) {
    if (cut < maximum) {
      throw new OptionError(
        "out-of-range",
        `ShortestPathBias: got distances of graph ${g} up to ${cut}; expected them up to ${maximum} at least. Compute them with that maximum.`,
      );
    }
    starts[g + 1] = starts[g]! + nodes;
    graphOf.fill(g, starts[g], starts[g + 1]);
  }
  return (receiver, sender) => {
    const graph = graphOf[receiver];
    const other = graphOf[sender];
    if (graph === undefined || other === undefined) {
      throw new DataError(
        "index-out-of-range",
        `ShortestPathBias: got the pair of the nodes ${receiver} and ${sender}; expected numbers below ${total}, the nodes whose distances are known.`,
      );
    }
    if (graph !== other) return 0;
    const { nodes, values } = graphs[graph]!;
    const start = starts[graph]!;
    return 1 + Math.min(maximum, values[(receiver - start) * nodes + sender - start]!);
  };
}
