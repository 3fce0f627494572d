import { createRequire } from "node:module";
import { UndirectedGraph } from "graphology";
import { circular } from "graphology-layout";

// These packages are CommonJS whose types promise a `default` that Node does not find: they are taken as what they are.
const require = createRequire(import.meta.url);
const forceAtlas2: typeof import("graphology-layout-forceatlas2").default = require("graphology-layout-forceatlas2");
const noverlap: typeof import("graphology-layout-noverlap").default = require("graphology-layout-noverlap");

/** A place on the picture: x to the right, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A node to place, with the radius of its circle. */
export interface PlacedNode {
  readonly key: string;
  readonly radius: number;
}

/** The room that there is. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
}

/**
 * Places nodes so that neighbors are close and circles do not overlap: ForceAtlas2 from a circle, turned so that the graph lies along the
 * wide side. The same nodes and edges in the same order give the same places. `height` is what is used of the frame's.
 */
export function layOut(
  nodes: readonly PlacedNode[],
  edges: readonly (readonly [string, string])[],
  frame: Frame,
): { places: Map<string, Point>; height: number } {
  const graph = new UndirectedGraph();
  for (const { key, radius } of nodes) graph.addNode(key, { size: radius });
  for (const [a, b] of edges) if (a !== b) graph.mergeEdge(a, b);
  if (graph.order === 0) return { places: new Map(), height: 2 * frame.margin };

  circular.assign(graph, { scale: 10 * Math.sqrt(graph.order) });
  const approximate = graph.order > 300;
  const settings = { ...forceAtlas2.inferSettings(graph), barnesHutOptimize: approximate, barnesHutTheta: 1.2 };
  forceAtlas2.assign(graph, { iterations: approximate ? 300 : 1000, settings, getEdgeWeight: null });
  place(graph, fitted(turned(pointsOf(graph)), frame));
  noverlap.assign(graph, { maxIterations: 200, settings: { margin: approximate ? 0.5 : 4, ratio: 1 } });
  const points = fitted(pointsOf(graph), frame);
  const [top, bottom] = extent(points.map(({ y }) => y));
  const lift = top - frame.margin;
  return {
    places: new Map(graph.nodes().map((node, index) => [node, { x: points[index]!.x, y: points[index]!.y - lift }])),
    height: Math.ceil(bottom - lift + frame.margin),
  };
}

function pointsOf(graph: UndirectedGraph): Point[] {
  return graph.mapNodes((_, { x, y }) => ({ x: Number(x), y: Number(y) }));
}

function place(graph: UndirectedGraph, points: readonly Point[]): void {
  let index = 0;
  graph.updateEachNodeAttributes((_, attributes) => ({ ...attributes, ...points[index++] }), {
    attributes: ["x", "y"],
  });
}

/** Turns points around their mean so that they spread most along x: the angle of the first principal axis. */
function turned(points: readonly Point[]): Point[] {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [centerX, centerY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const centered = points.map(({ x, y }) => ({ x: x - centerX, y: y - centerY }));
  const xx = mean(centered.map(({ x }) => x * x));
  const yy = mean(centered.map(({ y }) => y * y));
  const xy = mean(centered.map(({ x, y }) => x * y));
  const angle = -Math.atan2(2 * xy, xx - yy) / 2;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return centered.map(({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos }));
}

/** Scales and moves points so that they fill the frame, without distorting them. */
function fitted(points: readonly Point[], { width, height, margin }: Frame): Point[] {
  const [left, right] = extent(points.map(({ x }) => x));
  const [top, bottom] = extent(points.map(({ y }) => y));
  const scale = Math.min(
    (width - 2 * margin) / Math.max(right - left, 1e-9),
    (height - 2 * margin) / Math.max(bottom - top, 1e-9),
  );
  const factor = points.length > 1 ? scale : 1;
  return points.map(({ x, y }) => ({
    x: width / 2 + (x - (left + right) / 2) * factor,
    y: height / 2 + (y - (top + bottom) / 2) * factor,
  }));
}

function extent(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
