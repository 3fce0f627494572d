import { DataError, OptionError, ShapeError, SparseNeighborhood } from "@vicinal/core";
import { byCodeUnits, type GraphTypes, orderedTypes, type Relation, relationKey, relationText } from "./relation.ts";

/** The edges of one relation. */
export interface RelationEdges extends Relation {
  /** Senders are the nodes of the type `source`, receivers those of the type `target`, each numbered from 0. */
  readonly neighborhood: SparseNeighborhood;
}

/** The nodes and edges of a heterogeneous graph, in any order of types. */
export interface TypedEdges {
  /** Count of nodes of each type. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Each relation once. One without edges may be left out. */
  readonly relations: readonly RelationEdges[];
}

/** All nodes and edges of a heterogeneous graph as one neighborhood. */
export interface HomogeneousView {
  /** Among the nodes of all types, one type after the other. */
  readonly neighborhood: SparseNeighborhood;
  /**
   * `[edges]`, the number of the relation of each edge in `relations`, in the order of the edge list: one relation after the other, and within one
   * the numbers that its own edges have. Features of the relations' edges, one after the other, are aligned with it.
   */
  readonly edgeTypes: Uint32Array;
  /** `[nodeTypes + 1]`: the nodes of type `t` are those from `firstNodes[t]` to `firstNodes[t + 1] - 1`. */
  readonly firstNodes: Uint32Array;
}

/**
 * Who attends to whom in a graph with nodes and edges of several types: one neighborhood for each relation, between nodes that are numbered
 * from 0 within their type. The order in which types are named makes no difference: node types are numbered by name, relations by source, then
 * type, then target.
 *
 * Immutable, as the neighborhoods are.
 */
export class TypedNeighborhood implements GraphTypes {
  /** Sorted. */
  readonly nodeTypes: readonly string[];
  /** Sorted by source, type and target. */
  readonly relations: readonly RelationEdges[];
  readonly #counts: ReadonlyMap<string, number>;
  readonly #byKey: ReadonlyMap<string, RelationEdges>;
  #homogeneous: HomogeneousView | undefined;

  /**
   * @throws DataError `duplicate-type`, `unknown-type`; OptionError `out-of-range` for a count that is no whole number; ShapeError
   * `shapes-differ` for edges between other counts of nodes than the types have.
   */
  constructor({ nodes, relations }: TypedEdges) {
    const counts = new Map(Object.entries(nodes).sort(([a], [b]) => byCodeUnits(a, b)));
    for (const [type, count] of counts) {
      if (Number.isSafeInteger(count) && count >= 0) continue;
      throw new OptionError(
        "out-of-range",
        `TypedNeighborhood: got ${count} nodes of the type "${type}"; expected a whole number from 0.`,
      );
    }
    const ordered = orderedTypes("TypedNeighborhood", { nodeTypes: [...counts.keys()], relations });
    const given = new Map(relations.map((relation) => [relationKey(relation), relation]));
    this.nodeTypes = ordered.nodeTypes;
    this.relations = ordered.relations.map((relation) => ({
      ...relation,
      neighborhood: given.get(relationKey(relation))!.neighborhood,
    }));
    this.#counts = counts;
    this.#byKey = new Map(this.relations.map((relation) => [relationKey(relation), relation]));
    for (const relation of this.relations) checkEnds(relation, counts);
  }

  /** Count of nodes of a type; 0 for one that the graph does not have. */
  nodeCount(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  /** The edges of a relation; undefined where the graph has none of it. */
  relation(relation: Relation): RelationEdges | undefined {
    return this.#byKey.get(relationKey(relation));
  }

  /**
   * All nodes and edges as one neighborhood, with the relation of each edge: what `RGATConv` reads. Made when first asked for.
   *
   * @throws DataError `index-out-of-range` for relations that are a block of rows of a larger whole.
   */
  get homogeneous(): HomogeneousView {
    this.#homogeneous ??= homogeneousView(this);
    return this.#homogeneous;
  }
}

function checkEnds(relation: RelationEdges, counts: ReadonlyMap<string, number>): void {
  const { source, target, neighborhood } = relation;
  const [senders, receivers] = [counts.get(source)!, counts.get(target)!];
  if (neighborhood.senders === senders && neighborhood.receivers === receivers) return;
  throw new ShapeError(
    "shapes-differ",
    `TypedNeighborhood: got edges from ${neighborhood.senders} to ${neighborhood.receivers} nodes for ${relationText(relation)}; expected from ` +
      `${senders} to ${receivers}, the counts of these types.`,
  );
}

function homogeneousView(graph: TypedNeighborhood): HomogeneousView {
  const firstNodes = firstNumbers(graph.nodeTypes.map((type) => graph.nodeCount(type)));
  const firstOf = new Map(graph.nodeTypes.map((type, t) => [type, firstNodes[t]!]));
  const nodeCount = firstNodes.at(-1) ?? 0;
  const parts = graph.relations.map(({ source, target, neighborhood }) => ({
    neighborhood,
    firstSender: firstOf.get(source)!,
    firstReceiver: firstOf.get(target)!,
  }));
  const neighborhood = joined(parts, nodeCount, nodeCount);
  const edgeTypes = new Uint32Array(neighborhood.edges);
  let edge = 0;
  for (const [r, relation] of graph.relations.entries()) {
    edgeTypes.fill(r, edge, edge + relation.neighborhood.edges);
    edge += relation.neighborhood.edges;
  }
  return { neighborhood, edgeTypes, firstNodes };
}

/** Where the nodes of a neighborhood stand among those of several. */
export interface JoinedPart {
  readonly neighborhood: SparseNeighborhood;
  readonly firstSender: number;
  readonly firstReceiver: number;
}

/** The edges of several neighborhoods in one; its edge list has them one after the other, each with its own numbers. */
export function joined(parts: readonly JoinedPart[], senderCount: number, receiverCount: number): SparseNeighborhood {
  const edges = parts.reduce((total, { neighborhood }) => total + neighborhood.edges, 0);
  const senders = new Uint32Array(edges);
  const receivers = new Uint32Array(edges);
  let first = 0;
  for (const { neighborhood, firstSender, firstReceiver } of parts) {
    const { senderOf, receiverOf, edgeOf } = neighborhood;
    for (const [p, e] of edgeOf.entries()) {
      if (e >= neighborhood.edges) {
        throw new DataError(
          "index-out-of-range",
          `TypedNeighborhood: got an edge numbered ${e} among ${neighborhood.edges}; expected edges numbered from 0. Make the relation with ` +
            "SparseNeighborhood.fromEdgeList or fromRows rather than of a block of rows.",
        );
      }
      senders[first + e] = firstSender + senderOf[p]!;
      receivers[first + e] = firstReceiver + receiverOf[p]!;
    }
    first += neighborhood.edges;
  }
  return SparseNeighborhood.fromEdgeList({ senders, receivers, senderCount, receiverCount });
}

/** The running total before each count, and the whole. */
export function firstNumbers(counts: readonly number[]): Uint32Array {
  const firsts = new Uint32Array(counts.length + 1);
  for (const [k, count] of counts.entries()) firsts[k + 1] = firsts[k]! + count;
  return firsts;
}
