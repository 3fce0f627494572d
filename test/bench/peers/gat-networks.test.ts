import { adam, backward, crossEntropy, Random, SparseNeighborhood, scope } from "@vicinal/core";
import { featureTensor, GAT, GATConv } from "@vicinal/graph";
import { beforeAll, describe, expect, it } from "vitest";
import { drawGatParameters, type GatProblem } from "../epochs/gat-work.ts";
import { relativeDifference } from "../run/compare-answers.ts";
import { startJax } from "./jax.ts";
import { JaxGat } from "./jax-gat-network.ts";
import { startTfjs } from "./tfjs.ts";
import { TfjsGat } from "./tfjs-gat-network.ts";

const work = {
  ...{ nodes: 9, features: 7, classes: 3, heads: 2, channels: 4 },
  ...{ dropout: 0.6, learningRate: 0.005, weightDecay: 5e-4 },
};

/** A ring whose nodes attend to themselves and to the two before them, with two features each. */
function ring(): GatProblem {
  const all = Array.from({ length: work.nodes }, (_, node) => node);
  return {
    work,
    floats: {
      featureValues: Float32Array.from({ length: 2 * work.nodes }, (_, p) => 0.2 + (p % 5)),
      ...drawGatParameters(work, 3),
    },
    indices: {
      featureOffsets: Uint32Array.from({ length: work.nodes + 1 }, (_, node) => 2 * node),
      featureColumns: Uint32Array.from(all.flatMap((node) => [node % 3, 3 + (node % 4)])),
      offsets: Uint32Array.from({ length: work.nodes + 1 }, (_, node) => 3 * node),
      senders: Uint32Array.from(all.flatMap((node) => [node, (node + 8) % 9, (node + 7) % 9])),
      labels: Uint32Array.from(all, (node) => node % work.classes),
      training: new Uint32Array([0, 2, 3, 7]),
    },
  };
}

/** The losses before and after a step, and the gradient of the first weights, by Vicinal. */
function ours({ floats, indices }: GatProblem) {
  const { nodes, features: columns, classes, heads, channels, learningRate, weightDecay } = work;
  const model = new GAT(columns, classes, { random: new Random(1), heads, hidden: heads * channels });
  for (const [k, layer] of model.layers.entries()) {
    if (!(layer instanceof GATConv)) throw new Error("expected GATConv");
    const values = (name: "weight" | "source" | "target" | "bias"): Float32Array => floats[`${name}${k === 0 ? 1 : 2}`];
    layer.linear.weight.set(values("weight"));
    layer.attSource.set(values("source"));
    layer.attTarget.set(values("target"));
    layer.bias?.set(values("bias"));
  }
  const { featureOffsets: indptr, featureColumns, offsets, senders: senderOf, training, labels } = indices;
  const x = featureTensor({
    kind: "csr",
    rows: nodes,
    columns,
    indptr,
    indices: featureColumns,
    values: floats.featureValues,
  });
  const neighborhood = SparseNeighborhood.fromRows({ offsets, senderOf, senders: nodes });
  const targets = new Int32Array(nodes).fill(-1);
  for (const node of training) targets[node] = labels[node]!;
  const optimizer = adam(model.parameters(), { learningRate, weightDecay });
  const loss = () => crossEntropy(model.forward(x, neighborhood), targets);
  const before = scope(() => {
    const value = loss();
    backward(value);
    optimizer.step();
    return value.item();
  });
  const [first] = model.layers;
  if (!(first instanceof GATConv)) throw new Error("expected GATConv");
  return {
    losses: [before, scope(() => loss().item())],
    firstGradient: Float32Array.from(first.linear.weight.grad?.dataSync() ?? []),
  };
}

describe("the networks of the peers", () => {
  beforeAll(async () => {
    await startTfjs();
    await startJax();
  });

  const problem = ring();
  const expected = ours(problem);

  it("would show a gradient that is not there", () => {
    expect(Math.max(...expected.firstGradient)).toBeGreaterThan(1e-3);
  });

  it.each(["plain", "dense", "sparse"] as const)("TensorFlow.js learns as ours does: %s features", (form) => {
    const network = new TfjsGat(problem, form);
    const firstGradient = Float32Array.from(network.firstGradient());
    const losses = [network.step(false), network.loss()];
    expect(relativeDifference(firstGradient, expected.firstGradient)).toBeLessThan(1e-5);
    expect(relativeDifference(Float32Array.from(losses), Float32Array.from(expected.losses))).toBeLessThan(1e-5);
    expect(network.step(true)).not.toBeCloseTo(network.loss(), 6);
  });

  it("jax-js learns as ours does", async () => {
    const network = new JaxGat(problem);
    const { firstGradient } = await network.answer();
    const losses = [await network.step(false), (await network.answer()).loss];
    expect(relativeDifference(Float32Array.from(firstGradient), expected.firstGradient)).toBeLessThan(1e-5);
    expect(relativeDifference(Float32Array.from(losses), Float32Array.from(expected.losses))).toBeLessThan(1e-5);
    expect(await network.step(true)).not.toBeCloseTo((await network.answer()).loss, 6);
  });
});
