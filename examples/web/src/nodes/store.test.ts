import { describe, expect, it } from "vitest";
import type { OpenedGraph, Report, Request, TrainingChoices } from "./protocol.ts";
import { NodesStore } from "./store.ts";

const choices: TrainingChoices = {
  label: "team",
  features: [],
  layer: "gat",
  heads: 2,
  hiddenPerHead: 4,
  epochs: 5,
  seed: 0,
};
const opened: OpenedGraph = {
  drawn: { title: "A graph", names: ["a", "b", "c"], edges: Uint32Array.of(0, 1, 1, 2) },
  attributes: [],
  suggested: choices,
  hint: undefined,
};

/** A store whose workers do nothing but remember. */
function storeWithWorkers() {
  const workers: { readonly asked: Request[]; tell: (report: Report) => void; die: () => void; isEnded: boolean }[] =
    [];
  const store = new NodesStore((tell, die) => {
    const asked: Request[] = [];
    const worker = { asked, tell, die, isEnded: false };
    workers.push(worker);
    return {
      postMessage: (request) => worker.asked.push(request),
      terminate: () => {
        worker.isEnded = true;
      },
    };
  }, choices);
  return { store, workers };
}

describe("NodesStore", () => {
  it("asks nothing that cannot be asked now", () => {
    const { store, workers } = storeWithWorkers();
    store.ask({ kind: "pause" });
    store.export("csv");
    expect(workers[0]!.asked).toEqual([]);
    store.ask({ kind: "open-karate-club" });
    store.train();
    expect(workers[0]!.asked.map(({ kind }) => kind)).toEqual(["open-karate-club"]);
  });

  it("takes an edge away and puts it back, and forgets both for another node", () => {
    const { store, workers } = storeWithWorkers();
    workers[0]!.tell({ kind: "opened", opened });
    store.train();
    store.select(1);
    store.toggleEdge(0);
    store.toggleEdge(1);
    store.toggleEdge(0);
    store.select(2);
    const inspected = workers[0]!.asked.flatMap((request) => (request.kind === "inspect" ? [request] : []));
    expect(inspected.map(({ node, removedEdges }) => [node, removedEdges])).toEqual([
      [1, []],
      [1, [0]],
      [1, [0, 1]],
      [1, [1]],
      [2, []],
    ]);
  });

  it("starts a worker again that broke off, and says so", () => {
    const { store, workers } = storeWithWorkers();
    workers[0]!.tell({ kind: "opened", opened });
    workers[0]!.die();
    expect(workers).toHaveLength(2);
    expect(workers[0]!.isEnded).toBe(true);
    expect(workers[1]!.asked).toEqual([{ kind: "open-karate-club" }]);
    expect(store.error.value).toMatch(/broken off/);
  });

  it("does not start one over and over that cannot be started", () => {
    const { store, workers } = storeWithWorkers();
    workers[0]!.die();
    expect(workers).toHaveLength(1);
    expect(store.error.value).toMatch(/cannot be started/);
  });
});
