import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attend } from "../attention/attend.ts";
import { explainPlan } from "../attention/explain.ts";
import { SparseNeighborhood } from "../attention/neighborhood/sparse.ts";
import { elementwiseNormalizer } from "../attention/normalize/elementwise.ts";
import type { Normalizer } from "../attention/normalize/normalizer.ts";
import { reluNormalizer } from "../attention/normalize/relu.ts";
import { sigmoidNormalizer } from "../attention/normalize/sigmoid.ts";
import { softmaxNormalizer } from "../attention/normalize/softmax.ts";
import { additive, additiveWithEdge } from "../attention/score/additive.ts";
import { lateAdditive, lateAdditiveWithEdge } from "../attention/score/late-additive.ts";
import { scaledDot } from "../attention/score/scaled-dot.ts";
import { defineScore, type Score } from "../attention/score/score.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { parameter, tensor } from "../tensor/create.ts";
import { multiply } from "../tensor/elementwise.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";

const scores: readonly Score[] = [
  additive(),
  additiveWithEdge({ negativeSlope: 0.1 }),
  lateAdditive(),
  lateAdditiveWithEdge(),
  scaledDot(),
  defineScore("gaussian", {
    parameters: { width: "scalar" },
    score: ({ query, key, width }) => query.subtract(key).square().sum().multiply(width).negate(),
  }),
  defineScore("bahdanau", {
    parameters: { a: "vector" },
    score: ({ query, key, a }) => a.dot(query.add(key).tanh()),
  }),
  defineScore("cosine-with-scalar-edge", {
    parameters: { temperature: "scalar" },
    edge: "scalar",
    score: ({ query, key, edge, temperature }) =>
      query
        .dot(key)
        .divide(query.dot(query).multiply(key.dot(key)).add(1e-3).sqrt())
        .multiply(temperature)
        .add(edge.sigmoid()),
  }),
  defineScore("names-that-kernels-use", {
    parameters: {
      value: "vector",
      weight: "scalar",
      logits: "scalar",
      valid: "scalar",
      delta: "vector",
      gradient: "scalar",
    },
    score: ({ query, key, value, weight, logits, valid, delta, gradient }) =>
      value
        .dot(query.add(key).tanh())
        .multiply(weight)
        .add(delta.dot(query.multiply(key)).multiply(logits))
        // Small logits: the error of an exponential is that of its argument.
        .multiply(0.1)
        .add(query.dot(key).multiply(valid).sigmoid().multiply(gradient)),
  }),
  defineScore("logarithm-of-distance", {
    parameters: { b: "scalar" },
    score: ({ query, key, b }) => query.subtract(key).square().sum().add(0.1).log().multiply(b).negate(),
  }),
  defineScore("softplus-with-scalar-edge", {
    parameters: { a: "vector" },
    edge: "scalar",
    score: ({ query, key, edge, a }) =>
      a
        .dot(query.add(key).softplus())
        .multiply(0.3)
        .add(edge.add(query.dot(key)).softplus()),
  }),
  defineScore("two-sums", {
    parameters: { a: "vector", b: "vector" },
    score: ({ query, key, a, b }) =>
      a
        .dot(query.multiply(key).elu(0.5))
        .maximum(b.dot(query.maximum(key).leakyRelu(1.5)))
        .abs()
        .multiply(0.5),
  }),
];

interface Case {
  readonly neighborhood: SparseNeighborhood;
  readonly heads: number;
  readonly channels: number;
  readonly valueChannels: number;
  readonly probability: number;
  readonly normalizer: Normalizer;
  readonly seed: number;
}

function run(engine: Engine, score: Score, c: Case): Record<string, Float64Array> {
  const { neighborhood, heads, channels, valueChannels, seed } = c;
  const random = new Random(seed);
  const leaf = (shape: readonly number[]) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return parameter(
      Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
      shape,
      { engine },
    );
  };
  const leaves = {
    query: leaf([neighborhood.receivers, heads, channels]),
    key: leaf([neighborhood.senders, heads, channels]),
    value: leaf([neighborhood.senders, heads, valueChannels]),
  };
  const edge =
    score.edge === "none"
      ? undefined
      : leaf(score.edge === "vector" ? [neighborhood.edges, heads, channels] : [neighborhood.edges, heads]);
  const parameters = Object.fromEntries(
    Object.entries(score.parameters).map(([name, rank]) => [
      name,
      leaf(rank === "vector" ? [heads, channels] : [heads]),
    ]),
  );
  const output = scope(() => {
    const out = attend(
      neighborhood,
      { ...leaves, edge },
      {
        score,
        parameters,
        normalizer: c.normalizer,
        dropout: c.probability,
        seed: 99,
      },
    );
    const weights = Float32Array.from({ length: out.size }, () => random.uniform(-1, 1));
    backward(sum(multiply(out, tensor(weights, out.shape, { engine }))));
    return Float64Array.from(out.dataSync());
  });
  const results: Record<string, Float64Array> = { output };
  for (const [name, { grad, size }] of Object.entries({ ...leaves, ...(edge && { edge }), ...parameters })) {
    results[name] = Float64Array.from(grad?.dataSync() ?? new Float64Array(size));
  }
  return results;
}

