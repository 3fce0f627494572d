import { UndirectedGraph } from "graphology";
import type { LabeledGraph } from "../labeled-graph.ts";

/** Names that try to be more than names: markup, ends of elements, terminal sequences, formulas, characters that XML cannot hold. */
export const hostileNames = [
  '<img src=x onerror="alert(1)">',
  "</script><script>alert(2)</script>",
  "<!--<script>",
  "]]><svg onload=alert(3)>",
  "\u001b[31mred\u001b[0m\u0007",
  '=HYPERLINK("http://example.org")',
  "two\nlines, \"quotes\" & 'apostrophes'",
  "nul\u0000 and \ufffe and \ud800",
] as const;

/** A ring of nodes whose names, labels and attributes are all hostile. */
export function hostileGraph(): LabeledGraph {
  const graph = new UndirectedGraph();
  for (const [index, name] of hostileNames.entries()) {
    graph.addNode(name, { position: index, team: hostileNames[index % 2], [`about ${name}`]: name });
  }
  for (const [index, name] of hostileNames.entries()) {
    graph.addEdge(name, hostileNames[(index + 1) % hostileNames.length]);
  }
  return {
    title: '<b onclick="alert(4)">A graph</b></title><script>alert(5)</script>',
    graph,
    label: "team",
    split: (node) => (graph.getNodeAttribute(node, "position") < 4 ? "train" : "test"),
    nodeName: (node) => node,
  };
}
