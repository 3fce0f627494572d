import { loadNodeLabeling } from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import type { Report, Request, TrainingChoices } from "./protocol.ts";
import { NodesSession } from "./session.ts";

/** A session without a page: what it reports is kept. */
function session() {
  const reports: Report[] = [];
  const nodes = new NodesSession((report) => reports.push(report));
  const all = <Kind extends Report["kind"]>(kind: Kind) =>
    reports.filter((report): report is Extract<Report, { kind: Kind }> => report.kind === kind);
  const last = <Kind extends Report["kind"]>(kind: Kind): Extract<Report, { kind: Kind }> => {
    const report = all(kind).at(-1);
    if (report === undefined)
      throw new Error(`No report of the kind ${kind}, but ${reports.map((each) => each.kind).join()}.`);
    return report;
  };
  return { ask: (request: Request) => nodes.handle(request), reports, all, last };
}

async function karate(changed: Partial<TrainingChoices> = {}) {
  const opened = session();
  await opened.ask({ kind: "open-karate-club" });
  const choices = { ...opened.last("opened").opened.suggested, epochs: 30, ...changed };
  return { ...opened, choices };
}

const csv = { edges: "source,target\na,b\nb,c\nc,d\nd,a\n", nodes: "node,team\na,red\nb,red\nc,blue\nd,\n" };

