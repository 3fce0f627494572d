import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { predictGraphs } from "./graphs/predict-graphs.ts";
import { labelNodes } from "./label-nodes.ts";
import { predictLinks } from "./links/predict-links.ts";

/** A ring whose nodes know their team, but for one. */
function ring(count: number): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let k = 0; k < count; k++)
    graph.addNode(k, { size: k % 3, ...(k > 0 && { team: k % 2 === 0 ? "even" : "odd" }) });
  for (let k = 0; k < count; k++) graph.addEdge(k, (k + 1) % count);
  return graph;
}

type OnProgress = (progress: unknown) => unknown;

const tasks: Readonly<Record<string, (onProgress: OnProgress) => Promise<unknown>>> = {
  labelNodes: (onProgress) => labelNodes(ring(12), { label: "team", epochs: 3, onProgress }),
  predictLinks: (onProgress) => predictLinks(ring(30), { epochs: 3, onProgress }),
  predictGraphs: (onProgress) => {
    const graphs = Array.from({ length: 10 }, (_, k) => {
      const graph = ring(3 + k);
      graph.setAttribute("nodes", 3 + k);
      return graph;
    });
    return predictGraphs(graphs, { target: "nodes", features: ["size"], epochs: 3, onProgress });
  },
};

describe("a task waits for a promise that its progress returns", () => {
  for (const [name, train] of Object.entries(tasks)) {
    it(name, async () => {
      let calls = 0;
      let goOn: () => void = () => {};
      let ended = false;
      const open = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const training = train(() => {
        calls++;
        return open;
      }).finally(() => {
        ended = true;
      });
      while (calls === 0 && !ended) await new Promise((resolve) => setTimeout(resolve, 1));
      // Long enough for the epochs that a task that does not wait would go through.
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setTimeout(resolve, 1));
      expect({ calls, ended }).toEqual({ calls: 1, ended: false });
      goOn();
      await training;
      expect(calls).toBeGreaterThan(1);
    });
  }
});
