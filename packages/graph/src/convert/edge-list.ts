import { checkOptionNames, DataError, OptionError, SparseNeighborhood } from "@vicinal/core";

/** Edge `e` runs from node `sources[e]` to node `targets[e]`. */
export interface Edges {
  /** The node that each edge comes from. */
  readonly sources: Uint32Array;
  /** The node that each edge leads to. */
  readonly targets: Uint32Array;
}

/** Options of {@link neighborhoodOfEdges}. */
export interface EdgeListOptions {
  /** Whether an edge has a direction. Default false: both ends attend to each other. */
  readonly directed?: boolean;
  /** Whether repeated edges, and those listed in both directions, count once. Default true. */
  readonly coalesce?: boolean;
}

/**
 * A neighborhood from typed arrays, for graphs that never were in graphology: node `i` attends to the nodes that edges come from.
 * Self-loops stay.
 *
 * @param nodes Count of nodes; they are numbered from 0.
 * @throws DataError `index-out-of-range` for an edge to a node that is not there, `wrong-length`; OptionError `unknown-option`, and `out-of-range`
 * for a count that is no whole number.
 */
export function neighborhoodOfEdges(nodes: number, edges: Edges, options: EdgeListOptions = {}): SparseNeighborhood {
  checkOptionNames("neighborhoodOfEdges", options, ["directed", "coalesce"]);
  const { directed = false, coalesce = true } = options;
  if (!(Number.isSafeInteger(nodes) && nodes >= 0)) {
    throw new OptionError("out-of-range", `neighborhoodOfEdges: got ${nodes} nodes; expected a whole number from 0.`);
  }
  checkEnds(nodes, edges);
  const both = directed ? edges : withReversed(edges);
  const list = coalesce ? withoutRepeats(nodes, both) : both;
  return SparseNeighborhood.fromEdgeList({
    senders: list.sources,
    receivers: list.targets,
    senderCount: nodes,
    receiverCount: nodes,
  });
}

function checkEnds(nodes: number, { sources, targets }: Edges): void {
  if (sources.length !== targets.length) {
    throw new DataError(
      "wrong-length",
      `neighborhoodOfEdges: got ${sources.length} sources and ${targets.length} targets; expected one of each an edge.`,
    );
  }
  for (let e = 0; e < sources.length; e++) {
    if (sources[e]! < nodes && targets[e]! < nodes) continue;
    throw new DataError(
      "index-out-of-range",
      `neighborhoodOfEdges: edge ${e} joins the nodes ${sources[e]} and ${targets[e]}; expected numbers below ${nodes}, the count of nodes.`,
    );
  }
}

/** Every edge and its reverse; a self-loop is its own reverse. */
function withReversed({ sources, targets }: Edges): Edges {
  let loops = 0;
  for (let e = 0; e < sources.length; e++) if (sources[e] === targets[e]) loops++;
  const count = 2 * sources.length - loops;
  const bothSources = new Uint32Array(count);
  const bothTargets = new Uint32Array(count);
  let next = 0;
  const push = (source: number, target: number): void => {
    bothSources[next] = source;
    bothTargets[next++] = target;
  };
  for (let e = 0; e < sources.length; e++) {
    push(sources[e]!, targets[e]!);
    if (sources[e] !== targets[e]) push(targets[e]!, sources[e]!);
  }
  return { sources: bothSources, targets: bothTargets };
}

/** Each pair once, ordered by target and then by source. */
function withoutRepeats(nodes: number, { sources, targets }: Edges): Edges {
  const keys = new Float64Array(sources.length);
  for (let e = 0; e < sources.length; e++) keys[e] = targets[e]! * nodes + sources[e]!;
  keys.sort();
  const distinct = keys.filter((key, k) => k === 0 || key !== keys[k - 1]);
  return {
    sources: Uint32Array.from(distinct, (key) => key % nodes),
    targets: Uint32Array.from(distinct, (key) => Math.floor(key / nodes)),
  };
}
