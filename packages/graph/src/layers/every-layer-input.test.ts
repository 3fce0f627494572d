import { SparseTensor, type Tensor } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { contextOf, graphLayers } from "../testing/graph-layers.ts";
import {
  edges,
  graph,
  narrowing,
  numbers,
  reference,
  sparseFeatures,
  widening,
  width,
} from "../testing/layer-examples.ts";
import type { LayerInput } from "./graph-layer.ts";

function expectRefusal(call: () => unknown, name: string, code: string): void {
  expect(call).toThrow(expect.objectContaining({ name, code }));
}

describe.each(graphLayers)("$name refuses", (example) => {
  const layer = example.make({});
  const x = numbers([6, width], 1);
  const context = contextOf(example, 6, edges.length);
  const { reads } = example;
  const refuses = (input: LayerInput, name: string, code: string, given: object = context): void =>
    expectRefusal(() => layer.forward(input, graph, given), name, code);

  it("features of other nodes, of another width, or of three dimensions", () => {
    refuses(numbers([5, width], 1), "ShapeError", "shapes-differ");
    refuses(numbers([6, width + 1], 1), "ShapeError", "shapes-differ");
    refuses(numbers([6, width, 1], 1), "ShapeError", "shapes-differ");
  });

  if (reads.edgeFeatures === undefined) {
    it("edge features, which it does not read", () => {
      refuses(x, "OptionError", "unexpected-input", { ...context, edgeFeatures: numbers([edges.length, 2], 1) });
    });
  } else {
    const edgeWidth = reads.edgeFeatures;
    it("to do without edge features, and those of other edges or of another width", () => {
      refuses(x, "OptionError", "missing-input", {});
      for (const shape of [[edges.length - 1, edgeWidth], [edges.length, edgeWidth + 1], [edges.length * edgeWidth]]) {
        refuses(x, "ShapeError", "shapes-differ", { edgeFeatures: numbers(shape, 1) });
      }
    });
  }

  if (reads.edgeWeights) {
    it("weights of other edges, or in a column", () => {
      for (const shape of [[edges.length - 1], [edges.length, 1]]) {
        refuses(x, "ShapeError", "shapes-differ", { ...context, edgeWeights: numbers(shape, 1) });
      }
    });
  }

  if (reads.initial) {
    it("to do without initial features, and those of another shape", () => {
      const { initial: _left, ...others } = context;
      refuses(x, "OptionError", "missing-input", others);
      for (const shape of [
        [5, width],
        [6, width + 1],
      ]) {
        refuses(x, "ShapeError", "shapes-differ", { ...others, initial: numbers(shape, 1) });
      }
    });
  }

  if (example.sides === "one") {
    it("features of two sides, and neighborhoods of different nodes", () => {
      refuses([x, x], "OptionError", "unexpected-input");
      for (const neighborhood of [widening, narrowing]) {
        const nodes = numbers([neighborhood.senders, width], 1);
        expectRefusal(() => layer.forward(nodes, neighborhood, context), "ShapeError", "shapes-differ");
      }
    });
  } else {
    it("features of fewer senders or receivers than there are", () => {
      const inputs: readonly (readonly [Tensor, Tensor])[] = [
        [numbers([2, width], 1), numbers([5, width], 1)],
        [numbers([3, width], 1), numbers([4, width], 1)],
      ];
      const given = contextOf(example, 3, widening.edges);
      for (const sides of inputs) {
        expectRefusal(() => layer.forward(sides, widening, given), "ShapeError", "shapes-differ");
      }
    });
  }

  if (!example.takesSparse) {
    it("sparse features, which it would have to make dense", () => {
      const sparse = SparseTensor.from(sparseFeatures, { engine: reference });
      refuses(sparse, "OptionError", "sparse-features");
    });
  }
});

it.each(graphLayers.filter(({ name }) => /^(GATv2|Transformer|ResGated)/.test(name)))(
  "$name refuses to do without features of the receivers",
  (example) => {
    const call = () =>
      example.make({}).forward([numbers([3, width], 1), undefined], widening, contextOf(example, 3, widening.edges));
    expectRefusal(call, "OptionError", "missing-input");
  },
);

it.each(graphLayers.filter(({ name }) => /^(SAGE|GIN)/.test(name)))(
  "$name sees the neighbors alone where receivers have no features",
  (example) => {
    const layer = example.make({});
    const context = contextOf(example, 3, widening.edges);
    const senders = numbers([3, width], 1);
    const zeros = numbers([5, width], 1);
    reference.write(zeros.buffer, new Float64Array(zeros.size));
    const zeroed = layer.forward([senders, zeros], widening, context).dataSync();
    const without = layer.forward([senders, undefined], widening, context).dataSync();
    expect(Array.from(without)).toEqual(Array.from(zeroed));
  },
);

describe.each(graphLayers)("$name is not made", (example) => {
  it("for features of no width", () => {
    expectRefusal(() => example.make({ inputs: 0 }), "OptionError", "out-of-range");
    expectRefusal(() => example.make({ inputs: 1.5 }), "OptionError", "out-of-range");
  });
});
