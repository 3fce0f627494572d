import { DataError, type FeatureMatrix } from "@vicinal/core";
import type { Edges } from "../../convert/edge-list.ts";
import { bothLists, edgesAt, edgesWhere, LinkIndex } from "../../convert/link-index.ts";
import type { LinkSplit } from "./split-links.ts";

/** A graph whose links are to be learned, as typed arrays. */
export interface LinkData {
  /** Count of nodes; they are numbered from 0. */
  readonly nodes: number;
  /** Its edges. Self-loops are no links, and several edges between two nodes are one. */
  readonly edges: Edges;
  /** Whether an edge has a direction. Default false. */
  readonly directed?: boolean | undefined;
  /** One row a node. Default: none, and nodes are known by their edges alone. */
  readonly features?: FeatureMatrix | undefined;
  /** The part that each edge plays, as `splitLinks` gives it. */
  readonly split: LinkSplit;
}

/** The links of a graph by the part that they play. A link with edges in several parts is in the first of training, validation, test. */
export interface LinkParts {
  /** Learned from. */
  readonly train: LinkIndex;
  /** Decide when to stop; may be none. */
  readonly validation: Edges;
  /** Measured on; may be none. */
  readonly test: Edges;
  /** Those of training and validation: all that may be known when test links are predicted. */
  readonly known: LinkIndex;
  /** Every link of the graph. */
  readonly all: LinkIndex;
}

/**
 * The links of each part.
 *
 * @throws DataError `index-out-of-range`, `wrong-length`; `no-edges` when there is no link to learn from, `complete-graph` when every pair is
 * linked.
 */
export function linkParts({ nodes, edges, directed = false, split }: LinkData): LinkParts {
  const all = new LinkIndex(nodes, edges, directed);
  for (const [part, numbers] of Object.entries(split)) checkNumbers(part, numbers, edges.sources.length);
  const indexOf = (list: Edges): LinkIndex => new LinkIndex(nodes, list, directed);
  const trainEdges = edgesAt(edges, split.train);
  const validationEdges = edgesAt(edges, split.validation);
  const train = indexOf(trainEdges);
  if (train.count === 0) {
    throw new DataError(
      "no-edges",
      `link prediction: got ${edges.sources.length} edges, none to train on that joins two different nodes; expected at least one.`,
    );
  }
  if (all.free === 0) {
    throw new DataError(
      "complete-graph",
      `link prediction: all ${nodes} nodes are linked with each other; expected pairs without a link, to tell links from.`,
    );
  }
  const known = indexOf(bothLists(trainEdges, validationEdges));
  return {
    train,
    validation: edgesWhere(indexOf(validationEdges).links, (source, target) => !train.has(source, target)),
    test: edgesWhere(indexOf(edgesAt(edges, split.test)).links, (source, target) => !known.has(source, target)),
    known,
    all,
  };
}

function checkNumbers(part: string, numbers: Uint32Array, edges: number): void {
  for (const e of numbers) {
    if (e < edges) continue;
    throw new DataError(
      "index-out-of-range",
      `link prediction: got edge ${e} in the ${part} part; expected numbers below ${edges}, the count of edges.`,
    );
  }
}
