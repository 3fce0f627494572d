import { Random } from "@vicinal/core";
import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { FAConv } from "../layers/fa.ts";
import { GAT } from "../models/gat.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import { type Edge, graph, neighborhoodOf, numbers, reference, width } from "../testing/layer-examples.ts";
import { attentionRollout } from "./attention-rollout.ts";
import { type AttentionRecord, recordAttention } from "./record-attention.ts";

/** Attention over some edges, in the order of the list. */
function record(edges: readonly Edge[], nodes: number, weights: readonly (readonly number[])[]): AttentionRecord {
  const given = neighborhoodOf(edges, nodes);
  return {
    given,
    neighborhood: given,
    edgeOf: Int32Array.from(given.edgeOf),
    heads: weights[0]?.length ?? 1,
    weights: Float64Array.from(Array.from(given.edgeOf).flatMap((e) => weights[e] ?? [])),
  };
}

/** A of the paper, `[nodes, nodes]`, from the list of pairs, with rows scaled to sum to 1. */
function asMatrix({ neighborhood, heads, weights }: AttentionRecord, how: "mean" | "max"): Matrix {
  const { receivers, edges, senderOf, receiverOf } = neighborhood;
  const a = Matrix.zeros(receivers, receivers);
  for (let p = 0; p < edges; p++) {
    const own = Array.from(weights.subarray(p * heads, (p + 1) * heads));
    const weight = how === "max" ? Math.max(...own) : own.reduce((sum, one) => sum + one, 0) / heads;
    a.set(receiverOf[p]!, senderOf[p]!, a.get(receiverOf[p]!, senderOf[p]!) + weight);
  }
  for (let i = 0; i < receivers; i++) {
    const total = a.getRow(i).reduce((sum, one) => sum + one, 0);
    if (total === 0) a.set(i, i, 1);
    else a.mulRow(i, 1 / total);
  }
  return a;
}

function byDefinition(layers: readonly AttentionRecord[], residual: boolean, how: "mean" | "max" = "mean"): Matrix {
  const nodes = layers[0]!.neighborhood.receivers;
  return layers.reduce((product, layer) => {
    const a = asMatrix(layer, how);
    return (residual ? Matrix.add(a, Matrix.eye(nodes)).mul(0.5) : a).mmul(product);
  }, Matrix.eye(nodes));
}

function expectClose(actual: Matrix, expected: Matrix): void {
  expect(Matrix.sub(actual, expected).abs().max()).toBeLessThan(1e-12);
}

