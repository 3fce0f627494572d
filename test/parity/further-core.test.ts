import {
  alibiSlopes,
  clipGradients,
  createWasmEngine,
  type DistanceBuckets,
  Embedding,
  entmax15,
  FeedForward,
  LayerNorm,
  logarithmicBuckets,
  multiply,
  type Normalizer,
  parameter,
  Random,
  reshape,
  rotary,
  sequences,
  sgd,
  sigmoid,
  sparsemax,
  tensor,
  transpose,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import {
  assign,
  expectClose,
  expectOutputAndGradients,
  expectResultsAndGradients,
  fromFixture,
  tolerance,
} from "./comparison.ts";
import type { FixtureTensor } from "./fixture-format.ts";
import {
  furtherCoreFixtures,
  type NormalizerFixtures,
  normalizerFixtures,
  positionFixtures,
} from "./further-core-fixtures.ts";

const fixtures = furtherCoreFixtures();
const normalizers = normalizerFixtures();
const positions = positionFixtures();

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  const close = tolerance[engine.precision];
  const leaf = (fixture: FixtureTensor) => fromFixture(fixture, engine);
  const drawn = { random: new Random(1), engine };

  describe(`PyTorch's further numbers on the ${engine.name} engine`, () => {
    describe("Embedding", () => {
      for (const fixture of fixtures.embedding) {
        it(fixture.name, () => {
          const { inputs, gradients, indices, paddingIdx } = fixture;
          const [count = 0, width = 0] = inputs.weight.shape;
          const embedding = new Embedding(count, width, { ...drawn, padding: paddingIdx ?? undefined });
          assign(embedding.weight, inputs.weight);
          const output = embedding.forward(indices);
          expectOutputAndGradients(output, fixture, [["weight", embedding.weight, gradients.weight]]);
        });
      }
    });

    describe("LayerNorm", () => {
      for (const fixture of fixtures.layerNorm) {
        it(fixture.name, () => {
          const { inputs, gradients, eps } = fixture;
          const norm = new LayerNorm(inputs.weight.data.length, { engine, epsilon: eps });
          assign(norm.weight, inputs.weight);
          assign(norm.bias, inputs.bias);
          const input = leaf(inputs.input);
          expectOutputAndGradients(norm.forward(input), fixture, [
            ["input", input, gradients.input],
            ["weight", norm.weight, gradients.weight],
            ["bias", norm.bias, gradients.bias],
          ]);
        });
      }
    });

    describe("activations", () => {
      for (const { name, inputs, output, gradients } of fixtures.activations) {
        it(name, () => {
          // Point by point: the largest value, 100, would excuse any error at the small ones.
          inputs.input.data.forEach((number, k) => {
            const x = tensor([number], [1], { engine, requiresGrad: true });
            const at = (from: FixtureTensor): FixtureTensor => ({ shape: [1], data: [from.data[k]!] });
            const upstream = { shape: [1], data: [1] };
            expectResultsAndGradients(
              [{ name: `${name}(${number})`, result: multiply(x, sigmoid(x)), expected: at(output), upstream }],
              [[`${name}(${number})`, x, at(gradients.input)]],
              1e-2,
            );
          });
        });
      }
    });

    describe("FeedForward with SwiGLU", () => {
      for (const fixture of fixtures.swiglu) {
        it(fixture.name, () => {
          const { inputs, gradients } = fixture;
          const [hidden = 0, width = 0] = inputs.gate.shape;
          const layer = new FeedForward(width, { ...drawn, hidden, activation: "swiglu", bias: false });
          assign(layer.expand.weight, inputs.gate);
          assign(layer.gate!.weight, inputs.up);
          assign(layer.contract.weight, inputs.down);
          const input = leaf(inputs.input);
          expectOutputAndGradients(layer.forward(input), fixture, [
            ["input", input, gradients.input],
            ["gate", layer.expand.weight, gradients.gate],
            ["up", layer.gate!.weight, gradients.up],
            ["down", layer.contract.weight, gradients.down],
          ]);
        });
      }
    });

    describe("sgd and clipGradients", () => {
      for (const { name, options, maxNorm, initial, steps } of fixtures.sgd) {
        it(name, () => {
          const { lr: learningRate, momentum, weightDecay, nesterov } = options;
          const parameters = initial.map(({ data, shape }) => parameter(data, shape, { engine }));
          const optimizer = sgd(parameters, { learningRate, momentum, weightDecay, nesterov });
          steps.forEach((step, t) => {
            parameters.forEach((each, k) => {
              each.grad = tensor(step.gradients[k]!.data, step.gradients[k]!.shape, { engine });
            });
            if (maxNorm !== null) {
              const norm = clipGradients(parameters, { maximumNorm: maxNorm });
              expectClose(`norm in step ${t + 1}`, [norm], [step.norm!], close.output);
              parameters.forEach((each, k) => {
                expectClose(`clipped in step ${t + 1}`, each.grad!.dataSync(), step.clipped![k]!.data, close.output);
              });
            }
            optimizer.step();
            parameters.forEach((each, k) => {
              expectClose(`after step ${t + 1}`, each.dataSync(), step.parameters[k]!.data, close.output);
            });
          });
        });
      }
    });

    describe.each([
      ["sparsemax", sparsemax(), normalizers.sparsemax],
      ["entmax15", entmax15(), normalizers.entmax15],
    ] satisfies [string, Normalizer, NormalizerFixtures["sparsemax"]][])("%s", (_name, normalizer, cases) => {
      for (const fixture of cases) {
        it(fixture.name, () => {
          const { inputs, gradients, output } = fixture;
          const [rows = 0, columns = 0] = output.shape;
          const { offsets } = sequences(new Array<number>(rows).fill(1), {
            senders: new Array<number>(rows).fill(columns),
          }).sparse();
          const input = leaf(inputs.input);
          // As one head.
          const weights = normalizer.normalize(reshape(input, [rows * columns, 1]), { offsets });
          expectOutputAndGradients(reshape(weights, output.shape), fixture, [["input", input, gradients.input]]);
        });

        it(`${fixture.name}, rows as heads`, () => {
          const { inputs, gradients, output } = fixture;
          const [, columns = 0] = output.shape;
          const input = leaf(inputs.input);
          const weights = normalizer.normalize(transpose(input), { offsets: Uint32Array.of(0, columns) });
          expectOutputAndGradients(transpose(weights), fixture, [["input", input, gradients.input]]);
        });
      }
    });

    describe("rotary", () => {
      for (const fixture of positions.rotary) {
        it(fixture.name, () => {
          const { inputs, gradients, output, upstream, interleaved, base } = fixture;
          // Ours turns neighboring channels: the layout in halves is a reordering of them.
          const arranged = (each: FixtureTensor) => (interleaved ? each : interleavedFromHalves(each));
          const [elements = 0] = output.shape;
          const input = leaf(arranged(inputs.input));
          const turned = rotary(
            input,
            Uint32Array.from({ length: elements }, (_, k) => k),
            { base },
          );
          expectOutputAndGradients(turned, { output: arranged(output), upstream: arranged(upstream) }, [
            ["input", input, arranged(gradients.input)],
          ]);
        });
      }
    });
  });
}

/** Channel `2k` from channel `k`, channel `2k + 1` from channel `k` of the second half. */
function interleavedFromHalves({ shape, data }: FixtureTensor): FixtureTensor {
  const channels = shape.at(-1)!;
  return {
    shape,
    data: data.map((_, k) => {
      const channel = k % channels;
      return data[k - channel + (channel % 2) * (channels / 2) + (channel >> 1)]!;
    }),
  };
}

describe("T5's buckets", () => {
  for (const { name, bidirectional, numBuckets, maxDistance, distances, buckets } of positions.relativeBuckets) {
    it(name, () => {
      const ours: DistanceBuckets = logarithmicBuckets({
        buckets: numBuckets,
        maximumDistance: maxDistance,
        causal: !bidirectional,
      });
      expect(ours.buckets).toBe(numBuckets);
      expect(distances.map((distance) => ours.bucketOf(distance))).toEqual(buckets);
    });
  }
});

describe("the slopes of ALiBi", () => {
  for (const { heads, slopes } of positions.alibi) {
    it(`for ${heads} heads`, () => {
      expectClose("slopes", alibiSlopes(heads), slopes.data, tolerance.float64.output);
    });
  }
});
