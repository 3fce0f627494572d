import { describe, expect, it } from "vitest";
import { GraphFileError } from "./graph-file-error.ts";
import { readCsv } from "./read-csv.ts";

const edges = (text: string) => ({ name: "edges.csv", content: text });
const nodes = (text: string) => ({ name: "nodes.csv", content: text });

describe("readCsv", () => {
  it("reads edges with their attributes, by the names of the columns", () => {
    const graph = readCsv(edges("weight,target,source\n2.5,b,a\n1,c,b\n"), undefined, []);
    expect(graph.nodes()).toEqual(["a", "b", "c"]);
    expect(graph.type).toBe("undirected");
    expect(graph.getEdgeAttribute("a", "b", "weight")).toBe(2.5);
  });

  it("takes a pair that comes again, in either direction, as the same edge", () => {
    const graph = readCsv(edges("from,to,kind\na,b,old\nb,a,new\n"), undefined, []);
    expect(graph.size).toBe(1);
    expect(graph.getEdgeAttribute("a", "b", "kind")).toBe("new");
  });

  it("adds node attributes, and nodes without an edge", () => {
    const table = "id,team,age,city\na,red,30,Bern\nlonely,,41,\n";
    const graph = readCsv(edges("source,target\na,b\n"), nodes(table), ["team"]);
    expect(graph.getNodeAttributes("a")).toEqual({ team: "red", age: 30, city: "Bern" });
    expect(graph.getNodeAttributes("b")).toEqual({});
    expect(graph.getNodeAttributes("lonely")).toEqual({ age: 41 });
  });

  it("reads a column as numbers only if all of it is, and never one that must stay text", () => {
    const table = "node,code,mixed\na,007,1\nb,010,one\n";
    const read = (textColumns: string[]) => readCsv(edges("source,target\na,b\n"), nodes(table), textColumns);
    expect(read([]).getNodeAttributes("a")).toEqual({ code: 7, mixed: "1" });
    expect(read(["code"]).getNodeAttributes("a")).toEqual({ code: "007", mixed: "1" });
  });

  it("reads quotes, commas and line ends in fields, a byte order mark and Windows line ends", () => {
    const text = '\ufeffsource,target,note\r\n"Ann, ""the"" one",b,"two\nlines"\r\n';
    const graph = readCsv(edges(text), undefined, []);
    expect(graph.nodes()).toEqual(['Ann, "the" one', "b"]);
    expect(graph.getEdgeAttribute('Ann, "the" one', "b", "note")).toBe("two\nlines");
  });

  it.each([
    ["an empty file", "", "missing-column"],
    ["a file without the columns of an edge", "a,b\n1,2\n", "missing-column"],
    ["a line with too few fields", "source,target\na,b\nc\n", "unreadable-graph"],
    ["a quote that is never closed", 'source,target\n"a,b\n', "unreadable-graph"],
    ["an edge that lacks an end", "source,target\na,\n", "unreadable-graph"],
    ["a column that is named twice", "source,target,source\na,b,c\n", "unreadable-graph"],
  ])("refuses %s and names the file", (_what, text, code) => {
    const read = () => readCsv(edges(text), undefined, []);
    expect(read).toThrow(GraphFileError);
    expect(read).toThrow(expect.objectContaining({ code, message: expect.stringContaining("edges.csv") }));
  });

  it("refuses a table of nodes without their keys", () => {
    const read = () => readCsv(edges("source,target\na,b\n"), nodes("team\nred\n"), []);
    expect(read).toThrow(
      expect.objectContaining({ code: "missing-column", message: expect.stringContaining("nodes.csv") }),
    );
  });
});
