import { UndirectedGraph } from "graphology";
import { write } from "graphology-gexf";
import { describe, expect, it } from "vitest";
import { givenLabel } from "../labeled-graph.ts";
import { GraphFileError } from "./graph-file-error.ts";
import { graphFileEndings, readGraph } from "./read-graph.ts";

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

const people = { name: "people.csv", content: "node,label,team\n1,Ann,red\n2,Ben,\n" };

describe("readGraph", () => {
  it.each(good)("reads %s, as text and as bytes, wherever it lies", (name, text) => {
    const nodes = name.endsWith(".csv") ? people : undefined;
    const input = readGraph({ graph: { name: `some/folder\\${name}`, content: text() }, nodes, label: "team" });
    const bytes = new TextEncoder().encode(text());
    const same = readGraph({ graph: { name: name.toUpperCase(), content: bytes }, nodes, label: "team" });
    expect(same.graph.export().nodes).toEqual(input.graph.export().nodes);
    expect(input.graph.nodes()).toEqual(["1", "2", "3"]);
    expect(input.graph.size).toBe(2);
    expect(input.title).toBe(name);
    expect(input.nodeName("1")).toBe("Ann");
    expect(["1", "2", "3"].map((node) => givenLabel(input, node))).toEqual(["red", undefined, undefined]);
  });

  it("has an example of each ending that it takes", () => {
    expect(good.map(([name]) => name.replace("friends", "")).sort()).toEqual([...graphFileEndings].sort());
  });

  it("calls nodes by their keys when the name is what is to be predicted", () => {
    const graph = { name: "names.json", content: JSON.stringify(friends().export()) };
    expect(readGraph({ graph, label: "label" }).nodeName("1")).toBe("1");
  });

  it("hands the features and the weight on to labelNodes", () => {
    const graph = { name: "friends.gexf", content: write(friends()) };
    expect(readGraph({ graph, label: "team" })).not.toHaveProperty("features");
    const input = readGraph({ graph, label: "team", features: ["age"], weight: "strength" });
    expect(input).toMatchObject({ label: "team", features: ["age"], edgeWeight: "strength" });
  });

  it("keeps directions and parallel edges of a file that has them", () => {
    const text = `<gexf version="1.3"><graph defaultedgetype="directed"><nodes><node id="a"/><node id="b"/></nodes>
      <edges><edge id="0" source="a" target="b"/><edge id="1" source="a" target="b"/></edges></graph></gexf>`;
    const { graph } = readGraph({ graph: { name: "multi.gexf", content: text }, label: "x" });
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
    ["bytes that are not UTF-8", "latin.csv", Uint8Array.of(0x73, 0xe4, 0x0a)],
  ])("refuses %s", (_what, name, content) => {
    const read = () => readGraph({ graph: { name: `folder/${name}`, content }, label: "team" });
    expect(read).toThrow(GraphFileError);
    expect(read).toThrow(
      expect.objectContaining({ code: "unreadable-graph", message: expect.stringContaining(`folder/${name}`) }),
    );
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining("\n") }));
  });

  it.each([
    ["an unknown ending", "graph.xlsx", undefined],
    ["no ending", "graph", undefined],
    ["an ending of the folder", "folder.csv/graph", undefined],
    ["an ending without a name", ".gexf", undefined],
    ["a table of nodes beside a file that has its own", "a.gexf", people],
  ])("refuses %s", (_what, name, nodes) => {
    expect(() => readGraph({ graph: { name, content: "" }, nodes, label: "team" })).toThrow(
      expect.objectContaining({ code: "unknown-format", message: expect.stringContaining(name) }),
    );
  });
});
