import type { NodeLabeling } from "@vicinal/graph";
import { MultiGraph } from "graphology";
import { write } from "graphology-gexf";
import { knownLabel, type LabeledGraph } from "../labeled-graph.ts";
import { xmlText } from "./xml-text.ts";

/** How a picture shows the nodes, so that the file shows them the same way. */
export interface NodeLook {
  /** The colour of a node, as CSS writes it: `#rrggbb` or `rgb(…)`. */
  readonly color: (node: string) => string;
  /** Where a node lies, with `y` growing upwards; undefined for a node that the picture leaves out. Default: the file says no places. */
  readonly place?: (node: string) => { readonly x: number; readonly y: number } | undefined;
}

/**
 * The graph for Gephi and its like: on each node the predicted label, its confidence, the known label and a colour; on each edge the
 * attention that its ends pay along it, and a thickness that follows the larger of the two. Attributes of the input that are plain values
 * are kept. Nodes have the places of the look if it has one for
 * each of them.
 */
export function predictionsGexf(input: LabeledGraph, labeling: NodeLabeling, look: NodeLook): string {
  const { graph } = input;
  const { place } = look;
  const placed = place !== undefined && graph.everyNode((node) => place(node) !== undefined);
  const result = new MultiGraph({ type: graph.type });
  graph.forEachNode((node, attributes) => {
    const known = knownLabel(input, node);
    result.addNode(xmlText(node), {
      ...plainValues(attributes),
      label: xmlText(input.nodeName(node)),
      predictedLabel: xmlText(labeling.predictions[node]!),
      labelConfidence: rounded(labeling.confidences[node]!, 6),
      ...(known === undefined ? {} : { knownLabel: xmlText(known) }),
      color: look.color(node),
      ...(placed ? place(node) : {}),
    });
  });
  const paid = attentionOfEdges(labeling);
  graph.forEachEdge((edge, attributes, source, target, _source, _target, undirected) => {
    const towards = paid.get(edge);
    const attentionOfTarget = rounded(towards?.get(target) ?? 0, 6);
    const attentionOfSource = rounded(towards?.get(source) ?? 0, 6);
    const thickness = rounded(0.5 + 8 * Math.max(attentionOfTarget, attentionOfSource), 2);
    const add = undirected ? result.addUndirectedEdgeWithKey : result.addDirectedEdgeWithKey;
    add.call(result, xmlText(edge), xmlText(source), xmlText(target), {
      ...plainValues(attributes),
      attentionOfSource,
      attentionOfTarget,
      thickness,
    });
  });
  return write(result);
}

/** A number with fewer digits, for files that people read. */
function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** For each edge, how much each of its ends attends along it. */
function attentionOfEdges({ attention }: NodeLabeling): Map<string, Map<string, number>> {
  const paid = new Map<string, Map<string, number>>();
  for (const { edge, target, weight } of attention) {
    if (edge === undefined) continue;
    const ends = paid.get(edge) ?? new Map<string, number>();
    ends.set(target, (ends.get(target) ?? 0) + weight);
    paid.set(edge, ends);
  }
  return paid;
}

function plainValues(attributes: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  const plain: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "string") plain[xmlText(name)] = xmlText(value);
    else if (typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)))
      plain[xmlText(name)] = value;
  }
  return plain;
}
