import { DataError } from "@vicinal/core";

/** What edges of one kind join: `source`, such as author, `type`, such as writes, `target`, such as paper. The target attends to the source. */
export interface Relation {
  /** The type of the nodes that send. */
  readonly source: string;
  /** The type of the edges. */
  readonly type: string;
  /** The type of the nodes that attend. */
  readonly target: string;
}

/** The types of nodes and the relations between them that a heterogeneous graph has, or that a layer is made for. */
export interface GraphTypes {
  /** In any order. */
  readonly nodeTypes: readonly string[];
  /** In any order. Several may join the same two types, and two of one edge type may join different ones. */
  readonly relations: readonly Relation[];
}

/** A text that no other relation has, whatever the types are called. */
export function relationKey({ source, type, target }: Relation): string {
  return JSON.stringify([source, type, target]);
}

/** What messages call a relation. */
export function relationText({ source, type, target }: Relation): string {
  return `"${source}" - "${type}" - "${target}"`;
}

/** Which types there are, as a list for messages. */
export function listed(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.map((name) => `"${name}"`).join(", ");
}

/**
 * The same types in the order that numbers follow everywhere: node types by name; relations by source, then type, then target. So no number and
 * no sum depends on the order in which types were named.
 *
 * @throws DataError `duplicate-type` for a node type or a relation that is named twice, `unknown-type` for a relation between types that are
 * not among the node types.
 */
export function orderedTypes(where: string, { nodeTypes, relations }: GraphTypes): GraphTypes {
  refuseRepeats(where, "node type", nodeTypes, (type) => type, JSON.stringify);
  refuseRepeats(where, "relation", relations, relationKey, relationText);
  for (const relation of relations) {
    for (const end of [relation.source, relation.target]) {
      if (nodeTypes.includes(end)) continue;
      throw new DataError(
        "unknown-type",
        `${where}: got the relation ${relationText(relation)}; expected node types that are there: ${listed([...nodeTypes].sort())}.`,
      );
    }
  }
  return {
    nodeTypes: [...nodeTypes].sort(byCodeUnits),
    relations: relations
      .map(({ source, type, target }) => ({ source, type, target }))
      .sort(
        (a, b) => byCodeUnits(a.source, b.source) || byCodeUnits(a.type, b.type) || byCodeUnits(a.target, b.target),
      ),
  };
}

/** Not by the language of the machine: the order is part of what a saved model means. */
export function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refuseRepeats<T>(
  where: string,
  what: string,
  items: readonly T[],
  keyOf: (item: T) => string,
  textOf: (item: T) => string,
): void {
  const seen = new Set<string>();
  for (const item of items) {
    const key = keyOf(item);
    if (seen.has(key)) {
      throw new DataError("duplicate-type", `${where}: got the ${what} ${textOf(item)} twice; expected it once.`);
    }
    seen.add(key);
  }
}
