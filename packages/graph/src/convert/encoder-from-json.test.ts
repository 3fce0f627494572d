import { FileError } from "@vicinal/core";
import { UndirectedGraph } from "graphology";
import { describe, expect, it } from "vitest";
import { encoderFromJSON } from "./encoder-from-json.ts";
import { featureEncoder } from "./features.ts";

function people(count: number): UndirectedGraph {
  const graph = new UndirectedGraph();
  for (let i = 0; i < count; i++) {
    graph.addNode(i, {
      age: 20 + 7.3 * i,
      member: i % 2 === 0,
      country: i % 5 === 2 ? null : ["FR", "ES", "__proto__", "IT"][i % 4],
      embedding: [i / 3, -i, 0.1 * i],
      interests: [["music"], ["art", "music"], [], ["chess"]][i % 4],
      tags: [i % 3, 3],
    });
  }
  return graph;
}

const sources = [
  "age",
  "member",
  "country",
  { attribute: "embedding", standardize: true },
  { attribute: "embedding", name: "raw" },
  "interests",
  { attribute: "tags", kind: "set", size: 8 },
  { attribute: "tags", name: "named tags", kind: "set", missing: "zero" },
  { name: "double age", get: (_node: string, { age }: Readonly<Record<string, unknown>>) => 2 * Number(age) },
] as const;

const graph = people(9);
const encoder = featureEncoder(graph, sources);
const getters = { "double age": sources[8].get };
const text = JSON.stringify(encoder.fitted);

describe("an encoder from JSON", () => {
  it("encodes as the one that was fitted, bit for bit, other graphs too", () => {
    const restored = encoderFromJSON(JSON.parse(text), { getters, columns: encoder.columns.length });
    expect(restored.columns).toEqual(encoder.columns);
    expect(restored.fitted).toEqual(encoder.fitted);
    for (const other of [graph, people(30), people(1), new UndirectedGraph()]) {
      expect(restored.encode(other)).toEqual(encoder.encode(other));
    }
  });

  it("refuses the values that the one that was fitted refuses", () => {
    const restored = encoderFromJSON(JSON.parse(text), { getters });
    const other = people(1);
    other.setNodeAttribute(0, "age", "old");
    expect(() => restored.encode(other)).toThrow(expect.objectContaining({ name: "DataError", code: "wrong-type" }));
  });

  it("asks for the functions that are no part of a file, and for no others", () => {
    expect(() => encoderFromJSON(JSON.parse(text))).toThrow(
      expect.objectContaining({ code: "missing-getter", message: expect.stringContaining('"double age"') }),
    );
    expect(() => encoderFromJSON(JSON.parse(text), { getters: { ...getters, age: () => 1 } })).toThrow(
      expect.objectContaining({ code: "unused-getter" }),
    );
  });

  const number = { name: "a", attribute: "a", missing: "error", columns: { kind: "number", size: 1 } };
  const of = (columns: object) => [{ ...number, columns }];
  it.each([
    ["no list", {}],
    ["nothing", []],
    ["a feature that is no object", [1]],
    ["a feature without a name", [{ ...number, name: 1 }]],
    ["two of a name", [number, number]],
    ["an unknown field", [{ ...number, read: "x" }]],
    ["an attribute that is no text", [{ ...number, attribute: 1 }]],
    ["another treatment of missing values", [{ ...number, missing: "mean" }]],
    ["columns of no kind", of({ kind: "function" })],
    ["two columns of a number", of({ kind: "number", size: 2 })],
    ["a size that cannot be", of({ kind: "vector", size: -1 })],
    ["a size that no file has room for", of({ kind: "vector", size: 1e12 })],
    ["a scale of other columns", of({ kind: "vector", size: 2, scale: { means: [1], deviations: [1] } })],
    ["a deviation of 0", of({ kind: "number", size: 1, scale: { means: [1], deviations: [0] } })],
    ["categories that are no texts", of({ kind: "category", categories: [1] })],
    ["categories out of order", of({ kind: "category", categories: ["b", "a"] })],
    ["no categories", of({ kind: "category", categories: [] })],
    ["members that are not as many as said", of({ kind: "set", size: 3, members: ["a"] })],
    ["members of two kinds", of({ kind: "set", size: 2, members: ["a", 1] })],
    ["fields of another kind", of({ kind: "boolean", categories: [] })],
  ])("refuses %s", (_, json) => {
    expect(() => encoderFromJSON(JSON.parse(JSON.stringify(json)))).toThrow(FileError);
  });

  it("refuses more columns together than there can be, before they are made, and another count than the model reads", () => {
    const wide = Array.from({ length: 1000 }, (_, k) => ({
      ...number,
      name: `a${k}`,
      columns: { kind: "vector", size: 2 ** 20 },
    }));
    expect(() => encoderFromJSON(wide)).toThrow(expect.objectContaining({ code: "invalid-configuration" }));
    expect(() => encoderFromJSON([number], { columns: 2 })).toThrow(
      expect.objectContaining({ message: expect.stringContaining("expected 2") }),
    );
  });
});
