import { describe, expect, it } from "vitest";
import { int64, type NpyContent, npz } from "../testing/npz-writer.ts";
import { readHeterophilous } from "./heterophilous.ts";

const mask = (...data: number[]): NpyContent => ({ type: "|b1", shape: [2, 3], data: Uint8Array.from(data) });

/** Three nodes, two features, two splits; the masks of the second split differ from those of the first. */
const arrays: Readonly<Record<string, NpyContent>> = {
  node_features: { type: "<f4", shape: [3, 2], data: Float32Array.of(0, 1, 0, 0, 2, 1) },
  node_labels: { type: "<i8", shape: [3], data: int64([0, 1, 0]) },
  edges: { type: "<i8", shape: [2, 2], data: int64([0, 1, 2, 0]) },
  train_masks: mask(1, 0, 0, 0, 0, 1),
  val_masks: mask(0, 1, 0, 1, 0, 0),
  test_masks: mask(0, 0, 1, 0, 1, 0),
};

const code = (code: string) => expect.objectContaining({ code });

describe("readHeterophilous", () => {
  it("reads edges, labels and every split", () => {
    expect(readHeterophilous("test", npz(arrays), "dense")).toEqual({
      edges: { sources: Uint32Array.of(0, 2), targets: Uint32Array.of(1, 0) },
      features: { kind: "dense", rows: 3, columns: 2, values: Float32Array.of(0, 1, 0, 0, 2, 1) },
      labels: Int32Array.of(0, 1, 0),
      splits: [
        { train: Uint32Array.of(0), validation: Uint32Array.of(1), test: Uint32Array.of(2) },
        { train: Uint32Array.of(2), validation: Uint32Array.of(0), test: Uint32Array.of(1) },
      ],
    });
  });

  it("reads masks in Fortran order, as the filtered graphs have them", () => {
    const columns = { ...mask(1, 0, 0, 1, 0, 0), fortranOrder: true };
    const { splits } = readHeterophilous("test", npz({ ...arrays, train_masks: columns }), "dense");
    expect(splits.map(({ train }) => [...train])).toEqual([[0], [1]]);
  });

  it("keeps only what is not zero when sparse features are asked for", () => {
    expect(readHeterophilous("test", npz(arrays), "csr").features).toEqual({
      kind: "csr",
      rows: 3,
      columns: 2,
      indptr: Uint32Array.of(0, 1, 1, 3),
      indices: Uint32Array.of(1, 0, 1),
      values: Float32Array.of(1, 2, 1),
    });
  });

  it("refuses a negative node number and a table with one axis", () => {
    const negative = npz({ ...arrays, edges: { type: "<i8", shape: [1, 2], data: int64([0, -1]) } });
    expect(() => readHeterophilous("test", negative, "csr")).toThrow(code("index-out-of-range"));
    const flat = npz({ ...arrays, edges: { type: "<i8", shape: [4], data: int64([0, 1, 2, 0]) } });
    expect(() => readHeterophilous("test", flat, "csr")).toThrow(code("wrong-length"));
  });
});
