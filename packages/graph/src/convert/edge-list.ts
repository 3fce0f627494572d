import { checkOptionNames, DataError, OptionError, SparseNeighborhood } from "@vicinal/core";

/** Edge `e` runs from node `sources[e]` to node `targets[e]`. */
export interface Edges {
  /** `[edges]`: the node that each edge comes from. */
  readonly sources: Uint32Array;
  /** `[edges]`: the node that each edge leads to. */
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
  if (coalesce) return withoutRepeats(nodes, both);
  return SparseNeighborhood.fromEdgeList({
    senders: both.sources,
    receivers: both.targets,
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

/** Each pair once, ordered by target and then by source: grouped twice, which takes time and memory in proportion to the edges. */
function withoutRepeats(nodes: number, { sources, targets }: Edges): SparseNeighborhood {
  const bySource = groupValues(sources, targets, nodes);
  const ascending = new Uint32Array(sources.length);
  for (let i = 0; i < nodes; i++) ascending.fill(i, bySource.offsets[i], bySource.offsets[i + 1]);
  const rows = groupValues(bySource.values, ascending, nodes);
  const offsets = new Uint32Array(nodes + 1);
  let kept = 0;
  for (let i = 0; i < nodes; i++) {
    const start = rows.offsets[i]!;
    for (let p = start; p < rows.offsets[i + 1]!; p++) {
      if (p > start && rows.values[p] === rows.values[kept - 1]) continue;
      rows.values[kept++] = rows.values[p]!;
    }
    offsets[i + 1] = kept;
  }
  return SparseNeighborhood.fromRows({ offsets, senderOf: rows.values.slice(0, kept), senders: nodes });
}

/** The values of each key one after the other, in their order: a stable counting sort. */
function groupValues(
  keys: Uint32Array,
  values: Uint32Array,
  count: number,
): { readonly offsets: Uint32Array; readonly values: Uint32Array } {
  const offsets = new Uint32Array(count + 1);
  for (let e = 0; e < keys.length; e++) offsets[keys[e]! + 1]!++;
  for (let i = 0; i < count; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice(0, count);
  const grouped = new Uint32Array(keys.length);
  for (let e = 0; e < keys.length; e++) grouped[next[keys[e]!]!++] = values[e]!;
  return { offsets, values: grouped };
}
