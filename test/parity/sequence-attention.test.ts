import {
  type Attention,
  attend,
  createWasmEngine,
  defineScore,
  type Engine,
  type Linear,
  MultiHeadAttention,
  type Neighborhood,
  Random,
  reshape,
  type Score,
  type Tensor,
  transpose,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { assign, expectClose, expectOutputAndGradients, fromFixture, tolerance } from "./comparison.ts";
import { packedNeighborhood } from "./packed-neighborhood.ts";
import { type DotProductCase, type MultiHeadCase, sequenceCases } from "./sequence-fixtures.ts";
import { StateDict } from "./state-dict.ts";

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  describe(`PyTorch's attention numbers on the ${engine.name} engine`, () => {
    describe("scaled dot-product attention", () => {
      for (const fixture of sequenceCases.scaledDotProduct()) {
        const [, queryHeads] = fixture.inputs.query.shape;
        const [, keyHeads] = fixture.inputs.key.shape;
        const check = queryHeads === keyHeads ? checkAttend : checkGrouped;
        const neighborhood = neighborhoodOf(fixture);
        it(fixture.name, () => check(fixture, neighborhood, engine));
        it(`${fixture.name}, pairs listed`, () => check(fixture, neighborhood.sparse(), engine));
      }
    });
    describe("MultiHeadAttention", () => {
      for (const fixture of sequenceCases.multiHead()) {
        const { queryLengths, keyLengths, masks } = fixture;
        const neighborhood = packedNeighborhood(queryLengths, { senders: keyLengths, masks });
        it(fixture.name, () => checkMultiHead(fixture, neighborhood, engine));
      }
    });
  });
}

/** The inner product with the case's scale. */
function scaledBy(scale: number): Score {
  return defineScore("dot", { parameters: {}, score: ({ query, key }) => query.dot(key).multiply(scale) });
}

function neighborhoodOf({ inputs, mask, causal }: DotProductCase): Neighborhood {
  const [receivers = 0] = inputs.query.shape;
  const [senders = 0] = inputs.key.shape;
  return packedNeighborhood([receivers], { senders: [senders], causal, masks: mask && [mask] });
}

function checkAttend(fixture: DotProductCase, neighborhood: Neighborhood, engine: Engine): void {
  const { inputs, gradients, scale } = fixture;
  const [query, key, value] = [inputs.query, inputs.key, inputs.value].map((each) => fromFixture(each, engine));
  const output = attend(
    neighborhood,
    { query: query!, key: key!, value: value! },
    { score: scaledBy(scale), parameters: {} },
  );
  expectOutputAndGradients(output, fixture, [
    ["query", query, gradients.query],
    ["key", key, gradients.key],
    ["value", value, gradients.value],
  ]);
}

/** Grouped heads are the module's: with projections that change nothing, it is the function. */
function checkGrouped(fixture: DotProductCase, neighborhood: Neighborhood, engine: Engine): void {
  const { inputs, gradients, scale, output } = fixture;
  const [, heads = 0, channels = 0] = inputs.query.shape;
  const [, keyValueHeads = 0, valueChannels = 0] = inputs.value.shape;
  const layer = new MultiHeadAttention(heads * channels, {
    random: new Random(1),
    engine,
    heads,
    keyValueHeads,
    valueChannels,
    keyInputs: keyValueHeads * channels,
    valueInputs: keyValueHeads * valueChannels,
    outputs: heads * valueChannels,
    bias: false,
    score: scaledBy(scale),
  });
  for (const projection of [
    layer.queryProjection,
    layer.keyProjection,
    layer.valueProjection,
    layer.outputProjection,
  ]) {
    makeIdentity(projection);
  }
  const [query, key, value] = [inputs.query, inputs.key, inputs.value].map((each) => fromFixture(each, engine));
  const result = layer.forward(elementsOf(query!), {
    neighborhood,
    memory: elementsOf(key!),
    valueMemory: elementsOf(value!),
  });
  expectOutputAndGradients(reshape(result, output.shape), fixture, [
    ["query", query, gradients.query],
    ["key", key, gradients.key],
    ["value", value, gradients.value],
  ]);
}

