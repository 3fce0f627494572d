/** A node attribute's name, or a function of the node that gives the value. */
export type NodeGetter<T> = string | ((node: string, attributes: Readonly<Record<string, unknown>>) => T);

/**
 * An edge attribute's name, or a function of the edge that gives the value. For an undirected edge, `source` and `target` are its two
 * ends in the order in which the graph stores them.
 */
export type EdgeGetter<T> =
  | string
  | ((edge: string, attributes: Readonly<Record<string, unknown>>, source: string, target: string) => T);
