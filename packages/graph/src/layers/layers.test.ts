import { backward, createWasmEngine, parameter, Random, SparseTensor, scope, type Tensor } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { unevenSum } from "@vicinal/core/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  channels,
  type Edge,
  edgeDim,
  edges,
  fills,
  graph,
  layers,
  narrowing,
  neighborhoodOf,
  numbers,
  reference,
  rowsOf,
  sparseFeatures,
  widening,
  width,
} from "../testing/layer-examples.ts";
import type { AttentionConv } from "./attention-conv.ts";
import type { LayerContext, LayerInput } from "./graph-layer.ts";

describe.each(Object.entries(layers))("%s", (_, make) => {
  it("puts its heads side by side, or averages them", () => {
    const x = numbers([6, width], 1);
    const [beside, averaged] = [make(width, { heads: 3 }), make(width, { heads: 3, concat: false })];
    expect([beside.outputs, averaged.outputs]).toEqual([3 * channels, channels]);
    const [all, means] = [beside.forward(x, graph), averaged.forward(x, graph)];
    expect([all.shape, means.shape]).toEqual([
      [6, 3 * channels],
      [6, channels],
    ]);
    const values = all.dataSync();
    const expected = Array.from({ length: 6 * channels }, (_, k) => {
      const [node, channel] = [Math.floor(k / channels), k % channels];
      return [0, 1, 2].reduce((total, head) => total + values[(node * 3 + head) * channels + channel]! / 3, 0);
    });
    expectSame(means.dataSync(), expected);
  });

  it("computes the same from sparse and dense features", () => {
    const layer = make(4, { heads: 2, residual: true });
    const { indptr, indices, values, rows } = sparseFeatures;
    const dense = new Float64Array(rows * 4);
    for (let r = 0; r < rows; r++) {
      for (let p = indptr[r]!; p < indptr[r + 1]!; p++) dense[r * 4 + indices[p]!] = values![p]!;
    }
    const ofSparse = layer.forward(SparseTensor.from(sparseFeatures, { engine: reference }), graph).dataSync();
    const ofDense = layer.forward(parameter(dense, [rows, 4], { engine: reference }), graph).dataSync();
    expectSame(ofSparse, ofDense);
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
          const layer = make(width, { heads: 2, edgeDim, residual: true, fillValue: "max" });
          const x = numbers([nodes, width], seed);
          const features = numbers([list.length, edgeDim], seed + 1);
          const output = layer.forward(x, neighborhoodOf(list, nodes), { edgeFeatures: features });

          const oldNumber = newNumber.map((_, i) => newNumber.indexOf(i));
          const renumbered = newOrder.map((e): Edge => [newNumber[list[e]![0]]!, newNumber[list[e]![1]]!]);
          const result = layer.forward(rowsOf(x, oldNumber), neighborhoodOf(renumbered, nodes), {
            edgeFeatures: rowsOf(features, newOrder),
          });
          expectSame(result.dataSync(), rowsOf(output, oldNumber).dataSync());
        },
      ),
    );
  });

  describe("attends", () => {
    it("over every given edge once, and from every node to itself once", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 6 }),
          fc.integer({ min: 1, max: 6 }),
          fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { maxLength: 15 }),
          (senders, receivers, drawn) => {
            const list = drawn.map(([sender, receiver]): Edge => [sender % senders, receiver % receivers]);
            const layer = make([width, width]);
            const input: LayerInput = [numbers([senders, width], 1), numbers([receivers, width], 2)];
            const { attention } = layer.detailed(input, neighborhoodOf(list, senders, receivers));
            const { neighborhood, edgeOf } = attention;
            const found = Array.from(edgeOf, (edge, p) => [
              neighborhood.senderOf[p]!,
              neighborhood.receiverOf[p]!,
              edge,
            ]);
            const isLoop = ([sender, receiver]: readonly number[]): boolean => sender === receiver;

            const kept = list.map(([sender, receiver], e) => [sender, receiver, e]).filter((edge) => !isLoop(edge));
            const byNumber = found.filter((edge) => !isLoop(edge)).sort((a, b) => a[2]! - b[2]!);
            expect(byNumber).toEqual(kept);

            // A loop that was given keeps its number, the first where it was given twice; one that was added has none.
            const loops = Array.from({ length: Math.min(senders, receivers) }, (_, i) => [
              i,
              i,
              list.findIndex(([sender, receiver]) => sender === i && receiver === i),
            ]);
            expect(found.filter(isLoop)).toEqual(loops);
          },
        ),
      );
    });

    it("over the given edges alone without self-loops", () => {
      const { attention } = make(width, { addSelfLoops: false }).detailed(numbers([6, width], 1), graph);
      expect(attention.neighborhood).toBe(graph);
      expect(Array.from(attention.edgeOf)).toEqual(Array.from(graph.edgeOf));
    });

    it("with weights that sum to 1 at every node and head", () => {
      const { attention } = make(width, { heads: 3 }).detailed(numbers([6, width], 1), graph);
      const { neighborhood, weights } = attention;
      const w = weights.dataSync();
      expect(weights.shape).toEqual([neighborhood.edges, 3]);
      for (let i = 0; i < 6; i++) {
        for (let h = 0; h < 3; h++) {
          let total = 0;
          for (let p = neighborhood.offsets[i]!; p < neighborhood.offsets[i + 1]!; p++) total += w[p * 3 + h]!;
          expect(total).toBeCloseTo(1, 12);
        }
      }
    });

    it("twice along an edge that was given twice", () => {
      const { attention } = make(width).detailed(numbers([6, width], 1), graph);
      const w = attention.weights.dataSync();
      const weightOf = (edge: number): number => w[attention.edgeOf.indexOf(edge)]!;
      expect(weightOf(3)).toBeGreaterThan(0);
      expect(weightOf(5)).toBe(weightOf(3));
    });

    it("from an isolated node to itself, with its whole weight", () => {
      const layer = make(width, { heads: 2 });
      const x = numbers([6, width], 1);
      const { output, attention } = layer.detailed(x, graph);
      const [first, end] = [attention.neighborhood.offsets[5]!, attention.neighborhood.offsets[6]!];
      expect([end - first, attention.neighborhood.senderOf[first]]).toEqual([1, 5]);
      expect(Array.from(attention.weights.dataSync().slice(first * 2, end * 2))).toEqual([1, 1]);
      const alone = layer.forward(rowsOf(x, [5]), neighborhoodOf([], 1));
      expectSame(output.dataSync().slice(20), alone.dataSync());
    });

    it("to nothing at a node without edges and loops: its output is the bias", () => {
      const layer = make(width, { addSelfLoops: false });
      const { bias } = layer;
      bias!.engine.write(bias!.buffer, [0.25, -2]);
      const output = layer.forward(numbers([6, width], 1), graph).dataSync();
      expect(Array.from(output.slice(8))).toEqual([0.25, -2, 0.25, -2]);
    });

    it("as forward does: both give the same output", () => {
      const layer = make(width, { heads: 2, dropout: 0.5, edgeDim });
      const context = (): LayerContext => ({
        edgeFeatures: numbers([edges.length, edgeDim], 2),
        training: { random: new Random(3) },
      });
      const x = numbers([6, width], 1);
      expectSame(layer.detailed(x, graph, context()).output.dataSync(), layer.forward(x, graph, context()).dataSync());
    });
  });

  describe("drops weights", () => {
    const x = numbers([6, width], 1);
    const layer = make(width, { heads: 2, dropout: 0.5 });
    const trained = (seed: number) =>
      Array.from(layer.forward(x, graph, { training: { random: new Random(seed) } }).dataSync());

    it("by a mask that follows from the seed", () => {
      expect(trained(1)).toEqual(trained(1));
      expect(trained(1)).not.toEqual(trained(2));
    });

    it("by another mask in every call", () => {
      const training = { random: new Random(1) };
      const first = Array.from(layer.forward(x, graph, { training }).dataSync());
      expect(Array.from(layer.forward(x, graph, { training }).dataSync())).not.toEqual(first);
    });

    it("only while training", () => {
      const without = make(width, { heads: 2 });
      expectSame(layer.forward(x, graph).dataSync(), without.forward(x, graph).dataSync());
      expect(trained(1)).not.toEqual(Array.from(without.forward(x, graph).dataSync()));
    });

    it("and shows them as they were before", () => {
      const { weights } = layer.detailed(x, graph, { training: { random: new Random(1) } }).attention;
      expectSame(weights.dataSync(), layer.detailed(x, graph).attention.weights.dataSync());
    });
  });

  it("holds nothing more after 30 steps than after 3, whatever fills the loops", () => {
    for (const fillValue of fills) {
      for (const neighborhood of [widening, narrowing]) {
        const engine = createReferenceEngine();
        const layer = make([width, width], { engine, edgeDim, fillValue });
        const input = [
          numbers([neighborhood.senders, width], 1, engine),
          numbers([neighborhood.receivers, width], 2, engine),
        ] as const;
        const edgeFeatures = numbers([neighborhood.edges, edgeDim], 3, engine);
        const step = (): void => scope(() => backward(unevenSum(layer.forward(input, neighborhood, { edgeFeatures }))));
        for (let k = 0; k < 3; k++) step();
        const { buffers, bytes } = engine.memory();
        for (let k = 3; k < 30; k++) step();
        expect(engine.memory(), `loops by ${fillValue}`).toMatchObject({ buffers, bytes });
      }
    }
  });

  it("gives the same bits twice on the wasm engine, gradients included", () => {
    const bits = (): number[][] => {
      const engine = createWasmEngine();
      const layer = make(width, { engine, heads: 4, edgeDim, dropout: 0.3, residual: true });
      const x = numbers([6, width], 1, engine);
      const edgeFeatures = numbers([edges.length, edgeDim], 2, engine);
      const output = layer.forward(x, graph, { edgeFeatures, training: { random: new Random(3) } });
      backward(unevenSum(output));
      return [output, ...[x, edgeFeatures, ...layer.parameters()].map((leaf) => leaf.grad!)].map((each) =>
        Array.from(each.dataSync()),
      );
    };
    expect(bits()).toEqual(bits());
  });

  it("draws other parameters from another seed, and the same from the same", () => {
    const values = (seed: number) =>
      make(width, { heads: 2 }, seed)
        .parameters()
        .map((each) => Array.from(each.dataSync()));
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });
});

