import { Random, type Tensor } from "@vicinal/core";
import { describe, expect, it, vi } from "vitest";
import { contextOf, graphLayers } from "../testing/graph-layers.ts";
import { edges, graph, neighborhoodOf, numbers, reference, width } from "../testing/layer-examples.ts";
import { collectAttention, reportGlobalAttention } from "./attention-recorder.ts";
import { GATConv } from "./gat.ts";
import { GPSConv } from "./gps-conv.ts";
import { GraphormerLayer } from "./graphormer-layer.ts";
import { RGATConv } from "./rgat-conv.ts";

const valuesOf = (x: Tensor): number[] => Array.from(x.dataSync());

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  for (const [k, value] of actual.entries()) expect(value).toBeCloseTo(expected[k]!, 12);
}

describe.each(graphLayers)("recording $name", (example) => {
  const layer = example.make({});
  const x = numbers([6, width], 1);
  const context = contextOf(example, 6, edges.length);
  const seeded = () => ({ ...context, training: { random: new Random(5) } });

  it("leaves the answer as it is, while training too", () => {
    const recorded = collectAttention({}, () => layer.forward(x, graph, context)).result;
    expectClose(valuesOf(recorded), valuesOf(layer.forward(x, graph, context)));
    const trained = collectAttention({}, () => layer.forward(x, graph, seeded())).result;
    expectClose(valuesOf(trained), valuesOf(layer.forward(x, graph, seeded())));
  });

  it("hears of its attention once, or not at all if it has none", () => {
    const { attention } = collectAttention({}, () => layer.forward(x, graph, context));
    if (!("detailed" in layer)) {
      expect(attention).toEqual([]);
      return;
    }
    const expected = layer.detailed(x, graph, context).attention;
    expect(attention.length).toBe(1);
    expect(attention[0]?.given).toBe(graph);
    expect(attention[0]?.neighborhood).toBe(expected.neighborhood);
    expect(attention[0]?.edgeOf).toEqual(expected.edgeOf);
    expect(valuesOf(attention[0]!.weights)).toEqual(valuesOf(expected.weights));
    expect(collectAttention({}, () => layer.detailed(x, graph, context)).attention.length).toBe(1);
  });
});

describe("recording", () => {
  const layer = new GATConv(width, 2, { random: new Random(1), engine: reference });
  const x = numbers([6, width], 1);

  it("makes no weights where they are not asked for", () => {
    const detailed = vi.spyOn(layer, "detailed");
    layer.forward(x, graph);
    const { attention } = collectAttention({ over: neighborhoodOf(edges, 6) }, () => layer.forward(x, graph));
    expect(attention).toEqual([]);
    expect(detailed).not.toHaveBeenCalled();
    collectAttention({ over: graph }, () => layer.forward(x, graph));
    expect(detailed).toHaveBeenCalledOnce();
  });

  it("of relations hears of their edges", () => {
    const relational = new RGATConv(width, 2, 2, { random: new Random(1), engine: reference });
    const context = { edgeTypes: Uint32Array.from(edges, (_, e) => e % 2) };
    const { result, attention } = collectAttention({}, () => relational.forward(x, graph, context));
    expectClose(valuesOf(result), valuesOf(relational.forward(x, graph, context)));
    expect(attention.map(({ neighborhood }) => neighborhood)).toEqual([graph]);
  });

  it("hears of attention to all nodes only if asked for", () => {
    const conv = new GATConv(width, width, { random: new Random(1), engine: reference });
    const gps = new GPSConv(width, conv, { random: new Random(1), engine: reference, norm: "none" });
    const graphormer = new GraphormerLayer(width, { random: new Random(1), engine: reference });
    const run = () => graphormer.forward(gps.forward(x, graph), graph);
    expect(collectAttention({}, run).attention.map(({ weights }) => weights.shape[0])).toEqual([13]);
    const { result, attention } = collectAttention({ global: true }, run);
    expect(attention.map(({ weights }) => weights.shape[0])).toEqual([13, 36, 36]);
    expect(attention[1]?.edgeOf).toEqual(new Int32Array(36).fill(-1));
    expectClose(valuesOf(result), valuesOf(run()));
  });

  it("ends with the function, even one that throws, and goes on around another", () => {
    const { attention } = collectAttention({}, () => {
      layer.forward(x, graph);
      expect(collectAttention({}, () => layer.forward(x, graph)).attention.length).toBe(1);
      expect(() =>
        collectAttention({}, () => {
          throw new Error("on purpose");
        }),
      ).toThrow("on purpose");
      layer.forward(x, graph);
    });
    expect(attention.length).toBe(2);
    reportGlobalAttention(graph, { neighborhood: graph, weights: x });
    expect(attention.length).toBe(2);
  });
});
