import { OptionError } from "@vicinal/core";
import type { AbstractGraph, Attributes, GraphOptions } from "graphology-types";
import type { Atom, Bond } from "../molecule/atom.ts";
import type { Molecule } from "../molecule/molecule.ts";

/** A class of graphs, such as `UndirectedGraph` of graphology. */
export type GraphClass<Graph extends AbstractGraph> = new (options?: GraphOptions) => Graph;

/** What {@link toGraph} writes on every node: the atom. */
export type AtomAttributes = Attributes & Atom;

/** What {@link toGraph} writes on every edge: the bond, whose atoms are the ends of the edge. */
export type BondAttributes = Attributes & Omit<Bond, "source" | "target">;

/**
 * A graphology graph of a molecule: nodes `"0"`, `"1"`, … in the order of its atoms with the fields of {@link Atom} as attributes, and an undirected edge for
 * each bond with those of {@link Bond}.
 *
 * @param GraphClass The class of the graph, from graphology: `UndirectedGraph`, `Graph`, or a class of your own.
 * @throws OptionError `wrong-graph-type` for a class of directed graphs.
 */
export function toGraph<Graph extends AbstractGraph>(GraphClass: GraphClass<Graph>, molecule: Molecule): Graph {
  const graph = new GraphClass();
  if (graph.type === "directed") {
    throw new OptionError(
      "wrong-graph-type",
      "toGraph: got a class of directed graphs; expected one that takes undirected edges, such as UndirectedGraph.",
    );
  }
  for (const [number, atom] of molecule.atoms.entries()) graph.addNode(number, { ...atom });
  for (const { source, target, ...bond } of molecule.bonds) graph.addUndirectedEdge(source, target, bond);
  return graph;
}
