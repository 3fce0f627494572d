import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UndirectedGraph } from "graphology";
import { write } from "graphology-gexf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GraphFileError } from "./graph-file-error.ts";
import { givenLabel } from "./labeled-graph.ts";
import { readGraphFile } from "./read-graph-file.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-graphs-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

function friends(): UndirectedGraph {
  const graph = new UndirectedGraph();
  graph.addNode("1", { label: "Ann", team: "red", age: 30 });
  graph.addNode("2", { label: "Ben", team: "", age: 31 });
  graph.addNode("3", { label: "Cid", age: 32 });
  graph.addEdge("1", "2", { weight: 2 });
  graph.addEdge("2", "3", { weight: 1 });
  return graph;
}

const graphml = `<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="d0" for="node" attr.name="team" attr.type="string"/><key id="d1" for="node" attr.name="label" attr.type="string"/>
  <graph edgedefault="undirected">
    <node id="1"><data key="d0">red</data><data key="d1">Ann</data></node><node id="2"><data key="d0"></data></node><node id="3"/>
    <edge source="1" target="2"/><edge source="2" target="3"/>
  </graph></graphml>`;

const good: readonly (readonly [name: string, text: () => string])[] = [
  ["friends.gexf", () => write(friends())],
  ["friends.graphml", () => graphml],
  ["friends.json", () => JSON.stringify(friends().export())],
  ["friends.csv", () => "source,target\n1,2\n2,3\n"],
];

describe("readGraphFile", () => {
  it.each(good)("reads %s", async (name, text) => {
    const path = await fileWith(name, text());
    const csv = name.endsWith(".csv");
    const nodes = csv ? await fileWith("people.csv", "node,label,team\n1,Ann,red\n2,Ben,\n") : undefined;
    const input = await readGraphFile({ graph: path, nodes, label: "team" });
    expect(input.graph.nodes()).toEqual(["1", "2", "3"]);
    expect(input.graph.size).toBe(2);
    expect(input.title).toBe(name);
    expect(input.nodeName("1")).toBe("Ann");
    expect(["1", "2", "3"].map((node) => givenLabel(input, node))).toEqual(["red", undefined, undefined]);
  });

  it("calls nodes by their keys when the name is what is to be predicted", async () => {
    const path = await fileWith("names.json", JSON.stringify(friends().export()));
    expect((await readGraphFile({ graph: path, label: "label" })).nodeName("1")).toBe("1");
  });

  it("keeps directions and parallel edges of a file that has them", async () => {
    const text = `<gexf version="1.3"><graph defaultedgetype="directed"><nodes><node id="a"/><node id="b"/></nodes>
      <edges><edge id="0" source="a" target="b"/><edge id="1" source="a" target="b"/></edges></graph></gexf>`;
    const { graph } = await readGraphFile({ graph: await fileWith("multi.gexf", text), label: "x" });
    expect(graph.size).toBe(2);
    expect(graph.directedSize).toBe(2);
  });

  const truncated = (text: string) => text.slice(0, Math.floor(text.length * 0.7));
  it.each([
    ["a truncated GEXF file", "bad.gexf", truncated(write(friends()))],
    ["a GEXF file that is not XML", "text.gexf", "source,target\n1,2\n"],
    ["an empty GEXF file", "empty.gexf", ""],
    ["GraphML that is called GEXF", "wrong.gexf", graphml],
    ["a GEXF file without a graph", "none.gexf", '<gexf version="1.3"></gexf>'],
    [
      "a GEXF edge to a node that is not there",
      "edge.gexf",
      '<gexf><graph><nodes><node id="a"/></nodes><edges><edge source="a" target="b"/></edges></graph></gexf>',
    ],
    [
      "a GEXF node that comes twice",
      "twice.gexf",
      '<gexf><graph><nodes><node id="a"/><node id="a"/></nodes></graph></gexf>',
    ],
    ["a truncated GraphML file", "bad.graphml", truncated(graphml)],
    ["GraphML data of an unknown type", "type.graphml", graphml.replace('attr.type="string"', 'attr.type="blob"')],
    ["truncated JSON", "bad.json", truncated(JSON.stringify(friends().export()))],
    ["JSON of something else", "other.json", '{"name": "not a graph"}'],
    ["JSON that is a list", "list.json", "[1, 2]"],
    ["JSON that is null", "null.json", "null"],
    [
      "a JSON edge to a node that is not there",
      "edge.json",
      '{"nodes": [{"key": "a"}], "edges": [{"source": "a", "target": "b"}]}',
    ],
  ])("refuses %s", async (_what, name, text) => {
    const path = await fileWith(name, text);
    const error = await readGraphFile({ graph: path, label: "team" }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GraphFileError);
    expect(error).toMatchObject({ code: "unreadable-graph", message: expect.stringContaining(path) });
    expect(error).toMatchObject({ message: expect.not.stringContaining("\n") });
  });

  it.each([
    ["a file that is not there", { graph: "nowhere.gexf" }, "missing-file"],
    ["a folder", { graph: "folder.csv" }, "missing-file"],
    ["an unknown ending", { graph: "graph.xlsx" }, "unknown-format"],
    ["no ending", { graph: "graph" }, "unknown-format"],
    ["a table of nodes beside a file that has its own", { graph: "a.gexf", nodes: "b.csv" }, "unknown-format"],
  ])("refuses %s", async (_what, options, code) => {
    await expect(readGraphFile({ ...options, label: "team" })).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(options.graph) }),
    );
  });
});
