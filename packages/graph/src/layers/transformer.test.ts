import { Random } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { channels, edgeDim, edges, graph, numbers, reference, rowsOf, width } from "../testing/layer-examples.ts";
import { TransformerConv, type TransformerConvOptions } from "./transformer.ts";

function layerOf(options: Omit<TransformerConvOptions, "random" | "engine"> = {}): TransformerConv {
  return new TransformerConv(width, channels, { random: new Random(1), engine: reference, heads: 2, ...options });
}

const x = numbers([6, width], 1);

describe("TransformerConv", () => {
  it("drops the value of an edge together with that of its sender", () => {
    const layer = layerOf({ edgeDim, dropout: 0.5, rootWeight: false });
    // Every sender has the value b, and every edge its opposite: together they are 0 whatever is dropped, but neither is alone.
    const { linearValue, linearEdge } = layer;
    reference.write(linearValue.weight.buffer, new Float64Array(linearValue.weight.size));
    const b = linearValue.bias!.dataSync();
    reference.write(
      linearEdge!.weight.buffer,
      Array.from(b).flatMap((value) => [-value, 0]),
    );
    const edgeFeatures = numbers([edges.length, edgeDim], 2);
    reference.write(
      edgeFeatures.buffer,
      edges.flatMap((_, e) => [1, e]),
    );
    for (let seed = 0; seed < 20; seed++) {
      const output = layer.forward(x, graph, { edgeFeatures, training: { random: new Random(seed) } }).dataSync();
      expect(Math.max(...output.map(Math.abs))).toBeLessThan(1e-12);
    }
    expect(b.every((value) => Math.abs(value) > 1e-3)).toBe(true);
  });

  it("shows the weights as they were before dropping", () => {
    const layer = layerOf({ edgeDim, dropout: 0.5 });
    const edgeFeatures = numbers([edges.length, edgeDim], 2);
    const trained = layer.detailed(x, graph, { edgeFeatures, training: { random: new Random(1) } });
    const evaluated = layer.detailed(x, graph, { edgeFeatures });
    expect(Array.from(trained.attention.weights.dataSync())).toEqual(
      Array.from(evaluated.attention.weights.dataSync()),
    );
    expect(Array.from(trained.output.dataSync())).not.toEqual(Array.from(evaluated.output.dataSync()));
  });

  it("has weights that sum to 1 wherever an edge arrives", () => {
    const { attention } = layerOf({ heads: 3 }).detailed(x, graph);
    const { neighborhood, weights } = attention;
    const w = weights.dataSync();
    for (let i = 0; i < 4; i++) {
      for (let h = 0; h < 3; h++) {
        let total = 0;
        for (let p = neighborhood.offsets[i]!; p < neighborhood.offsets[i + 1]!; p++) total += w[p * 3 + h]!;
        expect(total).toBeCloseTo(1, 12);
      }
    }
  });

  it("gives a node at which no edge arrives its own part alone, or nothing without one", () => {
    const layer = layerOf();
    const own = layer.linearSkip!.forward(x);
    const output = layer.forward(x, graph);
    expect(Array.from(rowsOf(output, [4, 5]).dataSync())).toEqual(Array.from(rowsOf(own, [4, 5]).dataSync()));
    const without = layerOf({ rootWeight: false }).forward(x, graph);
    expect(Array.from(rowsOf(without, [4, 5]).dataSync())).toEqual(new Array<number>(8).fill(0));
  });

  it("mixes by a gate that lies between the two parts", () => {
    const layer = layerOf({ beta: true });
    const weight = layer.linearBeta!.weight;
    const mixedBy = (factor: number): ArrayLike<number> => {
      // On the difference of the parts with a channel that is positive at every node.
      reference.write(weight.buffer, new Float64Array(weight.size).fill(0));
      const own = layer.linearSkip!;
      reference.write(own.weight.buffer, new Float64Array(own.weight.size));
      reference.write(own.bias!.buffer, new Float64Array(own.outputs).fill(1));
      reference.write(
        weight.buffer,
        new Float64Array(weight.size).map((_, k) => (k === own.outputs ? factor : 0)),
      );
      return layer.forward(x, graph).dataSync();
    };
    const own = mixedBy(1000);
    expect(Math.max(...Array.from(own, (value) => Math.abs(value - 1)))).toBeLessThan(1e-12);
    const attended = mixedBy(-1000);
    const halves = mixedBy(0);
    Array.from(attended).forEach((value, k) => {
      expect(halves[k]).toBeCloseTo((value + 1) / 2, 12);
    });
    expect(Array.from(rowsOf(layer.forward(x, graph), [5]).dataSync())).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  it("has nothing to mix without a root", () => {
    const [plain, gated] = [false, true].map((beta) => layerOf({ beta, rootWeight: false }));
    expect(gated!.parameterCount).toBe(plain!.parameterCount);
  });
});
