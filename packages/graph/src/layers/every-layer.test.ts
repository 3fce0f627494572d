import { parameter, SparseTensor } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layerConformance } from "../conformance/layer-conformance.ts";
import { conformanceOf, contextOf, graphLayers } from "../testing/graph-layers.ts";
import {
  type Edge,
  edges,
  graph,
  neighborhoodOf,
  numbers,
  reference,
  sparseFeatures,
  width,
} from "../testing/layer-examples.ts";

describe.each(graphLayers)("$name", (example) => {
  it.each(layerConformance(example.make, conformanceOf(example)))("$name", ({ run }) => run());

  const plain: readonly Edge[] = edges.filter(([sender, receiver]) => sender !== receiver);
  const loops = [0, 1, 2, 3, 4, 5].map((i): Edge => [i, i]);
  const outputOf = (list: readonly Edge[]): ArrayLike<number> => {
    const context = contextOf(example, 6, list.length);
    // All edges alike, so that a loop that is given is like those that are added.
    if (context.edgeWeights) reference.write(context.edgeWeights.buffer, new Float64Array(list.length).fill(1));
    if (context.edgeFeatures) reference.write(context.edgeFeatures.buffer, new Float64Array(context.edgeFeatures.size));
    return example
      .make({})
      .forward(numbers([6, width], 1), neighborhoodOf(list, 6), context)
      .dataSync();
  };
  if (example.addsLoops) {
    it("lets each node see itself once, whether its loop was given, given twice or left out", () => {
      expectSame(outputOf([...plain, ...loops]), outputOf(plain));
      expectSame(outputOf([...plain, ...loops, ...loops]), outputOf(plain));
    });
  } else if (!/GCNConv (improved|with edge weights$)/.test(example.name)) {
    it("takes a self-loop for an edge like any other", () => {
      expect(Array.from(outputOf([...plain, ...loops]))).not.toEqual(Array.from(outputOf(plain)));
    });
  }

  if (example.takesSparse) {
    it("computes the same from sparse and dense features", () => {
      const layer = example.make({ inputs: sparseFeatures.columns });
      const { indptr, indices, values, rows, columns } = sparseFeatures;
      const dense = new Float64Array(rows * columns);
      for (let r = 0; r < rows; r++) {
        for (let p = indptr[r]!; p < indptr[r + 1]!; p++) dense[r * columns + indices[p]!] = values[p]!;
      }
      const context = contextOf(example, 6, edges.length);
      const ofSparse = layer.forward(SparseTensor.from(sparseFeatures, { engine: reference }), graph, context);
      const ofDense = layer.forward(parameter(dense, [rows, columns], { engine: reference }), graph, context);
      expectSame(ofSparse.dataSync(), ofDense.dataSync());
    });
  }
});

describe.each(graphLayers.filter((example) => "detailed" in example.make({})))("the attention of $name", (example) => {
  const layer = example.make({});
  if (!("detailed" in layer)) throw new Error("expected a layer with attention");

  it("is over every given edge once, under its own number, and over added loops", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 15 }),
        (nodes, drawn) => {
          const list = drawn.map(([sender, receiver]): Edge => [sender % nodes, receiver % nodes]);
          const context = contextOf(example, nodes, list.length);
          const { attention } = layer.detailed(numbers([nodes, width], 1), neighborhoodOf(list, nodes), context);
          const { neighborhood, edgeOf, weights } = attention;
          expect(weights.shape[0]).toBe(neighborhood.edges);
          expect(weights.shape).toHaveLength(2);
          const isKept = ([sender, receiver]: Edge): boolean => !example.addsLoops || sender !== receiver;
          const found = Array.from(edgeOf, (edge, p): readonly [number, Edge] => [
            edge,
            [neighborhood.senderOf[p]!, neighborhood.receiverOf[p]!],
          ]);
          const kept = found.filter(([, ends]) => isKept(ends)).sort(([a], [b]) => a - b);
          expect(kept).toEqual([...list.entries()].filter(([, ends]) => isKept(ends)));
          const loops = found.filter(([, ends]) => !isKept(ends)).map(([, [sender]]) => sender);
          expect(loops).toEqual(example.addsLoops ? Array.from({ length: nodes }, (_, i) => i) : []);
        },
      ),
    );
  });

  it("is the same along an edge that was given twice", () => {
    const context = contextOf(example, 6, edges.length);
    // The fourth and the sixth edge join the same nodes.
    for (const values of [context.edgeFeatures, context.edgeWeights]) {
      if (values === undefined) continue;
      const [, columns = 1] = values.shape;
      const numbers = values.dataSync();
      numbers.copyWithin(5 * columns, 3 * columns, 4 * columns);
      reference.write(values.buffer, numbers);
    }
    const { attention } = layer.detailed(numbers([6, width], 1), graph, context);
    const [, heads = 1] = attention.weights.shape;
    const w = attention.weights.dataSync();
    const weightsOf = (edge: number): number[] => {
      const p = attention.edgeOf.indexOf(edge);
      return Array.from(w.slice(p * heads, (p + 1) * heads));
    };
    expect(weightsOf(5)).toEqual(weightsOf(3));
    expect(weightsOf(3).every((weight) => weight !== 0)).toBe(true);
  });
});

function expectSame(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  Array.from(expected).forEach((value, k) => {
    expect(got[k]).toBeCloseTo(value, 10);
  });
}
