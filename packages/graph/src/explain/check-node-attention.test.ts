import { Module, Random, type SparseNeighborhood, type Tensor, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it, vi } from "vitest";
import { neighborhoodOfEdges } from "../convert/edge-list.ts";
import type { LayerAttention, LayerContext, NodeFeatureTensor } from "../layers/graph-layer.ts";
import { SAGEConv } from "../layers/sage.ts";
import { TransformerConv } from "../layers/transformer.ts";
import { GAT } from "../models/gat.ts";
import type { NodeModel } from "../models/node-model.ts";
import {
  type Edge,
  edges as edgesOfGraph,
  graph,
  neighborhoodOf,
  numbers,
  reference,
  width,
} from "../testing/layer-examples.ts";
import { attentionRollout } from "./attention-rollout.ts";
import { checkNodeAttention } from "./check-node-attention.ts";

const engine = createReferenceEngine();
const leaves = 20;

/** Node 0 attends to nodes 1 to 20; their features are [how much is attended to it, what it says]. */
const star: readonly Edge[] = Array.from({ length: leaves }, (_, k) => [k + 1, 0]);
const starNeighborhood = neighborhoodOf(star, leaves + 1);

function starFeatures(relevance: (leaf: number) => number, says: (leaf: number) => number): Tensor {
  const rows = Array.from({ length: leaves + 1 }, (_, node) => (node === 0 ? [0, 0] : [relevance(node), says(node)]));
  return tensor(rows.flat(), [leaves + 1, 2], { engine });
}

/** One head that attends by softmax over the first feature and passes on the second, times `gain`. */
class Listener extends Module implements NodeModel {
  readonly outputs = 1;
  readonly layer = new TransformerConv(2, 1, { random: new Random(1), engine, rootWeight: false });

  constructor(gain = 1) {
    super();
    const { linearQuery, linearKey, linearValue } = this.layer;
    for (const linear of [linearQuery, linearKey, linearValue]) linear.bias?.set([0]);
    linearQuery.weight.set([0, 0]);
    linearQuery.bias?.set([1]);
    linearKey.weight.set([1, 0]);
    linearValue.weight.set([0, gain]);
  }

  forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
    return this.layer.forward(x, neighborhood, context);
  }

  detailed(
    x: NodeFeatureTensor,
    neighborhood: SparseNeighborhood,
    context: LayerContext = {},
  ): { readonly output: Tensor; readonly attention: LayerAttention } {
    return this.layer.detailed(x, neighborhood, context);
  }
}

function checkStar(relevance: (leaf: number) => number, says: (leaf: number) => number, gain?: number) {
  const inputs = { x: starFeatures(relevance, says), neighborhood: starNeighborhood };
  return checkNodeAttention(new Listener(gain), inputs, { node: 0, share: 0.2, oneByOne: true });
}

describe("checkNodeAttention, where the truth is known", () => {
  it("says that attention explains an answer that was picked by it", async () => {
    const result = await checkStar(
      (leaf) => (leaf <= 4 ? 5 : 0),
      (leaf) => (leaf <= 4 ? 1 : 0),
    );
    expect(result.verdict).toBe("more-than-random");
    const heard = (4 * Math.exp(5)) / (4 * Math.exp(5) + 16);
    expect(result.answer).toBeCloseTo(heard, 12);
    expect(result.top.removed).toBeCloseTo(heard, 12);
    expect(result.top.keptAlone).toBeCloseTo(heard - 1, 12);
    expect(result.bottom.removed).toBeCloseTo(heard - (4 * Math.exp(5)) / (4 * Math.exp(5) + 12), 12);
    expect(Array.from(result.edges.numbers)).toEqual(star.map((_, edge) => edge));
    expect(result.edges.importance[0]).toBeCloseTo(heard / 4, 12);
  });

  it("says that it does not where all are attended to alike, and one of them decides", async () => {
    const result = await checkStar(
      () => 1,
      (leaf) => (leaf === 20 ? 100 : 0),
    );
    expect(result.answer).toBeCloseTo(5, 12);
    expect(result.verdict).toBe("no-more-than-random");
    // One by one it is plain which edge decides, and that attention does not know.
    const { changes, agreement } = result.oneByOne!;
    expect(changes.indexOf(Math.max(...changes))).toBe(19);
    expect(Math.abs(changes[19]! / changes[0]!)).toBeGreaterThan(10);
    expect(agreement).toBeUndefined();
  });

  it("says that it does not where everyone says the same, however sharp the attention", async () => {
    const result = await checkStar(
      (leaf) => (leaf <= 4 ? 5 : 0),
      () => 1,
    );
    expect(result.answer).toBeCloseTo(1, 12);
    expect(result.verdict).toBe("no-more-than-random");
    expect(result.top.removed).toBeCloseTo(0, 12);
    expect(result.top.keptAlone).toBeCloseTo(0, 12);
    expect(result.answerWithout).toBe(0);
  });

  it("says that nothing can explain an answer in which the values are ignored", async () => {
    const result = await checkStar(
      (leaf) => (leaf <= 4 ? 5 : 0),
      (leaf) => leaf,
      0,
    );
    expect(result.verdict).toBe("no-effect");
  });
});

