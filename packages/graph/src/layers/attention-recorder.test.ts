import { Random, type Tensor } from "@vicinal/core";
import { describe, expect, it, vi } from "vitest";
import { HGT } from "../models/hgt.ts";
import { contextOf, graphLayers } from "../testing/graph-layers.ts";
import { edges, graph, neighborhoodOf, numbers, reference, width } from "../testing/layer-examples.ts";
import { valuesOf as byType, library, metadata, typedFeatures, typedWidths } from "../testing/typed-graphs.ts";
import { collectAttention, reportGlobalAttention } from "./attention-recorder.ts";
import { GATConv } from "./gat.ts";
import { GPSConv } from "./gps.ts";
import { GraphormerLayer } from "./graphormer-layer.ts";
import { HANConv } from "./han.ts";
import { HGTConv } from "./hgt.ts";
import { RGATConv } from "./rgat.ts";

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

  it.each([
    ["HGTConv", new HGTConv(typedWidths, 4, { random: new Random(1), engine: reference, metadata, heads: 2 })],
    ["HANConv", new HANConv(typedWidths, 4, { random: new Random(1), engine: reference, metadata, heads: 2 })],
  ])("of the types of a graph hears of %s along each relation that has edges, once", (_name, typed) => {
    const features = typedFeatures();
    const expected = typed.detailed(features, library).attention;
    const { result, attention } = collectAttention({}, () => typed.forward(features, library));
    for (const [type, values] of Object.entries(byType(typed.forward(features, library)))) {
      expectClose(byType(result)[type]!, values);
    }
    expect(attention.map(({ relation }) => relation)).toEqual(expected.map(({ relation }) => relation));
    expect(attention.length).toBe(4);
    for (const [r, { given, neighborhood, edgeOf, weights }] of attention.entries()) {
      expect([given, neighborhood]).toEqual([expected[r]?.neighborhood, expected[r]?.neighborhood]);
      expect(edgeOf).toEqual(Int32Array.from(given.edgeOf));
      expect(valuesOf(weights)).toEqual(valuesOf(expected[r]!.weights));
    }
    const [{ given }] = [attention[1]!];
    const ofOne = collectAttention({ over: given }, () => typed.forward(features, library)).attention;
    expect(ofOne.map(({ relation }) => relation)).toEqual([attention[1]?.relation]);
    const detailed = vi.spyOn(typed, "detailed");
    typed.forward(features, library);
    expect(collectAttention({ over: graph }, () => typed.forward(features, library)).attention).toEqual([]);
    expect(detailed).not.toHaveBeenCalled();
  });

  it("of a model of several layers over types hears of each", () => {
    const model = new HGT(typedWidths, 2, { random: new Random(1), engine: reference, metadata, hidden: 4, layers: 3 });
    const { attention } = collectAttention({}, () => model.forward(typedFeatures(), library));
    expect(attention.length).toBe(3 * 4);
    const last = model.detailed(typedFeatures(), library).attention;
    expect(attention.slice(-4).map(({ weights }) => valuesOf(weights))).toEqual(
      last.map(({ weights }) => valuesOf(weights)),
    );
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
