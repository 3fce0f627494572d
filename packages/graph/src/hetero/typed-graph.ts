import { checkOptionNames, SparseNeighborhood } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import type { EdgeGetter, NodeGetter } from "../convert/getter.ts";
import { checkedType, typeSource } from "./read-type.ts";
import { type Relation, relationKey } from "./relation.ts";
import { TypedNeighborhood } from "./typed-neighborhood.ts";

/** Options of {@link typedNeighborhoodOf}. */
export interface TypedGraphOptions {
  /** The type of each node. Default: the attribute `type`. */
  readonly nodeType?: NodeGetter<string>;
  /** The type of each edge. Default: the attribute `type`. */
  readonly edgeType?: EdgeGetter<string>;
}

/** Which node a key stands for. */
export interface TypedNode {
  /** Of the node. */
  readonly type: string;
  /** Its number within its type. */
  readonly index: number;
}

/** A heterogeneous graph as attention sees it, with the way back to the graph's keys. */
export interface TypedGraph {
  /** Each node attends to the nodes that send it a message, one neighborhood a relation. */
  readonly neighborhood: TypedNeighborhood;
  /** The keys of the nodes of each type, in the graph's order. */
  readonly nodes: ReadonlyMap<string, readonly string[]>;
  /** The type and the number of each node key. */
  readonly indexOf: ReadonlyMap<string, TypedNode>;
  /**
   * In the order of `neighborhood.relations`, the key of the edge that each message of the relation stands for: that of the message at position `p`
   * is `edgeKeys[r][neighborhood.relations[r].neighborhood.edgeOf[p]]`.
   */
  readonly edgeKeys: readonly (readonly string[])[];
}

/**
 * Who attends to whom in a graphology graph with nodes and edges of several types, of any kind of graph:
 *
 * - a directed edge of the type `t` from a node of type `a` to one of type `b` is one message of the relation `a - t - b`: the target attends to the
 *   source, and the source to nobody by it;
 * - an undirected edge is two messages, one of `a - t - b` and one of `b - t - a`, which is the same relation where both ends have one type;
 * - a self-loop, directed or not, is one message; parallel edges stay parallel.
 *
 * The nodes of a type, and the messages of a relation, are numbered in the order in which the graph iterates over them. The graph is not changed.
 *
 * @throws DataError `not-a-graph`; `missing-type` or `wrong-type` naming the node or the edge whose type is no text. OptionError
 * `unknown-option`.
 */
export function typedNeighborhoodOf(graph: AbstractGraph, options: TypedGraphOptions = {}): TypedGraph {
  checkGraph("typedNeighborhoodOf", graph);
  checkOptionNames("typedNeighborhoodOf", options, ["nodeType", "edgeType"]);
  const { nodeType = "type", edgeType = "type" } = options;
  const { nodes, indexOf } = nodesByType("typedNeighborhoodOf", graph, nodeType);

  const messages = new Map<string, Messages>();
  const push = (from: TypedNode, type: string, to: TypedNode, edge: string): void => {
    const relation = { source: from.type, type, target: to.type };
    const key = relationKey(relation);
    let list = messages.get(key);
    if (list === undefined) {
      list = { relation, senders: [], receivers: [], edgeKeys: [] };
      messages.set(key, list);
    }
    list.senders.push(from.index);
    list.receivers.push(to.index);
    list.edgeKeys.push(edge);
  };
  graph.forEachEdge((edge, attributes, source, target, _sourceAttributes, _targetAttributes, undirected) => {
    const type = checkedType(
      `typedNeighborhoodOf: the edge "${edge}" from "${source}" to "${target}"`,
      typeSource(edgeType),
      typeof edgeType === "string" ? attributes[edgeType] : edgeType(edge, attributes, source, target),
    );
    const [from, to] = [indexOf.get(source)!, indexOf.get(target)!];
    push(from, type, to, edge);
    if (undirected && source !== target) push(to, type, from, edge);
  });

  const neighborhood = new TypedNeighborhood({
    nodes: Object.fromEntries([...nodes].map(([type, keys]) => [type, keys.length])),
    relations: [...messages.values()].map(({ relation, senders, receivers }) => ({
      ...relation,
      neighborhood: SparseNeighborhood.fromEdgeList({
        senders: Uint32Array.from(senders),
        receivers: Uint32Array.from(receivers),
        senderCount: nodes.get(relation.source)!.length,
        receiverCount: nodes.get(relation.target)!.length,
      }),
    })),
  });
  const edgeKeys = neighborhood.relations.map((relation) => messages.get(relationKey(relation))!.edgeKeys);
  return { neighborhood, nodes, indexOf, edgeKeys };
}

interface Messages {
  readonly relation: Relation;
  readonly senders: number[];
  readonly receivers: number[];
  readonly edgeKeys: string[];
}

/**
 * The node keys of each type in the graph's order, types in the order in which nodes bring them.
 *
 * @throws DataError `missing-type` or `wrong-type`.
 */
export function nodesByType(
  where: string,
  graph: AbstractGraph,
  nodeType: NodeGetter<string>,
): { readonly nodes: ReadonlyMap<string, readonly string[]>; readonly indexOf: ReadonlyMap<string, TypedNode> } {
  const nodes = new Map<string, string[]>();
  const indexOf = new Map<string, TypedNode>();
  graph.forEachNode((node, attributes) => {
    const type = checkedType(
      `${where}: the node "${node}"`,
      typeSource(nodeType),
      typeof nodeType === "string" ? attributes[nodeType] : nodeType(node, attributes),
    );
    let keys = nodes.get(type);
    if (keys === undefined) {
      keys = [];
      nodes.set(type, keys);
    }
    indexOf.set(node, { type, index: keys.length });
    keys.push(node);
  });
  return { nodes, indexOf };
}
