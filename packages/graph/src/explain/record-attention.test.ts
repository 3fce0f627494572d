import { createWasmEngine, elu, Module, Random, type Tensor, tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { GATConv } from "../layers/gat.ts";
import { GAT } from "../models/gat.ts";
import type { GraphInputs, GraphModel, GraphModelAttention } from "../models/graph-model.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import { AttentionReadout } from "../readout/attention-readout.ts";
import { edges, graph, numbers, reference, width } from "../testing/layer-examples.ts";
import { recordAttention } from "./record-attention.ts";

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (const [k, value] of Array.from(actual).entries()) expect(value).toBeCloseTo(expected[k]!, 12);
}

describe("recordAttention", () => {
  const random = new Random(1);
  const x = numbers([6, width], 1);

  it("finds the attention of every layer of a model, the first layer first", async () => {
    const model = new GAT(width, 2, { random, engine: reference, layers: 3, heads: 2, hidden: 4 });
    const { output, shape, layers } = await recordAttention(() => model.forward(x, graph));
    expect(shape).toEqual([6, 2]);
    expectClose(output, model.forward(x, graph).dataSync());
    expect(layers.map(({ heads }) => heads)).toEqual([2, 2, 1]);
    const [first, second, third] = model.layers;
    const one = first!.detailed(x, graph);
    const two = second!.detailed(elu(one.output), graph);
    const three = third!.detailed(elu(two.output), graph);
    for (const [l, { attention }] of [one, two, three].entries()) {
      expect(layers[l]?.given).toBe(graph);
      expect(layers[l]?.edgeOf).toEqual(attention.edgeOf);
      expectClose(layers[l]!.weights, attention.weights.dataSync());
    }
  });

  it("finds that of the blocks of a transformer", async () => {
    const model = new GraphTransformer(width, 2, { random, engine: reference, layers: 2, heads: 2, hidden: 4 });
    const { layers } = await recordAttention(() => model.forward(x, graph));
    expect(layers.length).toBe(2);
    expectClose(layers[1]!.weights, model.detailed(x, graph).attention.weights.dataSync());
  });

  it("finds that of a model of graphs, though it makes contexts of its own", async () => {
    const model = new TinyGraphModel();
    const inputs = { x, neighborhood: graph, graphs: 2, graphOf: Uint32Array.of(0, 0, 0, 1, 1, 1) };
    const { shape, layers } = await recordAttention(() => model.forward(inputs));
    expect(shape).toEqual([2, 4]);
    expect(layers.map(({ given }) => given)).toEqual([graph, graph]);
  });

  it("leaves nothing behind and records no gradient", async () => {
    const engine = createReferenceEngine();
    const model = new GAT(width, 2, { random, engine, heads: 2, hidden: 4 });
    const own = numbers([6, width], 1, engine);
    model.forward(own, graph);
    let output: Tensor | undefined;
    const run = () => {
      output = model.forward(own, graph);
      return output;
    };
    await recordAttention(run);
    expect(output?.requiresGrad).toBe(false);
  });

  it.each([createReferenceEngine(), createWasmEngine()])("reads from the engine $name", async (engine) => {
    const layer = new GATConv(width, 2, { random: new Random(1), engine, heads: 2 });
    const { layers } = await recordAttention(() => layer.forward(numbers([6, width], 1, engine), graph));
    const { neighborhood, weights } = layers[0]!;
    expect(neighborhood.edges).toBe(edges.length - 1 + 6);
    for (let i = 0; i < 6; i++) {
      for (const h of [0, 1]) {
        let sum = 0;
        for (let p = neighborhood.offsets[i]!; p < neighborhood.offsets[i + 1]!; p++) sum += weights[2 * p + h]!;
        expect(sum).toBeCloseTo(1, 5);
      }
    }
  });

  it("refuses what is no tensor at once, and options that nobody reads", async () => {
    const later = async () => tensor([1], [1], { engine: reference });
    // @ts-expect-error: a promise is no tensor.
    await expect(recordAttention(later)).rejects.toMatchObject({ name: "OptionError", code: "not-a-tensor" });
    const options = { over: graph, along: graph };
    await expect(recordAttention(() => x, options)).rejects.toMatchObject({ code: "unknown-option" });
  });
});

class TinyGraphModel extends Module implements GraphModel {
  readonly outputs = 4;
  readonly first = new GATConv(width, 4, { random: new Random(1), engine: reference });
  readonly second = new GATConv(4, 4, { random: new Random(2), engine: reference });
  readonly readout = new AttentionReadout(4, { random: new Random(3), engine: reference });

  forward(graphs: GraphInputs): Tensor {
    return this.detailed(graphs).output;
  }

  detailed(graphs: GraphInputs): { readonly output: Tensor; readonly attention: GraphModelAttention } {
    const x = this.second.forward(elu(this.first.forward(graphs.x, graphs.neighborhood)), graphs.neighborhood);
    return { output: this.readout.forward(x, graphs), attention: { nodes: undefined, edges: undefined } };
  }
}