describe("NodesSession", () => {
  it("opens the karate club: who is known, what can be predicted, and which edges there are", async () => {
    const { last } = await karate();
    const { drawn, attributes, suggested, hint } = last("opened").opened;
    expect(drawn.names).toHaveLength(34);
    expect(drawn.edges).toHaveLength(2 * 78);
    expect(attributes.map(({ name }) => name)).toEqual(["club"]);
    expect(suggested.label).toBe("club");
    expect(hint).toBeUndefined();
  });

  it("trains, telling every epoch once and in order, and labels the club", async () => {
    const { ask, choices, all, last } = await karate({ epochs: 60 });
    await ask({ kind: "train", choices });
    const points = all("progress").flatMap((report) => report.points);
    expect(points.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const { result, predictions } = last("finished");
    expect(result).toMatchObject({ wasStopped: false, epochs: 60 });
    expect(result.accuracy.test).toBeGreaterThan(0.85);
    expect(predictions.classes).toHaveLength(34);
  });

  it.each(["gat", "gatv2", "transformer"] as const)(
    "trains a network of %s layers, the same for the same seed",
    async (layer) => {
      const runs = await Promise.all([karate({ layer, epochs: 8 }), karate({ layer, epochs: 8 })]);
      for (const { ask, choices } of runs) await ask({ kind: "train", choices });
      const [one, other] = runs.map(({ last }) => last("finished").predictions);
      expect(one).toEqual(other);
    },
  );

  it("holds a run where it is, and goes on to the same end as without", async () => {
    const straight = await karate();
    await straight.ask({ kind: "train", choices: straight.choices });
    const held = await karate();
    const training = held.ask({ kind: "train", choices: held.choices });
    await held.ask({ kind: "pause" });
    await expect.poll(() => held.all("paused")).toHaveLength(1);
    const before = held.all("progress").flatMap(({ points }) => points).length;
    expect(held.last("paused").epoch).toBe(before);
    expect(before).toBeLessThan(30);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(held.all("progress").flatMap(({ points }) => points)).toHaveLength(before);
    await held.ask({ kind: "resume" });
    await training;
    expect(held.last("finished").predictions).toEqual(straight.last("finished").predictions);
  });

  it("stops a held run, and keeps what it has learned", async () => {
    const { ask, all, last, choices } = await karate();
    const training = ask({ kind: "train", choices });
    await ask({ kind: "pause" });
    await expect.poll(() => all("paused")).toHaveLength(1);
    await ask({ kind: "stop" });
    await training;
    expect(last("finished").result.wasStopped).toBe(true);
    expect(last("finished").predictions.classes).toHaveLength(34);
  });

  it("says whom a node attends to, and what a missing edge changes, and puts it back", async () => {
    const { ask, last, choices } = await karate();
    await ask({ kind: "train", choices });
    await ask({ kind: "inspect", node: 8, removedEdges: [] });
    const whole = last("inspected").inspected;
    expect(whole.neighbors.filter(({ edge }) => edge >= 0)).toHaveLength(5);
    for (let layer = 0; layer < 2; layer++) {
      for (let head = 0; head < 4; head++) {
        expect(whole.neighbors.reduce((sum, { heads }) => sum + heads[layer]![head]!, 0)).toBeCloseTo(1, 5);
      }
    }
    const { edge } = whole.neighbors.find((neighbor) => neighbor.edge >= 0)!;
    await ask({ kind: "inspect", node: 8, removedEdges: [edge] });
    const without = last("inspected").inspected;
    expect(without.neighbors.map((neighbor) => neighbor.edge)).not.toContain(edge);
    expect(without.before).toEqual(whole.probabilities);
    expect(without.probabilities).not.toEqual(whole.probabilities);
    await ask({ kind: "inspect", node: 8, removedEdges: [] });
    expect(last("inspected").inspected).toEqual(whole);
  });

  it("saves a model that the page and the library load, with the same answers", async () => {
    const { ask, last, all, choices } = await karate();
    await ask({ kind: "train", choices });
    await ask({ kind: "export", what: "model", colors: [], places: undefined });
    const { content } = last("exported");
    if (typeof content === "string") throw new Error("A model is bytes.");
    expect(loadNodeLabeling(content).classes).toEqual(["Mr. Hi", "Officer"]);
    const fresh = await karate();
    await fresh.ask({ kind: "open-model", file: new File([content], "club.safetensors") });
    expect(fresh.all("failed")).toEqual([]);
    expect(fresh.last("model-opened").predictions).toEqual(last("finished").predictions);
    expect(all("failed")).toEqual([]);
  });

  it("writes predictions as CSV and GEXF", async () => {
    const { ask, last, choices } = await karate();
    await ask({ kind: "train", choices });
    await ask({ kind: "export", what: "csv", colors: [], places: undefined });
    expect(String(last("exported").content).trim().split("\n")).toHaveLength(35);
    const places = Float32Array.from({ length: 68 }, (_, i) => i);
    await ask({ kind: "export", what: "gexf", colors: ["#ff0000", "#0000ff"], places });
    expect(String(last("exported").content)).toMatch(/<gexf/);
    expect(String(last("exported").content)).toMatch(/predictedLabel/);
  });

  it("reads a table of edges with one of nodes, in either order, and says what is missing without", async () => {
    const files = [new File([csv.nodes], "people.csv"), new File([csv.edges], "friends.csv")];
    for (const order of [files, [...files].reverse()]) {
      const { ask, last } = session();
      await ask({ kind: "open-files", files: order });
      expect(last("opened").opened).toMatchObject({ drawn: { title: "friends.csv", names: ["a", "b", "c", "d"] } });
      expect(last("opened").opened.suggested.label).toBe("team");
    }
    const { ask, last } = session();
    await ask({ kind: "open-files", files: [new File([csv.edges], "friends.csv")] });
    expect(last("opened").opened.hint).toMatch(/No node attribute/);
  });

  it.each([
    ["no graph", "myBad.gexf", "<html>"],
    ["no JSON", "bad.json", "{"],
    ["no table", "bad.csv", "a,b\n1\n"],
    ["no nodes", "empty.json", '{"nodes": [], "edges": []}'],
    [
      "too many nodes",
      "many.csv",
      `source,target\n${Array.from({ length: 50_001 }, (_, i) => `${i},${i + 1}`).join("\n")}`,
    ],
  ])("tells of a file with %s in a sentence, and keeps the graph that is open", async (_what, name, text) => {
    const { ask, last, all } = await karate();
    await ask({ kind: "open-files", files: [new File([text], name)] });
    expect(last("failed").during).toBe("open-files");
    expect(last("failed").message).toContain(name);
    expect(last("failed").message).toMatch(/[.!?]$/);
    expect(all("opened")).toHaveLength(1);
    await ask({ kind: "train", choices: { ...last("opened").opened.suggested, epochs: 2 } });
    expect(all("finished")).toHaveLength(1);
  });

  it.each([
    ["no model", Uint8Array.of(1, 2, 3)],
    ["a model of nothing", new TextEncoder().encode("x".repeat(1000))],
  ])("tells of a file of %s in a sentence", async (_what, bytes) => {
    const { ask, last } = await karate();
    await ask({ kind: "open-model", file: new File([bytes], "odd.safetensors") });
    expect(last("failed")).toMatchObject({ during: "open-model", message: expect.stringMatching(/[.!?]$/) });
  });

  it("has no file of a network that learned each node by itself", async () => {
    const { ask, last, choices } = await karate({ features: [], epochs: 2 });
    await ask({ kind: "train", choices });
    await ask({ kind: "export", what: "model", colors: [], places: undefined });
    expect(last("failed").message).toMatch(/without features/);
  });
});