function makeIdentity({ weight, inputs, outputs }: Linear): void {
  expect(outputs).toBe(inputs);
  const data = Array.from({ length: inputs * inputs }, (_, k) => (k % (inputs + 1) === 0 ? 1 : 0));
  assign(weight, { shape: weight.shape, data });
}

/** `[elements, heads, channels]` as `[elements, heads * channels]`. */
function elementsOf(x: Tensor): Tensor {
  const [elements = 0, heads = 0, channels = 0] = x.shape;
  return reshape(x, [elements, heads * channels]);
}

const biasedDot = defineScore("biased-dot", {
  parameters: {},
  edge: "scalar",
  score: ({ query, key, edge }, { channels }) =>
    query
      .dot(key)
      .multiply(1 / Math.sqrt(channels))
      .add(edge),
});

function checkMultiHead(fixture: MultiHeadCase, neighborhood: Neighborhood, engine: Engine): void {
  const { options, inputs, gradients, output } = fixture;
  const layer = new MultiHeadAttention(options.embedDim, {
    random: new Random(1),
    engine,
    heads: options.numHeads,
    keyInputs: options.kdim,
    valueInputs: options.vdim,
    bias: options.bias,
    ...(inputs.bias !== null && { score: biasedDot }),
  });
  const stateDict = new StateDict(fixture);
  stateDict.attention(layer);
  expect(stateDict.unread).toEqual([]);

  const query = fromFixture(inputs.query, engine);
  const memory = inputs.key === null ? undefined : fromFixture(inputs.key, engine);
  const valueMemory = inputs.value === null ? undefined : fromFixture(inputs.value, engine);
  const bias = inputs.bias === null ? undefined : fromFixture(inputs.bias, engine);
  const edge = bias && perEdge(bias);
  const context = { neighborhood, memory, valueMemory, edge };
  expectOutputAndGradients(
    layer.forward(query, context),
    fixture,
    [
      ["query", query, gradients.inputs.query],
      ["key", memory, gradients.inputs.key],
      ["value", valueMemory, gradients.inputs.value],
      ["bias", bias, gradients.inputs.bias],
      ...stateDict.leaves,
    ],
    stateDict.least,
  );

  const detailed = layer.detailed(query, context);
  const close = tolerance[engine.precision].output;
  expectClose("output with weights", detailed.output.dataSync(), output.data, close);
  expectWeights(detailed, fixture, neighborhood, close);
}

/** `[heads, queries, keys]` in the order of a complete neighborhood: `[queries * keys, heads]`. */
function perEdge(bias: Tensor): Tensor {
  const [heads = 0, queries = 0, keys = 0] = bias.shape;
  return reshape(transpose(bias, [1, 2, 0]), [queries * keys, heads]);
}

/** The weights of each sequence, `[heads, queries, keys]`, or their mean over the heads, with zeros where nobody attends. */
function expectWeights(
  { weights }: Attention,
  { options, queryLengths, keyLengths, weights: expected }: MultiHeadCase,
  neighborhood: Neighborhood,
  close: number,
): void {
  const { senderOf, receiverOf, edges } = neighborhood.sparse();
  const values = weights.dataSync();
  const { numHeads, averageAttnWeights } = options;
  let [firstQuery, firstKey] = [0, 0];
  for (const [s, queries] of queryLengths.entries()) {
    const keys = keyLengths[s]!;
    const dense = new Float64Array(expected[s]!.data.length);
    for (let p = 0; p < edges; p++) {
      const [query, key] = [receiverOf[p]! - firstQuery, senderOf[p]! - firstKey];
      if (query < 0 || query >= queries) continue;
      for (let h = 0; h < numHeads; h++) {
        const place = query * keys + key;
        if (averageAttnWeights) dense[place]! += values[p * numHeads + h]! / numHeads;
        else dense[h * queries * keys + place] = values[p * numHeads + h]!;
      }
    }
    expectClose(`weights of sequence ${s}`, dense, expected[s]!.data, close);
    firstQuery += queries;
    firstKey += keys;
  }
}
