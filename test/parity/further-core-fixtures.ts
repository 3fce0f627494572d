import * as z from "zod";
import { differentiable, indices, name, readFixture, sameShape, tensor, versions } from "./fixture-format.ts";

const upstream = { upstream: tensor };

const embedding = differentiable({ weight: tensor }, { indices, paddingIdx: z.nullable(z.int()), ...upstream });
const layerNorm = differentiable({ input: tensor, weight: tensor, bias: tensor }, { eps: z.number(), ...upstream });
const activation = differentiable({ input: tensor }, {}).extend({ name: z.literal("silu") });
const swiglu = differentiable({ input: tensor, gate: tensor, up: tensor, down: tensor }, upstream);
const tensorList = z.array(tensor).readonly();
const sgd = z
  .strictObject({
    name,
    options: z.strictObject({
      lr: z.number(),
      momentum: z.number(),
      dampening: z.literal(0),
      weightDecay: z.number(),
      nesterov: z.boolean(),
    }),
    maxNorm: z.nullable(z.number()),
    initial: tensorList,
    steps: z.array(
      z.strictObject({
        gradients: tensorList,
        norm: z.nullable(z.number()),
        clipped: z.nullable(tensorList),
        parameters: tensorList,
      }),
    ),
  })
  .refine(
    ({ initial, steps }) =>
      steps.every(({ gradients, clipped, parameters }) =>
        initial.every((each, k) =>
          [gradients, parameters, clipped ?? initial].every((list) => sameShape(each, list[k])),
        ),
      ),
    "a step has no gradient of a parameter, or one of another shape",
  );

const further = z.strictObject({
  versions,
  embedding: z.array(embedding).min(1),
  layerNorm: z.array(layerNorm).min(1),
  activations: z.array(activation).min(1),
  swiglu: z.array(swiglu).min(1),
  sgd: z.array(sgd).min(1),
});

const normalized = z.array(differentiable({ input: tensor }, upstream)).min(1);
const normalizers = z.strictObject({ versions, sparsemax: normalized, entmax15: normalized });

const relativeBuckets = z
  .strictObject({
    name,
    bidirectional: z.boolean(),
    numBuckets: z.int(),
    maxDistance: z.int(),
    distances: z.array(z.int()).readonly(),
    buckets: indices,
  })
  .refine(({ distances, buckets }) => distances.length === buckets.length, "a distance has no bucket");
const alibi = z
  .strictObject({ heads: z.int(), slopes: tensor })
  .refine(({ heads, slopes }) => slopes.data.length === heads, "a head has no slope");
const rotary = differentiable({ input: tensor }, { interleaved: z.boolean(), base: z.number(), ...upstream });
const positions = z.strictObject({
  versions,
  relativeBuckets: z.array(relativeBuckets).min(1),
  alibi: z.array(alibi).min(1),
  rotary: z.array(rotary).min(1),
});

/** Every list of `further-core.json`; README.md says what each field holds. */
export type FurtherCoreFixtures = z.output<typeof further>;

/** Every list of `normalizers.json`. */
export type NormalizerFixtures = z.output<typeof normalizers>;

/** Every list of `positions.json`. */
export type PositionFixtures = z.output<typeof positions>;

/**
 * Reads `further-core.json`: what PyTorch computes in float64 for building blocks that are not in `core.json`.
 *
 * @throws Error naming the field where the file is not well-formed.
 */
export function furtherCoreFixtures(): FurtherCoreFixtures {
  return readFixture("further-core.json", further);
}

/**
 * Reads `normalizers.json`: sparsemax and entmax-1.5 of rows, of the entmax package.
 *
 * @throws Error naming the field where the file is not well-formed.
 */
export function normalizerFixtures(): NormalizerFixtures {
  return readFixture("normalizers.json", normalizers);
}

/**
 * Reads `positions.json`: T5's buckets, the slopes of ALiBi and rotary positions, of the transformers package.
 *
 * @throws Error naming the field where the file is not well-formed.
 */
export function positionFixtures(): PositionFixtures {
  return readFixture("positions.json", positions);
}
