import { createWasmEngine, type Engine, Random } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { type AttentionConv, GATConv, GATv2Conv } from "@vicinal/graph";
import { describe, it } from "vitest";
import { type GATOptions, layerCases } from "./fixtures.ts";
import { expectLayer, loaded } from "./layer-comparison.ts";
import type { StateDict } from "./state-dict.ts";

function optionsOf<Options extends GATOptions>(options: Options, engine: Engine) {
  const { inChannels: _inputs, outChannels: _channels, dropout: _none, edgeDim, ...others } = options;
  return { random: new Random(1), engine, ...others, ...(edgeDim !== null && { edgeDim }) };
}

function writeShared(layer: AttentionConv, dict: StateDict): void {
  dict.write(layer.bias, "bias");
  dict.write(layer.residual?.weight, "res.weight");
  dict.write(layer.linearEdge?.weight, "lin_edge.weight");
}

function writeGat(layer: GATConv, dict: StateDict): void {
  writeShared(layer, dict);
  dict.write(layer.linear.weight, layer.linearTarget === undefined ? "lin.weight" : "lin_src.weight");
  dict.write(layer.linearTarget?.weight, "lin_dst.weight");
  dict.write(layer.attSource, "att_src");
  dict.write(layer.attTarget, "att_dst");
  dict.write(layer.attEdge, "att_edge");
}

function writeGatv2(layer: GATv2Conv, dict: StateDict): void {
  writeShared(layer, dict);
  dict.linear(layer.linearSource, "lin_l.");
  if (layer.linearTarget !== layer.linearSource) dict.linear(layer.linearTarget, "lin_r.");
  dict.write(layer.att, "att");
}

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  describe(`PyTorch Geometric's numbers on the ${engine.name} engine`, () => {
    describe("GATConv", () => {
      for (const fixture of layerCases.GATConv()) {
        const { options } = fixture;
        it(fixture.name, () => {
          const layer = new GATConv(options.inChannels, options.outChannels, optionsOf(options, engine));
          expectLayer(loaded(layer, fixture, writeGat), fixture, engine);
        });
      }
    });

    describe("GATv2Conv", () => {
      for (const fixture of layerCases.GATv2Conv()) {
        const { options } = fixture;
        it(fixture.name, () => {
          const layer = new GATv2Conv(options.inChannels, options.outChannels, optionsOf(options, engine));
          // The second name of one projection.
          const shared = options.shareWeights
            ? Object.keys(fixture.parameters).filter((key) => /^lin_r/.test(key))
            : [];
          expectLayer(loaded(layer, fixture, writeGatv2, shared), fixture, engine);
        });
      }
    });
  });
}
