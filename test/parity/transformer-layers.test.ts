import {
  createWasmEngine,
  type Engine,
  LayerNorm,
  Random,
  type Tensor,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { expectOutputAndGradients, fromFixture } from "./comparison.ts";
import { packedNeighborhood } from "./packed-neighborhood.ts";
import { sequenceCases, type TransformerCase } from "./sequence-fixtures.ts";
import { StateDict } from "./state-dict.ts";

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  describe(`PyTorch's transformer numbers on the ${engine.name} engine`, () => {
    describe("TransformerEncoderLayer", () => {
      for (const fixture of sequenceCases.encoder()) it(fixture.name, () => checkEncoder(fixture, engine));
    });
    describe("TransformerDecoderLayer", () => {
      for (const fixture of sequenceCases.decoder()) it(fixture.name, () => checkDecoder(fixture, engine));
    });
  });
}

function optionsOf({ options }: TransformerCase, engine: Engine) {
  return {
    random: new Random(1),
    engine,
    heads: options.nhead,
    hidden: options.dimFeedforward,
    activation: options.activation,
    normalization: options.normFirst ? ("pre" as const) : ("post" as const),
    epsilon: options.layerNormEps,
    bias: options.bias,
  };
}

function checkEncoder(fixture: TransformerCase, engine: Engine): void {
  const { options, lengths, causal, inputs } = fixture;
  const stateDict = new StateDict(fixture);
  const layers = prefixesOf(fixture).map((prefix) => {
    const layer = new TransformerEncoderLayer(options.dModel, optionsOf(fixture, engine));
    stateDict.attention(layer.selfAttention, `${prefix}self_attn.`);
    stateDict.norm(layer.selfAttentionResidual.norm, `${prefix}norm1.`);
    stateDict.linear(layer.feedForward.expand, `${prefix}linear1.`);
    stateDict.linear(layer.feedForward.contract, `${prefix}linear2.`);
    stateDict.norm(layer.feedForwardResidual.norm, `${prefix}norm2.`);
    return layer;
  });
  const x = fromFixture(inputs.x, engine);
  const neighborhood = packedNeighborhood(lengths, { causal });
  const output = layers.reduce((y, layer) => layer.forward(y, { neighborhood }), x);
  compare(fixture, stateDict, output, { x });
}

function checkDecoder(fixture: TransformerCase, engine: Engine): void {
  const { options, lengths, memoryLengths, causal, inputs } = fixture;
  const stateDict = new StateDict(fixture);
  const layers = prefixesOf(fixture).map((prefix) => {
    const layer = new TransformerDecoderLayer(options.dModel, optionsOf(fixture, engine));
    stateDict.attention(layer.selfAttention, `${prefix}self_attn.`);
    stateDict.norm(layer.selfAttentionResidual.norm, `${prefix}norm1.`);
    stateDict.attention(layer.crossAttention, `${prefix}multihead_attn.`);
    stateDict.norm(layer.crossAttentionResidual.norm, `${prefix}norm2.`);
    stateDict.linear(layer.feedForward.expand, `${prefix}linear1.`);
    stateDict.linear(layer.feedForward.contract, `${prefix}linear2.`);
    stateDict.norm(layer.feedForwardResidual.norm, `${prefix}norm3.`);
    return layer;
  });
  const [x, memory] = [fromFixture(inputs.x, engine), fromFixture(inputs.memory!, engine)];
  const neighborhood = packedNeighborhood(lengths, { causal });
  const memoryNeighborhood = packedNeighborhood(lengths, { senders: memoryLengths! });
  const context = { neighborhood, memory, memoryNeighborhood };
  const output = layers.reduce((y, layer) => layer.forward(y, context), x);
  compare(fixture, stateDict, output, { x, memory });
}

/** One layer stands alone; those of a stack are numbered. */
function prefixesOf({ layers }: TransformerCase): readonly string[] {
  return layers === null ? [""] : Array.from({ length: layers }, (_, k) => `layers.${k}.`);
}

function compare(
  fixture: TransformerCase,
  stateDict: StateDict,
  output: Tensor,
  { x, memory }: { readonly x: Tensor; readonly memory?: Tensor },
): void {
  const { layers, options, gradients } = fixture;
  let result = output;
  if (layers !== null) {
    const norm = new LayerNorm(options.dModel, { engine: x.engine, epsilon: options.layerNormEps });
    stateDict.norm(norm, "norm.");
    result = norm.forward(output);
  }
  expect(stateDict.unread).toEqual([]);
  expectOutputAndGradients(
    result,
    fixture,
    [["x", x, gradients.inputs.x], ["memory", memory, gradients.inputs.memory], ...stateDict.leaves],
    stateDict.least,
  );
}
