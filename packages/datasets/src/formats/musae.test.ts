import { describe, expect, it } from "vitest";
import { type MusaeFiles, readMusae } from "./musae.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

function read(changes: { edges?: string; target?: string; features?: string; classOf?: MusaeFiles["classOf"] } = {}) {
  return readMusae(
    "test",
    {
      edges: utf8(changes.edges ?? "from,to\n0,2\n1,0\n"),
      target: utf8(changes.target ?? 'name,class,id\n"a, b",1,2\nc,0,0\nd,0,1\n'),
      features: utf8(changes.features ?? '{"1": [], "0": [3, 1, 3], "2": [0]}'),
      ends: ["from", "to"],
      node: "id",
      label: "class",
      classOf: changes.classOf,
    },
    3,
    4,
  );
}

const code = (code: string) => expect.objectContaining({ code });

describe("readMusae", () => {
  it("puts labels and features at the node that the file names, whatever the order of its lines", () => {
    const { edges, features, labels } = read();
    expect(edges).toEqual({ sources: Uint32Array.of(0, 1), targets: Uint32Array.of(2, 0) });
    expect(labels).toEqual(Int32Array.of(0, 0, 1));
    expect(features).toMatchObject({
      indptr: Uint32Array.of(0, 2, 2, 3),
      indices: Uint32Array.of(1, 3, 0),
      values: undefined,
    });
  });

  it("translates labels that are words", () => {
    const classOf = new Map([
      ["False", 0],
      ["True", 1],
    ]);
    expect(read({ target: "id,class\n0,True\n1,False\n2,True\n", classOf }).labels).toEqual(Int32Array.of(1, 0, 1));
    expect(() => read({ target: "id,class\n0,True\n1,maybe\n2,True\n", classOf })).toThrow('the label "maybe"');
  });

  it.each([
    ["a line with too many fields", { edges: "from,to\n0,1,2\n" }, "malformed-csv"],
    ["an end that is no number", { edges: "from,to\n0,x\n" }, "malformed-csv"],
    ["a node number beyond 32 bits", { edges: "from,to\n0,4294967296\n" }, "index-out-of-range"],
    ["a missing column", { edges: "a,b\n0,1\n" }, "missing-column"],
    ["a node without a line", { target: "id,class\n0,0\n1,0\n" }, "malformed-csv"],
    ["a node with two lines", { target: "id,class\n0,0\n0,0\n1,0\n2,1\n" }, "malformed-csv"],
    ["a node beyond the last", { target: "id,class\n0,0\n1,0\n3,1\n" }, "malformed-csv"],
    ["JSON that ends too early", { features: '{"0": [1' }, "malformed-json"],
    ["JSON that is no object", { features: "null" }, "malformed-json"],
    ["a node without features", { features: '{"0": [], "1": []}' }, "malformed-json"],
    ["a feature beyond the last", { features: '{"0": [4], "1": [], "2": []}' }, "malformed-json"],
    ["a feature that is no number", { features: '{"0": ["1"], "1": [], "2": []}' }, "malformed-json"],
  ])("refuses %s", (_, changes, expected) => {
    expect(() => read(changes)).toThrow(code(expected));
  });
});
