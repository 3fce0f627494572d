import {
  backward,
  createReferenceEngine,
  createWasmEngine,
  type Engine,
  parameter,
  Random,
  SparseTensor,
  scope,
  type Tensor,
} from "@vicinal/core";
import { unevenSum } from "@vicinal/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contextOf, graphLayers } from "../testing/graph-layers.ts";
import {
  type Edge,
  edges,
  graph,
  neighborhoodOf,
  numbers,
  reference,
  rowsOf,
  sparseFeatures,
  width,
} from "../testing/layer-examples.ts";

/** What a context holds, edges and nodes in another order. */
function reordered(context: ReturnType<typeof contextOf>, edgeOrder: readonly number[], nodeOrder: readonly number[]) {
  const { edgeFeatures, edgeWeights, initial } = context;
  return {
    edgeFeatures: edgeFeatures && rowsOf(edgeFeatures, edgeOrder),
    edgeWeights: edgeWeights && picked(edgeWeights, edgeOrder),
    initial: initial && rowsOf(initial, nodeOrder),
  };
}

function picked(x: Tensor, order: readonly number[]): Tensor {
  const values = x.dataSync();
  return parameter(
    order.map((k) => values[k]!),
    [order.length],
    { engine: x.engine },
  );
}

/** The bits of everything that a training step computes. */
function stepOn(engine: Engine, example: (typeof graphLayers)[number]): number[][] {
  const layer = example.make({ engine });
  const x = numbers([6, width], 1, engine);
  const context = contextOf(example, 6, edges.length, engine);
  const output = layer.forward(x, graph, { ...context, training: { random: new Random(3) } });
  backward(unevenSum(output));
  const leaves = [x, ...Object.values(context), ...layer.parameters()];
  return [output, ...leaves.map((leaf) => leaf.grad!)].map((each) => Array.from(each.dataSync()));
}

describe.each(graphLayers)("$name", (example) => {
  it("gives one row a node, as wide as it says", () => {
    const layer = example.make({});
    const output = layer.forward(numbers([6, width], 1), graph, contextOf(example, 6, edges.length));
    expect(output.shape).toEqual([6, layer.outputs]);
  });

  it("does not care how nodes are numbered, nor in which order edges come", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 15 }),
        fc.nat(),
        (nodes, drawn, seed) => {
          const list = drawn.map(([sender, receiver]): Edge => [sender % nodes, receiver % nodes]);
          const random = new Random(seed);
          const newNumber = random.shuffle(Array.from({ length: nodes }, (_, i) => i));
          const newOrder = random.shuffle(Array.from(list.keys()));
          const layer = example.make({});
          const x = numbers([nodes, width], seed);
          const context = contextOf(example, nodes, list.length);
          const output = layer.forward(x, neighborhoodOf(list, nodes), context);

          const oldNumber = newNumber.map((_, i) => newNumber.indexOf(i));
          const renumbered = newOrder.map((e): Edge => [newNumber[list[e]![0]]!, newNumber[list[e]![1]]!]);
          const result = layer.forward(
            rowsOf(x, oldNumber),
            neighborhoodOf(renumbered, nodes),
            reordered(context, newOrder, oldNumber),
          );
          expectSame(result.dataSync(), rowsOf(output, oldNumber).dataSync());
        },
      ),
    );
  });

  it("gives an isolated node what it would have in a graph of its own, and a gradient that is finite", () => {
    const layer = example.make({});
    const x = numbers([6, width], 1);
    const context = contextOf(example, 6, edges.length);
    const output = layer.forward(x, graph, context);
    const alone = layer.forward(rowsOf(x, [5]), neighborhoodOf([], 1), reordered(context, [], [5]));
    expectSame(output.dataSync().slice(5 * layer.outputs), alone.dataSync());
    backward(unevenSum(output));
    for (const leaf of [x, ...layer.parameters()]) {
      expect(leaf.grad?.dataSync().every(Number.isFinite) ?? true).toBe(true);
    }
  });

  it("computes on a graph without edges, and on one without nodes", () => {
    const layer = example.make({});
    const none = layer.forward(numbers([0, width], 1), neighborhoodOf([], 0), contextOf(example, 0, 0));
    expect(none.shape).toEqual([0, layer.outputs]);
    const output = layer.forward(numbers([3, width], 1), neighborhoodOf([], 3), contextOf(example, 3, 0));
    expect(output.dataSync().every(Number.isFinite)).toBe(true);
  });

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

  it("gives the same bits twice on the wasm engine, gradients included, close to those of float64", () => {
    const once = stepOn(createWasmEngine(), example);
    expect(stepOn(createWasmEngine(), example)).toEqual(once);
    const exact = stepOn(createReferenceEngine(), example);
    for (const [k, values] of exact.entries()) {
      const scale = Math.max(1, ...values.map(Math.abs));
      for (const [at, value] of values.entries()) expect(Math.abs(once[k]![at]! - value) / scale).toBeLessThan(1e-4);
    }
  });

  it("holds nothing more after 30 steps than after 3", () => {
    const engine = createReferenceEngine();
    const layer = example.make({ engine });
    const x = numbers([6, width], 1, engine);
    const context = contextOf(example, 6, edges.length, engine);
    const training = { random: new Random(1) };
    const step = (): void => scope(() => backward(unevenSum(layer.forward(x, graph, { ...context, training }))));
    for (let k = 0; k < 3; k++) step();
    const { buffers, bytes } = engine.memory();
    for (let k = 3; k < 30; k++) step();
    expect(engine.memory()).toMatchObject({ buffers, bytes });
  });

  it("draws other parameters from another seed, and the same from the same", () => {
    const values = (seed: number) =>
      example
        .make({ seed })
        .parameters()
        .map((each) => Array.from(each.dataSync()));
    expect(values(1)).toEqual(values(1));
    if (values(1).some((each) => each.length > 1)) expect(values(1)).not.toEqual(values(2));
  });

  it(`${example.drops ? "drops by a mask that follows from the seed, and only" : "computes the same"} while training`, () => {
    const layer = example.make({});
    const x = numbers([6, width], 1);
    const context = contextOf(example, 6, edges.length);
    const trained = (seed: number) =>
      Array.from(layer.forward(x, graph, { ...context, training: { random: new Random(seed) } }).dataSync());
    const evaluated = Array.from(layer.forward(x, graph, context).dataSync());
    expect(trained(1)).toEqual(trained(1));
    if (example.drops) {
      expect(trained(1)).not.toEqual(trained(2));
      expect(trained(1)).not.toEqual(evaluated);
    } else {
      expect(trained(1)).toEqual(evaluated);
    }
  });

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

  it("comes with the output of forward", () => {
    const x = numbers([6, width], 1);
    const given = () => ({ ...contextOf(example, 6, edges.length), training: { random: new Random(2) } });
    const { output } = layer.detailed(x, graph, given());
    expectSame(output.dataSync(), layer.forward(x, graph, given()).dataSync());
  });

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
