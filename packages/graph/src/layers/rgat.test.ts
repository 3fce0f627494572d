import { parameter, Random, SparseTensor, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import {
  type Edge,
  edges,
  graph,
  neighborhoodOf,
  numbers,
  reference,
  rowsOf,
  sparseFeatures,
} from "../testing/layer-examples.ts";
import { library, nodeCounts, relations, shuffledRecord, typedNeighborhood } from "../testing/typed-graphs.ts";
import { RGATConv, type RGATConvOptions } from "./rgat.ts";

const width = 4;
const numRelations = 3;
const edgeDim = 2;
/** Relation 1 has no edge. */
const edgeTypes = Uint32Array.of(0, 2, 0, 2, 2, 0, 0, 2);

type Options = Partial<RGATConvOptions>;

function make(options: Options = {}, seed = 1): RGATConv {
  return new RGATConv(width, 2, numRelations, { random: new Random(seed), engine: reference, ...options });
}

function featuresFor(options: Options): Tensor | undefined {
  return options.edgeDim === undefined ? undefined : numbers([edges.length, edgeDim], 3);
}

const multiplicative = { attentionMode: "multiplicative-self-attention" } as const;
const within = { attentionMechanism: "within-relation" } as const;

const variants: Readonly<Record<string, Options>> = {
  "one head": {},
  "heads side by side": { heads: 2 },
  "averaged heads, without bias": { heads: 2, concat: false, bias: false },
  "within relations": { heads: 2, ...within },
  "multiplicative of three numbers": { heads: 2, dim: 3, ...multiplicative },
  "multiplicative within relations, averaged": { heads: 2, dim: 2, concat: false, ...multiplicative, ...within },
  "edge features": { heads: 2, edgeDim },
  "edge features, multiplicative, within relations": { edgeDim, dim: 2, ...multiplicative, ...within },
  bases: { heads: 2, numBases: 2 },
  blocks: { heads: 2, numBlocks: 2 },
  "additive mod": { heads: 2, mod: "additive" },
  "scaled mod": { heads: 2, mod: "scaled", ...within },
  "f-additive mod, multiplicative": { dim: 2, mod: "f-additive", ...multiplicative },
  "f-scaled mod": { heads: 2, mod: "f-scaled", concat: false },
};

describe("RGATConv", () => {
  for (const [what, options] of Object.entries(variants)) {
    it(`has gradients that agree with finite differences: ${what}`, () => {
      const layer = make(options);
      const parameters = Object.fromEntries(layer.namedParameters());
      // Off the kink that a bias of zero and a degree of zero make.
      for (const [k, one] of Object.values(parameters).entries()) one.set(numbers(one.shape, k + 5).dataSync());
      const x = numbers([6, width], 2);
      const edgeFeatures = featuresFor(options);
      const leaves = { x, ...parameters, ...(edgeFeatures && { edgeFeatures }) };
      const context = { edgeTypes, edgeFeatures };
      const checks = checkGradients(() => unevenSum(layer.forward(x, graph, context)), leaves, 1e-5);
      for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
    });

    it(`does not care how nodes are numbered, nor in which order edges come: ${what}`, () => {
      for (let seed = 0; seed < 10; seed++) {
        const random = new Random(seed);
        const newNumber = random.shuffle([0, 1, 2, 3, 4, 5]);
        const order = random.shuffle([...edges.keys()]);
        const layer = make(options);
        const x = numbers([6, width], 2);
        const edgeFeatures = featuresFor(options);
        const output = layer.forward(x, graph, { edgeTypes, edgeFeatures });
        const oldNumber = newNumber.map((_, i) => newNumber.indexOf(i));
        const list = order.map((e): Edge => [newNumber[edges[e]![0]]!, newNumber[edges[e]![1]]!]);
        const result = layer.forward(rowsOf(x, oldNumber), neighborhoodOf(list, 6), {
          edgeTypes: Uint32Array.from(order, (e) => edgeTypes[e]!),
          edgeFeatures: edgeFeatures && rowsOf(edgeFeatures, order),
        });
        expectSame(result, rowsOf(output, oldNumber));
      }
    });

    it(`has weights that sum to 1 over what the softmax runs over: ${what}`, () => {
      const layer = make(options);
      const x = numbers([6, width], 2);
      const context = { edgeTypes, edgeFeatures: featuresFor(options) };
      const { output, attention } = layer.detailed(x, graph, context);
      expectSame(output, layer.forward(x, graph, context));
      const columns = layer.heads * layer.dim;
      expect(attention.weights.shape).toEqual([edges.length, columns]);
      const w = attention.weights.dataSync();
      const totals = new Map<string, number>();
      for (const [p, edge] of attention.edgeOf.entries()) {
        expect(attention.neighborhood.receiverOf[p]).toBe(edges[edge]![1]);
        for (let h = 0; h < columns; h++) {
          const group = layer.attentionMechanism === "within-relation" ? edgeTypes[edge] : "all";
          const key = `${edges[edge]![1]} ${group} ${h}`;
          totals.set(key, (totals.get(key) ?? 0) + w[p * columns + h]!);
        }
      }
      for (const [key, total] of totals) expect(total, key).toBeCloseTo(1, 12);
    });

    it(`gives a node without edges the bias alone: ${what}`, () => {
      const layer = make(options);
      const bias = numbers([layer.outputs], 9).dataSync();
      layer.bias?.set(bias);
      const context = { edgeTypes, edgeFeatures: featuresFor(options) };
      const values = layer.forward(numbers([6, width], 2), graph, context).dataSync();
      const own = values.slice(5 * layer.outputs);
      expect(Array.from(own)).toEqual(layer.bias ? Array.from(bias) : new Array(layer.outputs).fill(0));
    });
  }

  it("is a GAT layer with two projections where all edges have one relation", () => {
    // One head, so that Q and K are the two attention vectors.
    const layer = make();
    const x = numbers([6, width], 2);
    const values = layer.forward(x, graph, { edgeTypes: new Uint32Array(edges.length) }).dataSync();
    const z = productOf(x.dataSync(), layer.parameters()[0]!.dataSync(), width, 2);
    const [q, k] = [layer.query.dataSync(), layer.key.dataSync()];
    const dot = (node: number, v: ArrayLike<number>) => z[node * 2]! * v[0]! + z[node * 2 + 1]! * v[1]!;
    for (let i = 0; i < 6; i++) {
      const senders = edges.filter(([, receiver]) => receiver === i).map(([sender]) => sender);
      const exps = senders.map((j) => Math.exp(leaky(dot(i, q) + dot(j, k))));
      const total = exps.reduce((a, b) => a + b, 0);
      for (let c = 0; c < 2; c++) {
        const expected = senders.reduce((sum, j, n) => sum + (exps[n]! / total) * z[j * 2 + c]!, 0);
        expect(values[i * 2 + c]).toBeCloseTo(expected, 12);
      }
    }
  });

  it("reads the homogeneous view of a typed neighborhood, whose types may come in any order", () => {
    const layer = new RGATConv(width, 2, 5, { random: new Random(1), engine: reference, heads: 2 });
    const x = numbers([9, width], 2);
    const expected = layer.forward(x, library.homogeneous.neighborhood, library.homogeneous).dataSync();
    for (let seed = 0; seed < 5; seed++) {
      const random = new Random(seed);
      const other = typedNeighborhood(shuffledRecord(nodeCounts, random), random.shuffle([...relations]));
      const { neighborhood, edgeTypes: types } = other.homogeneous;
      expect(layer.forward(x, neighborhood, { edgeTypes: types }).dataSync()).toEqual(expected);
    }
  });

  it("learns the matrices of relations that have edges, and leaves the others alone", () => {
    const layer = make();
    const x = numbers([6, width], 2);
    checkGradients(() => unevenSum(layer.forward(x, graph, { edgeTypes })), {});
    const gradients = layer
      .parameters()
      .slice(0, numRelations)
      .map(({ grad }) => grad !== undefined);
    expect(gradients).toEqual([true, false, true]);
  });

  for (const [what, options] of Object.entries({ "in full": {}, "as mixtures": { numBases: 2 } })) {
    it(`computes the same from sparse and dense features: matrices ${what}`, () => {
      const layer = make({ heads: 2, ...options });
      const { indptr, indices, values, rows } = sparseFeatures;
      const dense = new Float64Array(rows * width);
      for (let r = 0; r < rows; r++) {
        for (let p = indptr[r]!; p < indptr[r + 1]!; p++) dense[r * width + indices[p]!] = values[p]!;
      }
      const ofSparse = layer.forward(SparseTensor.from(sparseFeatures, { engine: reference }), graph, { edgeTypes });
      const ofDense = layer.forward(parameter(dense, [rows, width], { engine: reference }), graph, { edgeTypes });
      expectSame(ofSparse, ofDense);
    });
  }

  it("drops weights while training only, and differently from step to step", () => {
    const layer = make({ heads: 2, dropout: 0.5 });
    const x = numbers([6, width], 2);
    const at = (seed: number) =>
      layer.forward(x, graph, { edgeTypes, training: { random: new Random(seed) } }).dataSync();
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
    expect(layer.forward(x, graph, { edgeTypes }).dataSync()).toEqual(
      make({ heads: 2 }).forward(x, graph, { edgeTypes }).dataSync(),
    );
  });

  it("takes a graph without edges", () => {
    for (const options of [{}, within, { mod: "additive" }, { mod: "scaled" }] satisfies Options[]) {
      const layer = make(options);
      const output = layer.forward(numbers([3, width], 1), neighborhoodOf([], 3), { edgeTypes: new Uint32Array(0) });
      expect(Array.from(output.dataSync())).toEqual(new Array(6).fill(0));
    }
  });

  describe("refuses", () => {
    const options: readonly (readonly [what: string, options: object, code: string])[] = [
      ["an unknown option", { num_bases: 2 }, "unknown-option"],
      ["a mod that it does not know", { mod: "multiplied" }, "out-of-range"],
      ["a mechanism that it does not know", { attentionMechanism: "across" }, "out-of-range"],
      ["a mode that it does not know", { attentionMode: "additive" }, "out-of-range"],
      ["no heads", { heads: 0 }, "out-of-range"],
      ["no bases", { numBases: 0 }, "out-of-range"],
      ["blocks that do not divide the width", { numBlocks: 3 }, "out-of-range"],
      ["a slope that is no number", { negativeSlope: Number.NaN }, "out-of-range"],
      ["to drop every weight", { dropout: 1 }, "out-of-range"],
      ["several numbers of additive attention", { dim: 2 }, "conflicting-options"],
      ["dropout with a mod", { dropout: 0.5, mod: "scaled" }, "conflicting-options"],
      ["bases and blocks", { numBases: 2, numBlocks: 2 }, "conflicting-options"],
    ];
    for (const [what, bad, code] of options) {
      it(what, () => {
        const call = () => make(bad);
        expect(call).toThrow(
          expect.objectContaining({ name: "OptionError", code, message: expect.stringMatching(/^RGATConv: /) }),
        );
      });
    }

    const x = numbers([6, width], 1);
    const calls: readonly (readonly [what: string, call: () => unknown, code: string])[] = [
      ["no relations of the edges", () => make().forward(x, graph), "missing-input"],
      ["relations of fewer edges", () => make().forward(x, graph, { edgeTypes: edgeTypes.slice(1) }), "shapes-differ"],
      [
        "a relation that is not there",
        () => make().forward(x, graph, { edgeTypes: edgeTypes.map(() => 3) }),
        "index-out-of-range",
      ],
      ["features of another width", () => make().forward(numbers([6, 3], 1), graph, { edgeTypes }), "shapes-differ"],
      ["features of two sides", () => make().forward([x, x], graph, { edgeTypes }), "unexpected-input"],
      [
        "no edge features where it reads some",
        () => make({ edgeDim }).forward(x, graph, { edgeTypes }),
        "missing-input",
      ],
      [
        "sparse features with blocks",
        () =>
          make({ numBlocks: 2 }).forward(SparseTensor.from(sparseFeatures, { engine: reference }), graph, {
            edgeTypes,
          }),
        "sparse-features",
      ],
    ];
    for (const [what, call, code] of calls) {
      it(what, () => expect(call).toThrow(expect.objectContaining({ code })));
    }
  });
});

function leaky(value: number): number {
  return value > 0 ? value : 0.2 * value;
}

/** Row-major `[rows, inner] x [inner, columns]`. */
function productOf(a: ArrayLike<number>, b: ArrayLike<number>, inner: number, columns: number): number[] {
  return Array.from({ length: (a.length / inner) * columns }, (_, k) => {
    const [row, column] = [Math.floor(k / columns), k % columns];
    let total = 0;
    for (let m = 0; m < inner; m++) total += a[row * inner + m]! * b[m * columns + column]!;
    return total;
  });
}

function expectSame(got: Tensor, expected: Tensor): void {
  expect(got.shape).toEqual(expected.shape);
  const numbersOf = expected.dataSync();
  for (const [k, value] of got.dataSync().entries()) expect(value).toBeCloseTo(numbersOf[k]!, 10);
}