function neighborhoodArbitrary(): fc.Arbitrary<SparseNeighborhood> {
  return fc
    .record({
      senders: fc.integer({ min: 1, max: 9 }),
      receivers: fc.integer({ min: 1, max: 9 }),
      edges: fc.integer({ min: 0, max: 40 }),
      seed: fc.nat(),
    })
    .map(({ senders, receivers, edges, seed }) => randomNeighborhood(senders, receivers, edges, seed));
}

function randomNeighborhood(senders: number, receivers: number, edges: number, seed: number): SparseNeighborhood {
  const random = new Random(seed);
  return SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.from({ length: edges }, () => random.integer(senders)),
    receivers: Uint32Array.from({ length: edges }, () => random.integer(receivers)),
    senderCount: senders,
    receiverCount: receivers,
  });
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/**
 * Relative to the largest magnitude of each tensor; where a tensor's numbers nearly cancel, to a third of the largest of all, because
 * float32 rounds the terms before they cancel.
 */
function expectAgreement(score: Score, c: Case, usual = 1e-5): void {
  const expected = run(createReferenceEngine(), score, c);
  const got = run(createWasmEngine(), score, c);
  const everything = Math.max(1e-3, ...Object.values(expected).map(largest));
  for (const [name, values] of Object.entries(expected)) {
    // The gradient of a scalar parameter sums over all edges and channels, and cancels most: float32 keeps a digit less.
    const tolerance = score.parameters[name] === "scalar" ? 10 * usual : usual;
    const difference = values.map((value, k) => value - got[name]![k]!);
    const scale = Math.max(0.3 * everything, largest(values));
    expect(largest(difference) / scale, `${score.name}: ${name}`).toBeLessThan(tolerance);
    expect(got[name]!.every(Number.isFinite), `${score.name}: ${name} is finite`).toBe(true);
  }
}

const elementwise: readonly Normalizer[] = [
  sigmoidNormalizer(),
  reluNormalizer(),
  elementwiseNormalizer("shares-of-softplus", { weight: (logit) => logit.softplus(), isShare: true }),
  elementwiseNormalizer("squared-tanh", { weight: (logit) => logit.tanh().square() }),
];

describe("a normalizer of which each weight follows from its own logit", () => {
  for (const normalizer of elementwise) {
    it(`${normalizer.name} is compiled, and agrees with segment kernels of the reference engine`, () => {
      expect(explainPlan(lateAdditive(), { heads: 2, channels: 3, normalizer }).path).toBe("fused");
      fc.assert(
        fc.property(
          fc.record({
            neighborhood: neighborhoodArbitrary(),
            heads: fc.integer({ min: 1, max: 9 }),
            channels: fc.integer({ min: 1, max: 9 }),
            valueChannels: fc.integer({ min: 1, max: 9 }),
            probability: fc.constantFrom(0, 0.4),
            seed: fc.nat(),
          }),
          fc.constantFrom(additive(), lateAdditive(), additiveWithEdge()),
          (c, score) => expectAgreement(score, { ...c, normalizer }),
        ),
        { numRuns: 40, seed: 1122 },
      );
    });

    it(`${normalizer.name}, rows that are divided into parts`, () => {
      expectAgreement(
        lateAdditive(),
        {
          neighborhood: randomNeighborhood(300, 1, 5000, 5),
          ...{ heads: 2, channels: 3, valueChannels: 2, probability: 0, normalizer, seed: 3 },
        },
        // A row of 5,000 terms, summed in float32.
        1e-4,
      );
    });
  }

  it("leaves others to segment kernels, and says why", () => {
    const normalizer: Normalizer = { name: "ranks", options: {}, normalize: (logits) => logits };
    expect(explainPlan(lateAdditive(), { heads: 2, channels: 3, normalizer })).toMatchObject({
      path: "segments",
      reason: 'the normalizer "ranks" has no kernel: its weights do not follow from their own logits',
    });
  });
});

describe("compiled attention agrees with the reference engine", () => {
  for (const score of scores) {
    it(`${score.name}, over random neighborhoods and shapes`, () => {
      fc.assert(
        fc.property(
          fc.record({
            neighborhood: neighborhoodArbitrary(),
            heads: fc.integer({ min: 1, max: 9 }),
            channels: fc.integer({ min: 1, max: 19 }),
            valueChannels: fc.integer({ min: 1, max: 19 }),
            probability: fc.constantFrom(0, 0.4),
            normalizer: fc.constantFrom(softmaxNormalizer(), softmaxNormalizer({ temperature: 0.7 })),
            seed: fc.nat(),
          }),
          (c) => expectAgreement(score, c),
        ),
        // Always the same cases: how far float32 rounds is a matter of luck, and a red build should mean a defect.
        { numRuns: 40, seed: 1121 },
      );
    });

    for (const [heads, channels] of [
      [8, 8],
      [4, 64],
      [1, 128],
      [8, 16],
      [1, 7],
    ] as const) {
      it(`${score.name}, ${heads} heads x ${channels}, rows longer than a chunk`, () => {
        const neighborhood = randomNeighborhood(30, 4, 700, 5);
        expectAgreement(score, {
          neighborhood,
          heads,
          channels,
          valueChannels: channels,
          probability: 0.3,
          normalizer: softmaxNormalizer(),
          seed: 3,
        });
      });
    }
  }
});
