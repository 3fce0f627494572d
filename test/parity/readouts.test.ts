import { createWasmEngine, type Engine, Random } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import {
  AttentionReadout,
  MaxReadout,
  MeanReadout,
  Perceptron,
  PoolingByMultiHeadAttention,
  type Readout,
  Set2Set,
  SumReadout,
} from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { expectOutputAndGradients, fromFixture } from "./comparison.ts";
import { type ReadoutFixtures, readoutFixtures } from "./readout-fixtures.ts";
import { StateDict } from "./state-dict.ts";

const fixtures = readoutFixtures();
type Case = ReadoutFixtures["sum"][number];

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  describe(`PyTorch Geometric's read-outs on the ${engine.name} engine`, () => {
    const drawn = { random: new Random(1), engine };

    describe.each([
      ["SumAggregation", fixtures.sum, SumReadout],
      ["MeanAggregation", fixtures.mean, MeanReadout],
      ["MaxAggregation", fixtures.max, MaxReadout],
    ] as const)("%s", (_, cases, Pool) => {
      for (const fixture of cases) {
        it(fixture.name, () => compare(fixture, new Pool(fixture.inputs.x.shape[1]!), new StateDict(fixture), engine));
      }
    });

    describe("AttentionalAggregation", () => {
      for (const fixture of fixtures.attentional) {
        it(fixture.name, () => {
          const stateDict = new StateDict(fixture);
          const perceptron = (widths: readonly number[], prefix: string): Perceptron => {
            const made = new Perceptron(widths, drawn);
            // PyTorch numbers the ReLUs between the projections too.
            for (const [k, linear] of made.linears.entries()) stateDict.linear(linear, `${prefix}${2 * k}.`);
            return made;
          };
          const { gateNn, nn } = fixture.options;
          const readout = new AttentionReadout(fixture.inputs.x.shape[1]!, {
            ...drawn,
            gateNn: perceptron(gateNn, "gate_nn."),
            ...(nn !== null && { nn: perceptron(nn, "nn.") }),
          });
          compare(fixture, readout, stateDict, engine);
        });
      }
    });

    describe("Set2Set", () => {
      for (const fixture of fixtures.set2set) {
        it(fixture.name, () => {
          const { inChannels, processingSteps } = fixture.options;
          const readout = new Set2Set(inChannels, { ...drawn, processingSteps });
          const stateDict = new StateDict(fixture);
          const { weightIh, weightHh, biasIh, biasHh } = readout.lstm;
          stateDict.write(weightIh, "lstm.weight_ih_l0");
          stateDict.write(weightHh, "lstm.weight_hh_l0");
          stateDict.write(biasIh, "lstm.bias_ih_l0");
          stateDict.write(biasHh, "lstm.bias_hh_l0");
          compare(fixture, readout, stateDict, engine);
        });
      }
    });

    describe("SetTransformerAggregation without blocks", () => {
      for (const fixture of fixtures.setTransformer) {
        it(fixture.name, () => {
          const { channels, numSeedPoints, heads, layerNorm } = fixture.options;
          const readout = new PoolingByMultiHeadAttention(channels, { ...drawn, numSeedPoints, heads, layerNorm });
          const stateDict = new StateDict(fixture);
          stateDict.linear(readout.linear, "pma.lin.");
          stateDict.write(readout.seed, "pma.seed");
          stateDict.attention(readout.attention, "pma.mab.attn.");
          stateDict.linear(readout.feedForward, "pma.mab.lin.");
          if (readout.norm1) stateDict.norm(readout.norm1, "pma.mab.layer_norm1.");
          if (readout.norm2) stateDict.norm(readout.norm2, "pma.mab.layer_norm2.");
          compare(fixture, readout, stateDict, engine);
        });
      }
    });
  });
}

function compare(fixture: Omit<Case, "options">, readout: Readout, stateDict: StateDict, engine: Engine): void {
  expect(stateDict.unread).toEqual([]);
  const x = fromFixture(fixture.inputs.x, engine);
  const membership = { graphs: fixture.graphs, graphOf: Uint32Array.from(fixture.index) };
  const leaves = [["x", x, fixture.gradients.inputs.x] as const, ...stateDict.leaves];
  const least = stateDict.leaves.length === 0 ? undefined : stateDict.least;
  expectOutputAndGradients(readout.forward(x, membership), fixture, leaves, least);
}
