import * as z from "zod";
import {
  differentiable,
  indices,
  name,
  readFixture,
  sameShape,
  tensor,
  tensorOrNull,
  versions,
} from "./fixture-format.ts";

const reduction = z.enum(["mean", "sum"]);

const attention = differentiable(
  { query: tensor, key: tensor, value: tensor, bias: tensorOrNull },
  { causal: z.boolean(), scale: z.number(), weights: tensor, upstream: tensor },
);
const segmentSoftmax = differentiable({ input: tensor }, { index: indices, segments: z.int(), upstream: tensor });
const layerNorm = differentiable(
  { input: tensor, weight: tensorOrNull, bias: tensorOrNull },
  { eps: z.number(), upstream: tensor },
);
const linear = differentiable({ input: tensor, weight: tensor, bias: tensorOrNull }, { upstream: tensor });
const logSoftmax = differentiable({ input: tensor }, { upstream: tensor });
const crossEntropy = differentiable(
  { logits: tensor },
  {
    labels: z.array(z.int()),
    classWeights: tensorOrNull,
    ignoreIndex: z.nullable(z.int()),
    labelSmoothing: z.number(),
    reduction,
  },
);
const binaryCrossEntropy = differentiable(
  { logits: tensor },
  { labels: tensor, weights: tensorOrNull, positiveWeights: tensorOrNull, reduction },
);
const activationNames = ["elu", "leakyRelu", "relu", "sigmoid", "tanh", "softplus", "gelu"] as const;
const activation = z.strictObject({
  name: z.enum(activationNames),
  options: z.strictObject({
    alpha: z.number().exactOptional(),
    negativeSlope: z.number().exactOptional(),
    approximate: z.enum(["none", "tanh"]).exactOptional(),
  }),
  inputs: z.strictObject({ input: tensor }),
  output: tensor,
  gradients: z.strictObject({ input: tensor }),
});
const optimizer = z
  .strictObject({
    name,
    optimizer: z.enum(["Adam", "AdamW"]),
    options: z.strictObject({
      lr: z.number(),
      betas: z.tuple([z.number(), z.number()]),
      eps: z.number(),
      weightDecay: z.number(),
      amsgrad: z.boolean(),
    }),
    initial: tensor,
    gradients: z.array(tensor),
    parameters: z.array(tensor),
  })
  .refine(
    ({ initial, gradients, parameters }) =>
      gradients.length === parameters.length && [...gradients, ...parameters].every((each) => sameShape(initial, each)),
    "a step has no gradient, or one of another shape",
  );

const core = z.strictObject({
  versions,
  attention: z.array(attention).min(1),
  segmentSoftmax: z.array(segmentSoftmax).min(1),
  layerNorm: z.array(layerNorm).min(1),
  linear: z.array(linear).min(1),
  logSoftmax: z.array(logSoftmax).min(1),
  crossEntropy: z.array(crossEntropy).min(1),
  binaryCrossEntropy: z.array(binaryCrossEntropy).min(1),
  activations: z.array(activation).min(1),
  optimizers: z.array(optimizer).min(1),
});

/** Every list of `core.json`; README.md says what each field holds. */
export type CoreFixtures = z.output<typeof core>;

/**
 * Reads `core.json`: what PyTorch computes in float64 for the building blocks below the layers.
 *
 * @throws Error naming the field where the file is not well-formed.
 */
export function coreFixtures(): CoreFixtures {
  return readFixture("core.json", core);
}