describe("GATConv without features of the receivers", () => {
  it("scores the senders alone, as with features of zeros", () => {
    const layer = layers.GATConv([width, 2], { heads: 2 });
    const senders = numbers([3, width], 1);
    const zeroed = layer.forward([senders, parameter(new Float64Array(10), [5, 2], { engine: reference })], widening);
    expectSame(layer.forward([senders, undefined], widening).dataSync(), zeroed.dataSync());
  });
});

describe("GATv2Conv", () => {
  it("shares one projection between both sides where asked", () => {
    const [shared, apart] = [true, false].map((shareWeights) => layers.GATv2Conv(width, { heads: 2, shareWeights }));
    expect(apart!.parameterCount - shared!.parameterCount).toBe(width * 2 * channels + 2 * channels);
  });

  it("lets the favourite neighbor depend on the receiver, where GATConv cannot", () => {
    const complete = neighborhoodOf(
      [0, 1, 2, 3].flatMap((i) => [0, 1, 2, 3].map((j): Edge => [j, i])),
      4,
    );
    const favourites = (layer: AttentionConv, x: Tensor): number => {
      const { weights, neighborhood } = layer.detailed(x, complete).attention;
      const w = weights.dataSync();
      const best = [0, 1, 2, 3].map((i) => {
        const [first, end] = [neighborhood.offsets[i]!, neighborhood.offsets[i + 1]!];
        return neighborhood.senderOf[w.indexOf(Math.max(...w.slice(first, end)), first)]!;
      });
      return new Set(best).size;
    };
    const seeds = Array.from({ length: 20 }, (_, seed) => seed);
    const most = (make: (typeof layers)["GATConv"]): number =>
      Math.max(...seeds.map((seed) => favourites(make(width, {}, seed), numbers([4, width], seed))));
    expect(most(layers.GATConv)).toBe(1);
    expect(most(layers.GATv2Conv)).toBeGreaterThan(1);
  });
});

function expectSame(got: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(got.length).toBe(expected.length);
  Array.from(expected).forEach((value, k) => {
    expect(got[k]).toBeCloseTo(value, 10);
  });
}
