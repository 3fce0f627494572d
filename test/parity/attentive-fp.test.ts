import { createWasmEngine, Random } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { AttentiveFP, type GATConv } from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { attentiveFPCases } from "./attentive-fp-fixtures.ts";
import { expectClose, expectOutputAndGradients, fromFixture, tolerance } from "./comparison.ts";
import { neighborhoodOf } from "./layer-comparison.ts";
import { StateDict } from "./state-dict.ts";

const cases = attentiveFPCases();

function writeGat({ linear, attSource, attTarget, bias }: GATConv, dict: StateDict, prefix: string): void {
  dict.linear(linear, `${prefix}lin.`);
  dict.write(attSource, `${prefix}att_src`);
  dict.write(attTarget, `${prefix}att_dst`);
  dict.write(bias, `${prefix}bias`);
}

function write(model: AttentiveFP, dict: StateDict): void {
  const { gateConv } = model;
  dict.linear(model.linear1, "lin1.");
  dict.write(gateConv.attLeft, "gate_conv.att_l");
  dict.write(gateConv.attRight, "gate_conv.att_r");
  dict.linear(gateConv.linear1, "gate_conv.lin1.");
  dict.linear(gateConv.linear2, "gate_conv.lin2.");
  dict.write(gateConv.bias, "gate_conv.bias");
  dict.cell(model.gru, "", "gru.");
  for (const [k, conv] of model.atomConvs.entries()) {
    writeGat(conv, dict, `atom_convs.${k}.`);
    dict.cell(model.atomGrus[k]!, "", `atom_grus.${k}.`);
  }
  writeGat(model.molConv, dict, "mol_conv.");
  dict.cell(model.molGru, "", "mol_gru.");
  dict.linear(model.linear2, "lin2.");
}

it("has a batch of several graphs, with one of one node and one without edges, in two layers and in one", () => {
  const layers = cases.flatMap(({ index, graph, options }) => {
    const nodes = (of: number): number => index.filter((graphOf) => graphOf === of).length;
    const isTouched = (of: number): boolean => graph.targets.some((target) => index[target] === of);
    const isThere = nodes(1) === 1 && nodes(2) > 1 && !isTouched(2) && isTouched(0);
    return isThere ? [[options.numLayers, options.numTimesteps]] : [];
  });
  expect(layers).toContainEqual([2, 2]);
  expect(layers).toContainEqual([1, 1]);
});

it("starts from numbers that float32 holds exactly", () => {
  const given = cases.flatMap(({ inputs, parameters, upstream }) => [
    ...[inputs.x, inputs.edgeAttr, upstream, ...Object.values(parameters)].flatMap((each) => each?.data ?? []),
  ]);
  expect(given.map(Math.fround)).toEqual(given);
});

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  describe(`PyTorch Geometric's AttentiveFP on the ${engine.name} engine`, () => {
    it.each(cases)("$name", (fixture) => {
      const { graph, index, graphs, inputs, output, gradients, options } = fixture;
      const {
        inChannels,
        outChannels,
        hiddenChannels: hidden,
        edgeDim,
        numLayers: layers,
        numTimesteps: steps,
      } = options;
      const model = new AttentiveFP(inChannels, outChannels, {
        ...{ random: new Random(1), engine, hidden, layers, steps },
        ...(edgeDim > 0 && { edgeDim }),
      });
      const dict = new StateDict(fixture);
      write(model, dict);
      expect(dict.unread, "keys that no parameter of ours was written from").toEqual([]);
      expect(dict.leaves.map(([, leaf]) => leaf)).toEqual(expect.arrayContaining(model.parameters()));

      const x = fromFixture(inputs.x, engine);
      const edgeFeatures = inputs.edgeAttr === null ? undefined : fromFixture(inputs.edgeAttr, engine);
      const batch = { x, edgeFeatures, neighborhood: neighborhoodOf(graph), graphs, graphOf: Uint32Array.from(index) };
      const leaves = [
        ["x", x, gradients.inputs.x],
        ["edgeAttr", edgeFeatures, gradients.inputs.edgeAttr],
        ...dict.leaves,
      ] as const;
      expectOutputAndGradients(model.forward(batch), fixture, leaves, dict.least);
      const detailed = model.detailed(batch).output.dataSync();
      expectClose("output with attention", detailed, output.data, tolerance[engine.precision].output);
    });
  });
}
