import type { NodeLabeling } from "@vicinal/graph";
import { MultiGraph } from "graphology";
import { write } from "graphology-gexf";
import { knownLabel, type LabeledGraph } from "../input/labeled-graph.ts";
import { classColors, nodeColor } from "../picture/palette.ts";
import { rounded } from "../picture/rounded.ts";
import type { Scene } from "../picture/scene.ts";
import { xmlText } from "./xml-text.ts";

/**
 * The graph for Gephi and its like: on each node the predicted label, its confidence, the known label and a colour; on each edge the
 * attention that its ends pay along it, and a thickness that follows the larger of the two. Attributes of the input that are plain values
 * are kept. Nodes have their places of the picture if it shows all of them.
 */
export function predictionsGexf(input: LabeledGraph, labeling: NodeLabeling, scene: Scene): string {
  const { graph } = input;
  const colors = classColors(labeling.classes.length);
  const classIndex = new Map(labeling.classes.map((name, index) => [name, index]));
  const places = new Map(scene.nodes.map(({ key, x, y }) => [key, { x, y: -y }]));
  const placed = places.size === graph.order;
  const result = new MultiGraph({ type: graph.type });
  graph.forEachNode((node, attributes) => {
    const predicted = labeling.predictions[node]!;
    const confidence = labeling.confidences[node]!;
    const known = knownLabel(input, node);
    result.addNode(xmlText(node), {
      ...plainValues(attributes),
      label: xmlText(input.nodeName(node)),
      predictedLabel: xmlText(predicted),
      labelConfidence: rounded(confidence, 6),
      ...(known === undefined ? {} : { knownLabel: xmlText(known) }),
      color: nodeColor(colors[classIndex.get(predicted)!]!, confidence, labeling.classes.length),
      ...(placed ? places.get(node) : {}),
    });
  });
  const paid = attentionOfEdges(labeling);
  graph.forEachEdge((edge, attributes, source, target, _source, _target, undirected) => {
    const towards = paid.get(edge);
    const attentionOfTarget = rounded(towards?.get(target) ?? 0, 6);
    const attentionOfSource = rounded(towards?.get(source) ?? 0, 6);
    const thickness = rounded(0.5 + 8 * Math.max(attentionOfTarget, attentionOfSource));
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
