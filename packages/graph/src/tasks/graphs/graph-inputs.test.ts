import { SparseTensor, Tensor } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { GraphCollection } from "../../batch/graph-collection.ts";
import type { GraphData } from "../../batch/graph-parts.ts";
import { checkWidths, graphInputs, widthsOf } from "./graph-inputs.ts";

/** A path of three nodes, 0 - 1 - 2. */
const path = {
  nodes: 3,
  edges: { sources: Uint32Array.of(0, 1, 1, 2), targets: Uint32Array.of(1, 0, 2, 1) },
};
const dense = { kind: "dense", rows: 3, columns: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) } as const;
const sparse = (columns: number) =>
  ({
    kind: "csr",
    rows: 3,
    columns,
    indptr: Uint32Array.of(0, 1, 1, 2),
    indices: Uint32Array.of(1, 0),
    values: undefined,
  }) as const;
const encodings = { kind: "dense", rows: 3, columns: 1, values: Float32Array.of(0.5, 0.25, 0.125) } as const;
const edgeFeatures = { kind: "dense", rows: 4, columns: 1, values: Float32Array.of(10, 20, 30, 40) } as const;

function inputsOf(parts: GraphData) {
  const collection = new GraphCollection([{ ...path, ...parts }]);
  return { widths: widthsOf(collection), inputs: graphInputs(collection.batch(), undefined) };
}

function valuesOf(x: Tensor | SparseTensor): number[] {
  if (!(x instanceof Tensor)) throw new Error("Dense features were expected.");
  return Array.from(x.dataSync());
}

describe("graphInputs", () => {
  it("puts features and encodings side by side", () => {
    const { widths, inputs } = inputsOf({ features: dense, encodings });
    expect(widths).toEqual({ inputs: 3, edgeDim: undefined });
    expect(valuesOf(inputs.x)).toEqual([1, 2, 0.5, 3, 4, 0.25, 5, 6, 0.125]);
    expect(valuesOf(inputsOf({ features: sparse(2), encodings }).inputs.x)).toEqual([
      0, 1, 0.5, 0, 0, 0.25, 1, 0, 0.125,
    ]);
    expect(valuesOf(inputsOf({ encodings }).inputs.x)).toEqual([0.5, 0.25, 0.125]);
  });

  it("makes sparse features dense, unless they are wide", () => {
    expect(valuesOf(inputsOf({ features: sparse(2) }).inputs.x)).toEqual([0, 1, 0, 0, 1, 0]);
    expect(inputsOf({ features: sparse(5000) }).inputs.x).toBeInstanceOf(SparseTensor);
  });

  it("knows nodes without features by how many neighbors they have", () => {
    const { widths, inputs } = inputsOf({});
    expect(widths.inputs).toBe(2);
    const [one, two] = [Math.fround(Math.log(2)), Math.fround(Math.log(3))];
    expect(valuesOf(inputs.x)).toEqual([1, one, 1, two, 1, one]);
  });

  it("has features of edges where graphs have them", () => {
    const { widths, inputs } = inputsOf({ edgeFeatures });
    expect(widths.edgeDim).toBe(1);
    expect(inputs.edgeFeatures?.shape).toEqual([4, 1]);
    expect(inputsOf({}).inputs.edgeFeatures).toBeUndefined();
  });
});

describe("checkWidths", () => {
  it("says what was got and what was expected", () => {
    const collection = new GraphCollection([{ ...path, features: dense }]);
    expect(() => checkWidths("here", collection, { inputs: 2, edgeDim: undefined })).not.toThrow();
    expect(() => checkWidths("here", collection, { inputs: 5, edgeDim: 1 })).toThrow(
      "here: got nodes of width 2 and edges without features; expected nodes of width 5 and edges of width 1",
    );
  });
});