const sum = (values: Iterable<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

describe("attentionRollout", () => {
  it("of two layers on a path, by hand", () => {
    const path: readonly Edge[] = [
      [0, 1],
      [1, 1],
      [1, 2],
      [2, 2],
    ];
    const layer = record(path, 3, [[0.25], [0.75], [0.4], [0.6]]);
    const { nodes, edges } = attentionRollout([layer, layer], 2);
    // 2 takes 0.4 from 1 and 0.6 from itself, twice; 0 attends to nothing, and keeps what it has.
    expect(nodes.get(2)).toBeCloseTo(0.36, 12);
    expect(nodes.get(1)).toBeCloseTo(0.6 * 0.4 + 0.4 * 0.75, 12);
    expect(nodes.get(0)).toBeCloseTo(0.4 * 0.25, 12);
    expect(edges.get(0)).toBeCloseTo(0.1, 12);
    expect(edges.get(2)).toBeCloseTo(0.4 + 0.6 * 0.4, 12);
    expect(edges.get(3)).toBeCloseTo(0.6 + 0.36, 12);
  });

  it("is the product of the layers' matrices, for any weights, repeated edges and loops", () => {
    const pair = fc.tuple(fc.nat(4), fc.nat(4)) satisfies fc.Arbitrary<Edge>;
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            pair,
            fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
          ),
          {
            maxLength: 12,
          },
        ),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        fc.constantFrom("mean" as const, "max" as const),
        (drawn, count, residual, heads) => {
          const edges = drawn.map(([edge]) => edge);
          const layers = Array.from({ length: count }, (_, l) => {
            const weights = drawn.map(([, [a, b]]) => (l % 2 === 0 ? [a, b] : [b, b]));
            return record(
              edges,
              5,
              weights.map((ofHeads) => ofHeads.map((one) => Math.round(one * 1000) / 1000)),
            );
          });
          const all = attentionRollout.all(layers, { residual, heads });
          expectClose(all, byDefinition(layers, residual, heads));
          for (const row of all.to2DArray()) expect(sum(row)).toBeCloseTo(1, 12);
        },
      ),
    );
  });

  it.each([true, false])("of trained models' layers, residual %s", async (residual) => {
    const options = { random: new Random(1), engine: reference, layers: 3, heads: 2, hidden: 4 };
    const model = residual ? new GraphTransformer(width, 2, options) : new GAT(width, 2, options);
    const { layers } = await recordAttention(() => model.forward(numbers([6, width], 1), graph));
    const expected = byDefinition(layers, residual);
    expectClose(attentionRollout.all(layers, { residual }), expected);
    for (let node = 0; node < 6; node++) {
      const { nodes } = attentionRollout(layers, node, { residual });
      for (let j = 0; j < 6; j++) expect(nodes.get(j) ?? 0).toBeCloseTo(expected.get(node, j), 12);
    }
  });

  it("finds nothing outside of the receptive field", async () => {
    const model = new GAT(width, 2, { random: new Random(1), engine: reference, heads: 2, hidden: 4 });
    const { layers } = await recordAttention(() => model.forward(numbers([6, width], 1), graph));
    const { nodes, edges } = attentionRollout(layers, 5);
    // Node 5 has no edges: it attends to itself, by a loop that no edge stands for.
    expect([...nodes]).toEqual([[5, 1]]);
    expect(edges.size).toBe(0);
    expect([...attentionRollout(layers, 4).nodes.keys()]).toEqual([4]);
    expect([...attentionRollout(layers, 3).nodes.keys()].sort()).toEqual([3, 4]);
  });

  it("says what passed along edges: in each layer all that did not stay where it was", () => {
    const edges: readonly Edge[] = [
      [1, 0],
      [1, 0],
      [2, 1],
      [0, 2],
    ];
    const layer = record(edges, 3, [[0.5], [0.5], [1], [1]]);
    const rollout = attentionRollout([layer, layer], 0);
    expect(rollout.edges.get(0)).toBeCloseTo(0.5, 12);
    expect(rollout.edges.get(1)).toBeCloseTo(0.5, 12);
    expect(rollout.edges.get(2)).toBeCloseTo(1, 12);
    expect(sum(rollout.edges.values())).toBeCloseTo(2, 12);
    const halved = attentionRollout([layer, layer], 0, { residual: true });
    expect(sum(halved.edges.values())).toBeCloseTo(1, 12);
  });

  it("starts from several nodes, as a read-out weighs them", async () => {
    const model = new GAT(width, 2, { random: new Random(1), engine: reference, heads: 2, hidden: 4 });
    const { layers } = await recordAttention(() => model.forward(numbers([6, width], 1), graph));
    const from = [3, 0, 1, 0, 0, 0];
    const expected = Matrix.rowVector(from).div(4).mmul(byDefinition(layers, false));
    const { nodes } = attentionRollout(layers, from);
    for (let j = 0; j < 6; j++) expect(nodes.get(j) ?? 0).toBeCloseTo(expected.get(0, j), 12);
    expect(sum(nodes.values())).toBeCloseTo(1, 12);
  });

  it("refuses what it cannot make shares of", async () => {
    const layer = record([[0, 1]], 2, [[1]]);
    const refused = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return error;
      }
      return undefined;
    };
    const code = (expected: string) => expect.objectContaining({ code: expected });
    expect(refused(() => attentionRollout([], 0))).toEqual(code("no-attention"));
    for (const node of [2, -1, 0.5, Number.NaN]) {
      expect(refused(() => attentionRollout([layer], node))).toEqual(code("index-out-of-range"));
    }
    for (const from of [[1], [0, 0], [2, -1], [Number.NaN, 1]]) {
      expect(refused(() => attentionRollout([layer], from))).toEqual(code("shapes-differ"));
    }
    expect(refused(() => attentionRollout([layer, record([[0, 1]], 3, [[1]])], 0))).toEqual(code("shapes-differ"));
    const unknown = { residual: true, residuals: true };
    expect(refused(() => attentionRollout([layer], 0, unknown))).toEqual(code("unknown-option"));
    const many = record([], 5000, []);
    expect(refused(() => attentionRollout.all([many]))).toEqual(code("too-many-nodes"));

    expect(refused(() => attentionRollout([record([[0, 1]], 2, [[Number.NaN]])], 1))).toEqual(code("not-finite"));

    const signed = new FAConv(width, { random: new Random(2), engine: reference, eps: 0 });
    const { layers } = await recordAttention(() => signed.forward(numbers([6, width], 1), graph));
    expect(layers[0]?.weights.some((weight) => weight < 0)).toBe(true);
    expect(refused(() => attentionRollout.all(layers))).toEqual(code("negative-weight"));
  });
});
