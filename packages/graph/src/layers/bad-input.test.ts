import { describe, expect, it } from "vitest";
import {
  edgeDim,
  edges,
  graph,
  type LayerOptions,
  layers,
  numbers,
  widening,
  width,
} from "../testing/layer-examples.ts";
import type { InputWidths } from "./layer-input.ts";

describe.each(Object.entries(layers))("%s refuses", (name, make) => {
  const misspelt = Object.assign({ heads: 2 }, { negative_slope: 0.1 });
  const unknownFill: object = { edgeDim, fillValue: "median" };
  const options: readonly (readonly [what: string, options: LayerOptions, code: string])[] = [
    ["an unknown option", misspelt, "unknown-option"],
    ["no heads", { heads: 0 }, "out-of-range"],
    ["a part of a head", { heads: 1.5 }, "out-of-range"],
    ["edge features of no width", { edgeDim: 0 }, "out-of-range"],
    ["to drop every weight", { dropout: 1 }, "out-of-range"],
    ["a dropout that is no number", { dropout: Number.NaN }, "out-of-range"],
    ["a fill of another width than the edges", { edgeDim, fillValue: [1, 2, 3] }, "wrong-length"],
    ["a fill for edges that have no features", { fillValue: [1, 2] }, "wrong-length"],
    ["a fill that it does not know", unknownFill, "out-of-range"],
  ];
  for (const [what, bad, code] of options) {
    it(what, () => {
      expect(() => make(width, bad)).toThrow(
        expect.objectContaining({ name: "OptionError", code, message: expect.stringMatching(`^${name}: `) }),
      );
    });
  }

  it("widths that are no whole numbers above 0", () => {
    const refusal = expect.objectContaining({ name: "OptionError", code: "out-of-range" });
    for (const inputs of [0, 1.5, [0, 3], [3, 0]] satisfies InputWidths[]) expect(() => make(inputs)).toThrow(refusal);
  });

  const x = numbers([6, width], 1);
  const edgeFeatures = numbers([edges.length, edgeDim], 2);
  const plain = make(width);
  const withEdges = make(width, { edgeDim });
  const twoSided = make([width, 2]);
  const calls: readonly (readonly [what: string, call: () => unknown, code: string])[] = [
    ["no edge features where it reads some", () => withEdges.forward(x, graph), "missing-input"],
    ["edge features where it reads none", () => plain.forward(x, graph, { edgeFeatures }), "unexpected-input"],
    [
      "features of fewer edges",
      () => withEdges.forward(x, graph, { edgeFeatures: numbers([edges.length - 1, edgeDim], 2) }),
      "shapes-differ",
    ],
    [
      "edge features of another width",
      () => withEdges.forward(x, graph, { edgeFeatures: numbers([edges.length, edgeDim + 1], 2) }),
      "shapes-differ",
    ],
    ["features of fewer nodes", () => plain.forward(numbers([5, width], 1), graph), "shapes-differ"],
    ["features of another width", () => plain.forward(numbers([6, width + 1], 1), graph), "shapes-differ"],
    ["features of three dimensions", () => plain.forward(numbers([6, width, 1], 1), graph), "shapes-differ"],
    [
      "features of fewer receivers",
      () => twoSided.forward([numbers([3, width], 1), numbers([4, 2], 1)], widening),
      "shapes-differ",
    ],
    [
      "receivers of another width",
      () => twoSided.forward([numbers([3, width], 1), numbers([5, width], 1)], widening),
      "shapes-differ",
    ],
  ];
  for (const [what, call, code] of calls) {
    it(what, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});

describe("GATv2Conv refuses", () => {
  it("to do without the features of the receivers", () => {
    const layer = layers.GATv2Conv([width, 2]);
    expect(() => layer.forward([numbers([3, width], 1), undefined], widening)).toThrow(
      expect.objectContaining({ name: "OptionError", code: "missing-input" }),
    );
  });

  it("to share a projection of two widths", () => {
    expect(() => layers.GATv2Conv([3, 2], { shareWeights: true })).toThrow(
      expect.objectContaining({ name: "OptionError", code: "out-of-range" }),
    );
  });
});
