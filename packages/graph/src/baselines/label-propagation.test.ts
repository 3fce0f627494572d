import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SparseNeighborhood } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import { labelingMetrics } from "../metrics/labeling-metrics.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import { labelPropagation } from "./label-propagation.ts";

/** Messages `[sender, receiver]` between `count` nodes. */
const messages = (count: number, pairs: readonly (readonly [number, number])[]) =>
  SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.from(pairs, ([sender]) => sender),
    receivers: Uint32Array.from(pairs, ([, receiver]) => receiver),
    senderCount: count,
    receiverCount: count,
  });

const undirected = (count: number, pairs: readonly (readonly [number, number])[]) =>
  messages(count, [...pairs, ...pairs.map(([a, b]) => [b, a] as const)]);

describe("labelPropagation", () => {
  it("does one step on a path as by hand", () => {
    // 0 - 1 - 2, degrees 1, 2, 1; label 0 at node 0 and 1 at node 2.
    const path = undirected(3, [
      [0, 1],
      [1, 2],
    ]);
    const labels = Int32Array.of(0, -1, 1);
    const train = Uint32Array.of(0, 2);
    expect(labelPropagation(path, labels, train, { steps: 1 })).toEqual(Float32Array.of(1, 0, 0.5, 0.5, 0, 1));
    // Two steps at alpha 1/2: the middle has 1/2 * 1/sqrt(2) of each, of which the ends get 1/2 * 1/sqrt(2), and 1/2 of their own.
    expect(labelPropagation(path, labels, train, { steps: 2, alpha: 0.5 })).toEqual(
      Float32Array.of(0.625 / 0.75, 0.125 / 0.75, 0.5, 0.5, 0.125 / 0.75, 0.625 / 0.75),
    );
  });

  it("follows the direction of edges", () => {
    const oneWay = messages(3, [
      [0, 1],
      [1, 2],
    ]);
    const fromStart = labelPropagation(oneWay, Int32Array.of(1, 0, 0), Uint32Array.of(0, 1), { classes: 2 });
    expect(fromStart.subarray(0, 2)).toEqual(Float32Array.of(0, 1));
    expect(fromStart[3]).toBeGreaterThan(0);
    expect(fromStart[5]).toBeGreaterThan(0);
  });

  it("gives nodes that no label reaches the shares of the classes among the training labels", () => {
    const probabilities = labelPropagation(
      undirected(5, [[3, 4]]),
      Int32Array.of(0, 1, 1, 0, 0),
      Uint32Array.of(0, 1, 2),
    );
    expect(probabilities.subarray(6)).toEqual(Float32Array.of(1 / 3, 2 / 3, 1 / 3, 2 / 3));
  });

  it("agrees with the formula on dense matrices, parallel edges and self-loops included", () => {
    const pair = fc.tuple(fc.nat(5), fc.nat(5));
    // Next to 0 its powers underflow, and which node nothing has reached is a matter of rounding.
    const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0.01, max: 0.99, noNaN: true }));
    fc.assert(
      fc.property(fc.array(pair), fc.nat(6), share, (pairs, steps, alpha) => {
        const labels = Int32Array.of(0, 1, 2, -1, -1, -1);
        const range = [0, 1, 2, 3, 4, 5];
        const A = range.map((i) => range.map((j) => pairs.filter(([s, r]) => s === j && r === i).length));
        const into = A.map((row) => row.reduce((sum, a) => sum + a, 0));
        const out = range.map((j) => A.reduce((sum, row) => sum + row[j]!, 0));
        const Y = range.map((i) => [0, 1, 2].map((c) => (labels[i] === c ? 1 : 0)));
        let F: number[][] = Y;
        for (let step = 0; step < steps; step++) {
          const before = F;
          F = range.map((i) =>
            [0, 1, 2].map((c) => {
              const terms = range.map((j) =>
                A[i]![j]! === 0 ? 0 : (A[i]![j]! / Math.sqrt(into[i]! * out[j]!)) * before[j]![c]!,
              );
              return alpha * terms.reduce((sum, term) => sum + term, 0) + (1 - alpha) * Y[i]![c]!;
            }),
          );
        }
        const expected = F.flatMap((row) => {
          const total = row.reduce((sum, value) => sum + value, 0);
          return row.map((value) => (total === 0 ? 1 / 3 : value / total));
        });
        const result = labelPropagation(messages(6, pairs), labels, Uint32Array.of(0, 1, 2), { steps, alpha });
        for (const [k, value] of result.entries()) expect(value).toBeCloseTo(expected[k]!, 6);
      }),
    );
  });

  it.each([
    ["no-labels", [], {}],
    ["index-out-of-range", [3], {}],
    ["unlabeled-node", [2], {}],
    ["out-of-range", [0], { steps: -1 }],
    ["out-of-range", [0], { steps: 1.5 }],
    ["out-of-range", [0], { alpha: 1.1 }],
    ["out-of-range", [0], { alpha: Number.NaN }],
    ["unknown-option", [0], { iterations: 50 }],
  ])("refuses with %s: training nodes %j, options %j", (code, train, options) => {
    const given = [undirected(3, []), Int32Array.of(0, 1, -1), Uint32Array.from(train), options];
    expect(() => Reflect.apply(labelPropagation, undefined, given)).toThrow(expect.objectContaining({ code }));
  });

  it("refuses a neighborhood of another count of nodes", () => {
    expect(() => labelPropagation(undirected(2, []), Int32Array.of(0), Uint32Array.of(0))).toThrow(
      expect.objectContaining({ code: "wrong-length" }),
    );
  });
});

const data = process.env["VICINAL_DATA"];

// The figures that the collection of data sets gives for "label propagation (50 steps, 0.9)": means over the first three splits.
describe.skipIf(data === undefined)("labelPropagation on real graphs (needs VICINAL_DATA)", () => {
  const read = (name: string, file: string): ArrayBuffer =>
    Uint8Array.from(readFileSync(join(data ?? "", name, file))).buffer;

  function measure(name: string) {
    const labels = new Int32Array(read(name, "labels.i32.bin"));
    const pairs = new Uint32Array(read(name, "edges.u32.bin"));
    const codes = new Uint8Array(read(name, "splits.u8.bin"));
    const neighborhood = neighborhoodOfEdges(labels.length, {
      sources: pairs.filter((_, k) => k % 2 === 0),
      targets: pairs.filter((_, k) => k % 2 === 1),
    });
    const splits = Math.min(3, codes.length / labels.length);
    const classes = 1 + Math.max(...labels);
    return Array.from({ length: splits }, (_, s) => {
      const part = (code: number) =>
        Uint32Array.from(labels.keys()).filter((node) => codes[s * labels.length + node] === code);
      const probabilities = labelPropagation(neighborhood, labels, part(1));
      return labelingMetrics(labels, predictedClasses(probabilities, classes), probabilities, part(3), classes);
    });
  }

  const percent = (figures: readonly number[]) =>
    ((100 * figures.reduce((sum, figure) => sum + figure, 0)) / figures.length).toFixed(1);

  it.each([
    ["cora", "71.3"],
    ["lastfm-asia", "87.6"],
    ["github-social", "77.5"],
  ])("labels %s with an accuracy of %s percent", (name, published) => {
    expect(percent(measure(name).map((metrics) => metrics.accuracy))).toBe(published);
  });

  it("orders the nodes of twitch-es with an area under the ROC curve of 67.0 percent", () => {
    expect(percent(measure("twitch-es").map((metrics) => metrics.rocAuc ?? 0))).toBe("67.0");
  });
});
