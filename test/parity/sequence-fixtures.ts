import * as z from "zod";
import {
  differentiable,
  indices,
  name,
  parseFixture,
  readFixture,
  sameShape,
  tensor,
  tensorOrNull,
  tensors,
  versions,
} from "./fixture-format.ts";

/** `[receivers][senders]`, true where the receiver attends to the sender. */
const mask = z.array(z.array(z.boolean()).readonly()).readonly();

const dotProduct = differentiable(
  { query: tensor, key: tensor, value: tensor },
  { causal: z.boolean(), mask: z.nullable(mask), scale: z.number(), upstream: tensor },
);

/** What every module's case has: tensors that go in by name, and the gradients of them and of the parameters. */
function moduleCase<Inputs extends z.ZodRawShape, Rest extends z.ZodRawShape>(inputs: Inputs, rest: Rest) {
  return z.strictObject({
    name,
    inputs: z.strictObject(inputs),
    /** By key of PyTorch's `state_dict`. */
    parameters: tensors,
    gradients: z.strictObject({ inputs: z.strictObject(inputs), parameters: tensors }),
    ...rest,
  });
}

type Tensors = z.output<typeof tensors>;

/** Refuses a case in which a parameter has no gradient, or one of another shape. */
function withGradients<Case extends { readonly parameters: Tensors; readonly gradients: { parameters: Tensors } }>(
  each: z.ZodType<Case>,
): z.ZodType<Case> {
  return each.refine(({ parameters, gradients }) => {
    const keys = Object.keys({ ...parameters, ...gradients.parameters });
    return keys.every((key) => sameShape(parameters[key], gradients.parameters[key]));
  }, "a parameter and its gradient differ in shape, or one of them is missing");
}

const multiHead = moduleCase(
  { query: tensor, key: tensorOrNull, value: tensorOrNull, bias: tensorOrNull },
  {
    options: z.strictObject({
      embedDim: z.int(),
      numHeads: z.int(),
      kdim: z.int(),
      vdim: z.int(),
      bias: z.boolean(),
      averageAttnWeights: z.boolean(),
    }),
    queryLengths: indices,
    keyLengths: indices,
    /** One for each sequence. */
    masks: z.nullable(z.array(mask).readonly()),
    output: tensor,
    weights: z.array(tensor).readonly(),
    upstream: tensor,
  },
);

const transformer = moduleCase(
  { x: tensor, memory: tensorOrNull },
  {
    options: z.strictObject({
      dModel: z.int(),
      nhead: z.int(),
      dimFeedforward: z.int(),
      activation: z.enum(["relu", "gelu"]),
      layerNormEps: z.number(),
      normFirst: z.boolean(),
      bias: z.boolean(),
    }),
    layers: z.nullable(z.int()),
    lengths: indices,
    memoryLengths: z.nullable(indices),
    causal: z.boolean(),
    output: tensor,
    upstream: tensor,
  },
);

const cell = moduleCase(
  { x: tensor, hidden: tensor, cell: tensorOrNull },
  {
    options: z.strictObject({ inputSize: z.int(), hiddenSize: z.int(), bias: z.boolean() }),
    outputs: z.strictObject({ hidden: tensor, cell: tensorOrNull }),
    upstream: z.strictObject({ hidden: tensor, cell: tensorOrNull }),
  },
);

const recurrentLayer = moduleCase(
  { x: tensor, hidden: tensorOrNull, cell: tensorOrNull },
  {
    options: z.strictObject({
      inputSize: z.int(),
      hiddenSize: z.int(),
      numLayers: z.int(),
      bias: z.boolean(),
      bidirectional: z.boolean(),
    }),
    lengths: indices,
    outputs: z.strictObject({ output: tensor, hidden: tensor, cell: tensorOrNull }),
    upstream: z.strictObject({ output: tensorOrNull, hidden: tensorOrNull, cell: tensorOrNull }),
  },
);

/** One call of `scaled_dot_product_attention`. */
export type DotProductCase = z.output<typeof dotProduct>;

/** One `MultiheadAttention`; packed sequences. */
export type MultiHeadCase = z.output<typeof multiHead>;

/** One transformer layer, or a stack of them with a norm at its end; packed sequences. */
export type TransformerCase = z.output<typeof transformer>;

/** One `GRUCell` or `LSTMCell`. */
export type CellCase = z.output<typeof cell>;

/** One `GRU` or `LSTM`; packed sequences. */
export type RecurrentLayerCase = z.output<typeof recurrentLayer>;

const listOf = <Case>(each: z.ZodType<Case>) =>
  z.strictObject({ versions, cases: z.array(each).min(1) }).transform(({ cases }): readonly Case[] => cases);

const multiHeads = listOf(withGradients(multiHead));
const recurrent = z.strictObject({
  versions,
  cells: z.array(withGradients(cell)).min(1),
  layers: z.array(withGradients(recurrentLayer)).min(1),
});

/** Reads the cases of a file. Each entry throws an Error that names the file and the field where one is not well-formed. */
export const sequenceCases = {
  scaledDotProduct: () => readFixture("dot-product-attention.json", listOf(dotProduct)),
  multiHead: () => readFixture("multi-head-attention.json", multiHeads),
  encoder: () => readFixture("transformer-encoder.json", listOf(withGradients(transformer))),
  decoder: () => readFixture("transformer-decoder.json", listOf(withGradients(transformer))),
  gru: () => readFixture("gru.json", recurrent),
  lstm: () => readFixture("lstm.json", recurrent),
};

/** The cases of multi-head attention from a text rather than from the file. */
export function parseMultiHead(text: string): readonly MultiHeadCase[] {
  return parseFixture("multi-head-attention.json", text, multiHeads);
}