describe("checkNodeAttention", () => {
  const x = numbers([6, width], 1);
  const model = new GAT(width, 3, { random: new Random(1), engine: reference, heads: 2, hidden: 4 });

  it("removes edges within reach, never loops that are added anyhow, ranked by rollout", async () => {
    const { edges, rollout, layers, candidates, target, outputs } = await checkNodeAttention(
      model,
      { x, neighborhood: graph },
      { node: 0 },
    );
    // Of [1,0] [2,0] [3,0] [0,1] [2,2] [0,1] [4,3] [1,2], all but the loop at 2.
    expect(Array.from(edges.numbers)).toEqual([0, 1, 2, 3, 5, 6, 7]);
    expect(candidates).toBe(7);
    const expected = attentionRollout(layers, 0);
    expect(rollout).toEqual(expected);
    expect(Array.from(edges.importance)).toEqual(Array.from(edges.numbers, (e) => expected.edges.get(e) ?? 0));
    expect(outputs.length).toBe(3);
    expect(target).toBe(outputs.indexOf(Math.max(...outputs)));
    const near = await checkNodeAttention(model, { x, neighborhood: graph }, { node: 0, hops: 1 });
    expect(Array.from(near.edges.numbers)).toEqual([0, 1, 2]);
  });

  it("removes loops where they are edges like others", async () => {
    const layer = new TransformerConv(width, 2, { random: new Random(1), engine: reference });
    const { edges } = await checkNodeAttention(oneLayer(layer), { x, neighborhood: graph }, { node: 2 });
    expect(Array.from(edges.numbers)).toEqual([4, 7]);
  });

  it("asks the model without the edges, with the features of those that are left", async () => {
    const layer = new TransformerConv(width, 2, { random: new Random(1), engine: reference, edgeDim: 2 });
    const edgeFeatures = numbers([8, 2], 3);
    const { top, oneByOne, answer, edges } = await checkNodeAttention(
      oneLayer(layer),
      { x, neighborhood: graph, edgeFeatures },
      { node: 0, target: 1, measure: "output", oneByOne: true },
    );
    const without = (removed: readonly number[]): number => {
      const kept = [0, 1, 2, 3, 4, 5, 6, 7].filter((edge) => !removed.includes(edge));
      const neighborhood = neighborhoodOf(
        kept.map((edge) => edgesOfGraph[edge]!),
        6,
      );
      const rows = kept.flatMap((edge) => Array.from(edgeFeatures.dataSync().subarray(2 * edge, 2 * edge + 2)));
      const features = tensor(rows, [kept.length, 2], { engine: reference });
      return layer.forward(x, neighborhood, { edgeFeatures: features }).dataSync()[1]!;
    };
    expect(answer).toBeCloseTo(without([]), 12);
    for (const edge of [0, 1, 2]) expect(oneByOne?.changes[edge]).toBeCloseTo(answer - without([edge]), 12);
    const best = Array.from(edges.importance).indexOf(Math.max(...edges.importance));
    expect(top.removed).toBeCloseTo(answer - without([best]), 12);
    expect(top.keptAlone).toBeCloseTo(answer - without([0, 1, 2].filter((edge) => edge !== best)), 12);
  });

  it("looks at a probability, a logit, or what it is told to", async () => {
    const inputs = { x, neighborhood: graph };
    const row = Array.from(model.forward(x, graph).dataSync().slice(3, 6));
    const total = row.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const answerBy = async (options: object) =>
      (await checkNodeAttention(model, inputs, { node: 1, target: 2, ...options })).answer;
    expect(await answerBy({})).toBeCloseTo(Math.exp(row[2]!) / total, 12);
    expect(await answerBy({ measure: "output" })).toBeCloseTo(row[2]!, 12);
    expect(await answerBy({ measure: "sigmoid" })).toBeCloseTo(1 / (1 + Math.exp(-row[2]!)), 12);
    const margin = (outputs: readonly number[]): number => outputs[2]! - outputs[0]!;
    expect(await answerBy({ measure: margin })).toBeCloseTo(row[2]! - row[0]!, 12);
  });

  it("checks any importance, not only that of attention", async () => {
    const inputs = {
      x: starFeatures(
        () => 1,
        (leaf) => (leaf <= 4 ? 1 : 0),
      ),
      neighborhood: starNeighborhood,
    };
    const known = star.map(([leaf]) => (leaf <= 4 ? 1 : 0));
    const { verdict } = await checkNodeAttention(new Listener(), inputs, { node: 0, importance: known });
    expect(verdict).toBe("more-than-random");
    const attended = await checkNodeAttention(new Listener(), inputs, { node: 0 });
    expect(attended.verdict).not.toBe("more-than-random");
  });

  it("has nothing to remove from an isolated node", async () => {
    const result = await checkNodeAttention(model, { x, neighborhood: graph }, { node: 5 });
    expect(result).toMatchObject({ candidates: 0, verdict: "undecided" });
    expect(result.answerWithout).toBe(result.answer);
  });

  it("keeps the two directions of an undirected edge apart", async () => {
    const path = { sources: Uint32Array.of(0, 1), targets: Uint32Array.of(1, 2) };
    const neighborhood = neighborhoodOfEdges(3, path, { directed: false });
    const { edges } = await checkNodeAttention(
      model,
      { x: numbers([3, width], 1), neighborhood },
      { node: 0, hops: 1 },
    );
    expect(edges.numbers.length).toBe(1);
  });

  it("leaves a model's inputs and weights as they are", async () => {
    const before = [x, ...model.parameters()].map((one) => Array.from(one.dataSync()));
    await checkNodeAttention(model, { x, neighborhood: graph }, { node: 0 });
    expect([x, ...model.parameters()].map((one) => Array.from(one.dataSync()))).toEqual(before);
    expect(model.parameters().every(({ grad }) => grad === undefined)).toBe(true);
  });

  it("refuses what it cannot check, if it can before it runs the model", async () => {
    const inputs = { x, neighborhood: graph };
    const refusal = (options: Parameters<typeof checkNodeAttention>[2], of: NodeModel = model) =>
      checkNodeAttention(of, inputs, options).then(
        () => "nothing",
        (error: { readonly code: string }) => error.code,
      );
    const forward = vi.spyOn(model, "forward");
    for (const node of [6, -1, 1.5]) expect(await refusal({ node })).toBe("index-out-of-range");
    expect(await refusal({ node: 0, hops: 0 })).toBe("out-of-range");
    expect(await refusal({ node: 0, share: 2 })).toBe("out-of-range");
    expect(await refusal({ node: 0, importance: [1] })).toBe("shapes-differ");
    // @ts-expect-error: no such measure.
    expect(await refusal({ node: 0, measure: "logit" })).toBe("out-of-range");
    // @ts-expect-error: no such reduction.
    expect(await refusal({ node: 0, heads: "sum" })).toBe("out-of-range");
    const misspelt = { node: 0, hop: 1 };
    expect(await refusal(misspelt)).toBe("unknown-option");
    expect(forward).not.toHaveBeenCalled();
    expect(await refusal({ node: 0, target: 3 })).toBe("out-of-range");
    const sage = new SAGEConv(width, 2, { random: new Random(1), engine: reference });
    expect(await refusal({ node: 0 }, oneLayer(sage))).toBe("no-attention");
  });
});

/** A model of one layer. */
function oneLayer(layer: Pick<SAGEConv, "forward">): NodeModel {
  class OneLayer extends Module implements NodeModel {
    forward(x: NodeFeatureTensor, neighborhood: SparseNeighborhood, context: LayerContext = {}): Tensor {
      return layer.forward(x, neighborhood, context);
    }
    detailed(): never {
      throw new Error("not needed");
    }
  }
  return new OneLayer();
}
