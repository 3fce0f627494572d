import { UndirectedGraph } from "graphology";
import { forceAtlas } from "./force-atlas.ts";
import { Gate } from "./gate.ts";
import type { LayoutControl, LayoutReport, LayoutRequest } from "./layout-protocol.ts";
import { startingPlaces } from "./starting-places.ts";

/** Iterations in all: small graphs settle in fewer milliseconds, not in fewer iterations. */
const iterationsFor = (nodes: number): number => (nodes < 300 ? 600 : 260);
/** Between two reports, in milliseconds. */
const reportedEvery = 90;
/** After each report the processor is left to others for a while: a layout is not urgent. */
const restMilliseconds = 30;
/** However large the graph, a layout ends: after so much work. */
const mostMilliseconds = 30_000;

const gate = new Gate();

addEventListener("message", ({ data }: MessageEvent<LayoutRequest | LayoutControl>) => {
  if (data.kind === "place") void layOut(data);
  else if (data.kind === "hold") gate.close();
  else gate.open();
});

async function layOut({ nodes, edges }: LayoutRequest): Promise<void> {
  const graph = new UndirectedGraph();
  const starts = startingPlaces(nodes);
  for (let i = 0; i < nodes; i++) graph.addNode(i, { x: starts[2 * i], y: starts[2 * i + 1] });
  for (let e = 0; e < edges.length; e += 2) if (edges[e] !== edges[e + 1]) graph.mergeEdge(edges[e], edges[e + 1]);
  const settings = { ...forceAtlas.inferSettings(graph), barnesHutOptimize: nodes > 500, barnesHutTheta: 0.8 };
  let worked = 0;
  let left = iterationsFor(nodes);
  // Enough at once that what ForceAtlas2 learns of swinging nodes is not forgotten all the time.
  let atOnce = 10;
  while (left > 0 && worked < mostMilliseconds) {
    const start = performance.now();
    forceAtlas.assign(graph, { iterations: Math.min(atOnce, left), settings, getEdgeWeight: null });
    left -= atOnce;
    const spent = performance.now() - start;
    worked += spent;
    const each = spent / atOnce;
    atOnce = Math.max(10, Math.round(reportedEvery / Math.max(each, 0.01)));
    report({ places: placesOf(graph), isDone: left <= 0 });
    await new Promise((resolve) => setTimeout(resolve, restMilliseconds));
    await gate.passed();
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
