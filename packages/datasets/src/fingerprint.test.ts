import { describe, expect, it } from "vitest";
import { fingerprint } from "./fingerprint.ts";

const parts: Parameters<typeof fingerprint>[0] = {
  nodes: 2,
  edges: { sources: Uint32Array.of(0), targets: Uint32Array.of(1) },
  features: {
    kind: "csr",
    rows: 2,
    columns: 2,
    indptr: Uint32Array.of(0, 1, 2),
    indices: Uint32Array.of(0, 1),
    values: undefined,
  },
  labels: Int32Array.of(0, 1),
  labelSets: undefined,
  splits: [{ train: Uint32Array.of(0), validation: Uint32Array.of(), test: Uint32Array.of(1) }],
};

describe("fingerprint", () => {
  it("is the same for equal parts", () => {
    expect(fingerprint(structuredClone(parts))).toBe(fingerprint(parts));
  });

  it.each<[string, Partial<typeof parts>]>([
    ["number of nodes", { nodes: 3 }],
    ["sources", { edges: { sources: Uint32Array.of(1), targets: Uint32Array.of(1) } }],
    ["targets", { edges: { sources: Uint32Array.of(0), targets: Uint32Array.of(0) } }],
    ["features", { features: undefined }],
    ["kind of features", { features: { kind: "dense", rows: 2, columns: 2, values: Float32Array.of(1, 0, 0, 1) } }],
    ["labels", { labels: Int32Array.of(0, 0) }],
    ["label sets", { labelSets: Uint8Array.of(1, 0) }],
    ["splits", { splits: [{ train: Uint32Array.of(), validation: Uint32Array.of(0), test: Uint32Array.of(1) }] }],
  ])("differs with the %s", (_, change) => {
    expect(fingerprint({ ...parts, ...change })).not.toBe(fingerprint(parts));
  });
});
