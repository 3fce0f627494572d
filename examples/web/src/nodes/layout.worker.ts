import { UndirectedGraph } from "graphology";
import { forceAtlas } from "./force-atlas.ts";
import type { LayoutReport, LayoutRequest } from "./layout-protocol.ts";
import { startingPlaces } from "./starting-places.ts";

/** Iterations in all: small graphs settle in fewer milliseconds, not in fewer iterations. */
const iterationsFor = (nodes: number): number => (nodes < 300 ? 600 : 260);
/** Between two reports, in milliseconds. */
const reportedEvery = 90;
/** After each report the processor is left to others for a while: a layout is not urgent. */
const restMilliseconds = 30;
/** However large the graph, a layout ends. */
const mostMilliseconds = 30_000;

addEventListener("message", ({ data }: MessageEvent<LayoutRequest>) => {
  void layOut(data);
});

async function layOut({ nodes, edges }: LayoutRequest): Promise<void> {
  const graph = new UndirectedGraph();
  const starts = startingPlaces(nodes);
  for (let i = 0; i < nodes; i++) graph.addNode(i, { x: starts[2 * i], y: starts[2 * i + 1] });
  for (let e = 0; e < edges.length; e += 2) if (edges[e] !== edges[e + 1]) graph.mergeEdge(edges[e], edges[e + 1]);
  const settings = { ...forceAtlas.inferSettings(graph), barnesHutOptimize: nodes > 500, barnesHutTheta: 0.8 };
  const begin = performance.now();
  let left = iterationsFor(nodes);
  // Enough at once that what ForceAtlas2 learns of swinging nodes is not forgotten all the time.
  let atOnce = 10;
  while (left > 0 && performance.now() - begin < mostMilliseconds) {
    const start = performance.now();
    forceAtlas.assign(graph, { iterations: Math.min(atOnce, left), settings, getEdgeWeight: null });
    left -= atOnce;
    const each = (performance.now() - start) / atOnce;
    atOnce = Math.max(10, Math.round(reportedEvery / Math.max(each, 0.01)));
    report({ places: placesOf(graph), isDone: left <= 0 });
    await new Promise((resolve) => setTimeout(resolve, restMilliseconds));
  }
  if (left > 0) report({ places: placesOf(graph), isDone: true });
}

function report(message: LayoutReport): void {
  postMessage(message, { transfer: [message.places.buffer] });
}

function placesOf(graph: UndirectedGraph): Float32Array<ArrayBuffer> {
  const places = new Float32Array(2 * graph.order);
  let next = 0;
  graph.forEachNode((_, { x, y }) => {
    places[next++] = Number(x);
    places[next++] = Number(y);
  });
  return places;
}
