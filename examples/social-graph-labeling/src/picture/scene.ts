import { knownLabel, type LabeledGraph, testLabel } from "@vicinal/example-graph-files";
import { rounded } from "@vicinal/example-report";
import type { NodeLabeling } from "@vicinal/graph";
import { type AttentionPair, attendedMost, attentionPairs, attentionReceived } from "./attention-pairs.ts";
import { layOut } from "./layout.ts";
import { nodeColors } from "./node-colors.ts";
import { classColors } from "./palette.ts";
import { sampleNodes } from "./sample.ts";

/** Graphs with more nodes are shown by a sample, so that the picture stays legible and the report quick. */
export const SHOWN_WHOLE = 3000;
/** How many nodes a sample has. */
export const SAMPLE = 1000;
/** How many edges are drawn at most: those with the most attention. */
const SHOWN_EDGES = 6000;

/** Everything that the picture and the report show of the graph. It is plain data, and goes into the report as JSON. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly classes: readonly SceneClass[];
  readonly nodes: readonly SceneNode[];
  /** Between nodes of the scene, by index; the edge with the most attention comes last, so that it is drawn on top. */
  readonly edges: readonly AttentionPair[];
  /** What is left out, in a sentence; undefined when everything is shown. */
  readonly note?: string;
}

interface SceneClass {
  readonly name: string;
  readonly color: string;
  /** How many nodes of the whole graph are predicted to be in it. */
  readonly nodes: number;
}

export interface SceneNode {
  readonly key: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly color: string;
  /** Index of the predicted class. */
  readonly predicted: number;
  readonly confidence: number;
  /** Index of the class that was known while training. */
  readonly known?: number;
  /** Index of the class that was held back, where the prediction missed it. */
  readonly missed?: number;
  /** What the node attended to most, the most first. `"itself"` is the node's own. */
  readonly attends: readonly { readonly name: string; readonly weight: number }[];
}

/** The room for a graph; a flat graph gets a lower picture. */
const frame = { width: 1000, height: 640, margin: 36 };

/** Chooses what is shown, and places it. Everything random follows from `seed`. */
export function createScene(input: LabeledGraph, labeling: NodeLabeling, seed: number): Scene {
  const { graph } = input;
  const classIndex = new Map(labeling.classes.map((name, index) => [name, index]));
  const colors = classColors(labeling.classes.length);
  const color = nodeColors(labeling);
  const keys = sampleNodes(graph, graph.order > SHOWN_WHOLE ? SAMPLE : SHOWN_WHOLE, seed);
  const index = new Map(keys.map((key, position) => [key, position]));

  const pairs = attentionPairs(labeling.attention, index);
  const received = attentionReceived(labeling.attention);
  const largest = Math.max(...keys.map((key) => received.get(key) ?? 0), 1);
  const [small, large] = radii(keys.length);
  const radius = (key: string) => small + (large - small) * Math.sqrt((received.get(key) ?? 0) / largest);
  const { places, height } = layOut(
    keys.map((key) => ({ key, radius: radius(key) })),
    pairs.map(({ a, b }) => [keys[a]!, keys[b]!]),
    frame,
  );

  const attends = attendedMost(labeling.attention, index, input.nodeName);
  const nodes = keys.map((key, position): SceneNode => {
    const predicted = classIndex.get(labeling.predictions[key]!)!;
    const confidence = labeling.confidences[key]!;
    const known = knownLabel(input, key);
    const held = testLabel(input, key);
    return {
      key,
      name: input.nodeName(key),
      x: rounded(places.get(key)!.x),
      y: rounded(places.get(key)!.y),
      radius: rounded(radius(key)),
      color: color(key),
      predicted,
      confidence: rounded(confidence, 4),
      ...(known === undefined ? {} : { known: classIndex.get(known)! }),
      ...(held === undefined || held === labeling.predictions[key] ? {} : { missed: classIndex.get(held) ?? -1 }),
      attends: attends[position]!,
    };
  });
  const edges = pairs.sort((e, f) => e.attention - f.attention).slice(-SHOWN_EDGES);
  const note = whatIsLeftOut(graph.order, nodes.length, pairs.length, edges.length);
  return {
    width: frame.width,
    height,
    classes: labeling.classes.map((name, position) => ({
      name,
      color: colors[position]!,
      nodes: countOf(labeling.predictions, name),
    })),
    nodes,
    edges,
    ...(note === undefined ? {} : { note }),
  };
}

/** The smallest and the largest radius: circles cover about the same share of any picture, and stay large enough to see. */
function radii(nodes: number): [number, number] {
  const unit = Math.sqrt((frame.width * frame.height) / Math.max(nodes, 20));
  return [Math.max(0.065 * unit, Math.min(3, 0.13 * unit)), Math.max(0.19 * unit, Math.min(9, 0.4 * unit))];
}

function whatIsLeftOut(order: number, nodes: number, pairs: number, edges: number): string | undefined {
  const count = (value: number) => value.toLocaleString("en");
  const sampled =
    nodes < order ? `Shown are ${count(nodes)} of the ${count(order)} nodes, found by a random walk` : undefined;
  const thinned = edges < pairs ? `the ${count(edges)} of ${count(pairs)} edges with the most attention` : undefined;
  if (sampled !== undefined) return `${sampled}${thinned === undefined ? "" : `, and ${thinned}`}.`;
  return thinned === undefined ? undefined : `Shown are all nodes, and ${thinned}.`;
}

function countOf(predictions: Readonly<Record<string, string>>, label: string): number {
  return Object.values(predictions).filter((predicted) => predicted === label).length;
}
