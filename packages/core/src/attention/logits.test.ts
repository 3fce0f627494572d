import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Draw, drawRandom, floats, indices, seededDraw } from "../engine/conformance/draw.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { differentiate, differentiateByMatrices } from "../expression/derivative.ts";
import { type Bindings, evaluate, type Value } from "../expression/evaluate.ts";
import { Expression, matricesOf } from "../expression/expression.ts";
import { MatrixSymbol } from "../expression/matrix-symbol.ts";
import { backward } from "../tensor/backward.ts";
import { tensor } from "../tensor/create.ts";
import { multiply } from "../tensor/elementwise.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { distanceToKink } from "../testing/distance-to-kink.ts";
import { drawExpression, matrixBound, symbolBound } from "../testing/draw-expression.ts";
import { testedEngines } from "../testing/engines.ts";
import { logitsOnTensors, oneSidedOnTensors } from "./logits.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";

/** A score with the numbers that it is computed on. */
interface Example {
  readonly root: Expression;
  readonly symbols: Readonly<Record<string, Expression>>;
  readonly neighborhood: SparseNeighborhood;
  readonly heads: number;
  readonly channels: number;
  /** Of each symbol, `[elements, heads, channels]` without the dimensions that the symbol does not have, and of each matrix. */
  readonly numbers: Readonly<Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>>;
}

function drawExample(draw: Draw): Example {
  const channels = draw.integer(1, 5);
  const { root, symbols, matrices } = drawExpression(draw, channels);
  return exampleOf(root, symbols, matrices, draw, channels);
}

function exampleOf(
  root: Expression,
  symbols: Readonly<Record<string, Expression>>,
  matrices: readonly string[],
  draw: Draw,
  channels: number,
): Example {
  const [receiverCount, senderCount, edges] = [draw.integer(1, 5), draw.integer(1, 5), draw.integer(0, 12)];
  const heads = draw.integer(1, 3);
  const random = drawRandom(draw);
  const neighborhood = SparseNeighborhood.fromEdgeList({
    senders: indices(random, edges, senderCount),
    receivers: indices(random, edges, receiverCount),
    senderCount,
    receiverCount,
  });
  const elements: Readonly<Record<string, number>> = { query: receiverCount, key: senderCount, edge: edges };
  const numbersOf = (shape: readonly number[], bound: number) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { values: floats(random, size, -bound, bound), shape };
  };
  const ofSymbols = Object.entries(symbols).map(([name, { rank }]) => {
    const lead = elements[name];
    const shape = [...(lead === undefined ? [] : [lead]), heads, ...(rank === "vector" ? [channels] : [])];
    return [name, numbersOf(shape, symbolBound)] as const;
  });
  const ofMatrices = matrices.map((name) => [name, numbersOf([heads, channels, channels], matrixBound)] as const);
  const numbers = Object.fromEntries([...ofSymbols, ...ofMatrices]);
  return { root, symbols, neighborhood, heads, channels, numbers };
}

/** Where the numbers of a symbol for one edge and head start: the row of its tensor without channels. */
function rowOf({ neighborhood, heads }: Example, name: string, position: number, head: number): number {
  if (name === "query") return neighborhood.receiverOf[position]! * heads + head;
  if (name === "key") return neighborhood.senderOf[position]! * heads + head;
  return name === "edge" ? position * heads + head : head;
}

/** How many numbers a symbol or a matrix has for one edge and head. */
function widthOf({ symbols, channels }: Example, name: string): number {
  const symbol = symbols[name];
  if (symbol === undefined) return channels ** 2;
  return symbol.rank === "vector" ? channels : 1;
}

function bindingsAt(example: Example, position: number, head: number): Bindings {
  const valueOfSymbol = (name: string, values: Float32Array): Value => {
    const [row, width] = [rowOf(example, name, position, head), widthOf(example, name)];
    const mine = Float64Array.from(values.subarray(row * width, (row + 1) * width));
    return example.symbols[name]?.rank === "scalar" ? mine[0]! : mine;
  };
  return Object.fromEntries(
    Object.entries(example.numbers).map(([name, { values }]) => [name, valueOfSymbol(name, values)]),
  );
}

function tensorsOf({ numbers }: Example, engine: Engine): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, { values, shape }]) => [
      name,
      tensor(values, shape, { engine, requiresGrad: true }),
    ]),
  );
}

function dependsOnEdges({ sides }: Expression): boolean {
  return sides.has("query") || sides.has("key") || sides.has("edge");
}

function forEachEdge({ neighborhood, heads }: Example, visit: (position: number, head: number) => void): void {
  for (let p = 0; p < neighborhood.edges; p++) for (let h = 0; h < heads; h++) visit(p, h);
}

function expectLogits(example: Example, engine: Engine, tolerance: number): void {
  const { root, neighborhood, heads, channels } = example;
  scope(() => {
    const logits = logitsOnTensors(root, tensorsOf(example, engine), neighborhood, channels);
    expect(logits.shape).toEqual([neighborhood.edges, heads]);
    const got = logits.dataSync();
    forEachEdge(example, (p, h) => {
      const bindings = bindingsAt(example, p, h);
      // Closer than this to its jump, rounding decides on which side a step's argument lies.
      if (distanceToKink(root, bindings, channels, ["step"]) < 1e-4) return;
      const expected = Number(evaluate(root, bindings, channels));
      const error = Math.abs(got[p * heads + h]! - expected) / Math.max(1, Math.abs(expected));
      expect(error, `position ${p}, head ${h}`).toBeLessThan(tolerance);
    });
  });
}

/** Compares the gradients of a weighted sum of the logits with the differentiated expression, summed edge by edge. */
function expectGradients(example: Example, engine: Engine): void {
  const { root, neighborhood, heads, channels, numbers } = example;
  const weights = Float64Array.from({ length: neighborhood.edges * heads }, (_, k) => Math.sin(1 + 1.7 * k));
  const expected = new Map(
    Object.entries(numbers).map(([name, { values }]) => [name, new Float64Array(values.length)]),
  );
  const upstream = Expression.symbol("upstream", "edge", "scalar");
  const derivatives = differentiate(root, upstream);
  const byMatrices = differentiateByMatrices(root, upstream);
  forEachEdge(example, (p, h) => {
    const bindings = { ...bindingsAt(example, p, h), upstream: weights[p * heads + h]! };
    const valuesOf = (gradient: Expression): ArrayLike<number> => {
      const value = evaluate(gradient, bindings, channels);
      return typeof value === "number" ? [value] : value;
    };
    for (const [name, { gradient }] of derivatives) {
      const width = widthOf(example, name);
      const start = rowOf(example, name, p, h) * width;
      const value = valuesOf(gradient);
      for (let c = 0; c < width; c++) expected.get(name)![start + c]! += value[c]!;
    }
    for (const [name, products] of byMatrices) {
      for (const { rows, columns } of products) {
        const [left, right] = [valuesOf(rows), valuesOf(columns)];
        for (let k = 0; k < channels ** 2; k++) {
          expected.get(name)![h * channels ** 2 + k]! += left[Math.floor(k / channels)]! * right[k % channels]!;
        }
      }
    }
  });
  const tensors = tensorsOf(example, engine);
  scope(() => {
    const logits = logitsOnTensors(root, tensors, neighborhood, channels);
    backward(sum(multiply(logits, tensor(weights, logits.shape, { engine }))));
  });
  for (const [name, values] of expected) {
    const got = tensors[name]!.grad?.dataSync() ?? new Float64Array(values.length);
    const scale = Math.max(1, ...values.map(Math.abs));
    values.forEach((value, k) => {
      expect(Math.abs(got[k]! - value) / scale, `${name}, element ${k}`).toBeLessThan(1e-10);
    });
  }
}

/** Examples chosen by fast-check whose score differs between edges. */
function forEveryExample(check: (example: Example) => void): void {
  fc.assert(
    fc.property(fc.gen(), (generate) => {
      const example = drawExample({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
      fc.pre(dependsOnEdges(example.root));
      check(example);
    }),
    { numRuns: 300 },
  );
}

const reference = createReferenceEngine();
const engines = testedEngines();

describe("the logits of a score on tensors", () => {
  for (const { engine, tolerance } of engines) {
    it(`are, on the ${engine.name} engine, its value for every edge and head`, () =>
      forEveryExample((example) => expectLogits(example, engine, tolerance)));
  }

  it("have the gradients of the differentiated score", () =>
    forEveryExample((example) => expectGradients(example, reference)));

  const vector = (name: "query" | "key"): Expression => Expression.symbol(name, name, "vector");
  const [query, key] = [vector("query"), vector("key")];
  const edge = Expression.symbol("edge", "edge", "scalar");
  const s = Expression.symbol("s", "parameter", "scalar");
  const a = Expression.symbol("a", "parameter", "vector");
  const two = Expression.constant(2).repeat();
  const [w, u] = [new MatrixSymbol("w"), new MatrixSymbol("u")];
  const dot = query.dot(key);

  const special: Readonly<Record<string, Expression>> = {
    "an inner product along the edge, from either side": query.dot(key).add(key.dot(query).multiply(2)),
    "an inner product of a receiver with itself": query.dot(query).add(key.dot(key)).add(a.dot(a)),
    "an inner product of computed sides": query.multiply(a).dot(key.add(s)),
    "only the receiver": query.sum(),
    "only the sender": key.dot(a).tanh(),
    "only an edge of one number": edge,
    "only an edge of one number, at every channel": edge.repeat().multiply(a).sum(),
    "a parameter of one number that meets vectors": query.multiply(s).add(key).abs().sum(),
    "a parameter of one number, at every channel": s.repeat().dot(query),
    "a function of a constant at every channel": dot.add(two.exp().sum()),
    "constants at every channel with one another": dot.add(two.add(3).dot(two.square())),
    "a function of a sum of constants": dot.multiply(two.sum().negate()),
    "a constant at every channel with one number": dot.add(two.multiply(s).sum()).add(two.subtract(edge).sum()),
    "an inner product with a constant at every channel": query.add(key).dot(two),
    "constants on the left": two.divide(query.square().add(1)).dot(two.subtract(key)),
    "constants on the right": query.maximum(0.25).dot(key.minimum(-0.25).divide(4)),
    "a matrix on the receiver": query.transform(w).dot(key),
    "a transposed matrix on the sender": query.dot(key.transform(w.transpose())),
    "a matrix on both, and one on top of another": query.transform(w).transform(u).dot(key.transform(w).tanh()),
    "a matrix on what depends on both ends": a.dot(query.multiply(key).transform(w)),
    "a matrix on the edge": edge.transform(w).dot(query),
    "a matrix on a parameter": a.transform(w).dot(query.add(s.transform(u))),
    "a matrix on a constant at every channel": two.transform(w).add(two.transform(u.transpose())).dot(key),
    "the larger and the smaller of a constant on the left": two.maximum(query).sum().add(two.minimum(key).sum()),
  };
  for (const [name, root] of Object.entries(special)) {
    it(`take ${name}`, () => {
      for (let seed = 0; seed < 5; seed++) {
        const example = exampleOf(root, { query, key, edge, s, a }, ["w", "u"], seededDraw(seed), 3);
        for (const { engine, tolerance } of engines) expectLogits(example, engine, tolerance);
        expectGradients(example, reference);
      }
    });
  }

  it("make no tensor of edges x channels for an inner product along edges", () => {
    const engine = createReferenceEngine();
    const [nodes, edges, heads, channels] = [4, 500, 2, 50];
    const draw = seededDraw(1);
    const random = drawRandom(draw);
    const neighborhood = SparseNeighborhood.fromEdgeList({
      senders: indices(random, edges, nodes),
      receivers: indices(random, edges, nodes),
      senderCount: nodes,
      receiverCount: nodes,
    });
    const node = (): Tensor => tensor(floats(random, nodes * heads * channels), [nodes, heads, channels], { engine });
    const score = query.dot(key).multiply(0.1).tanh();
    scope(() => logitsOnTensors(score, { query: node(), key: node() }, neighborhood, channels));
    expect(engine.memory().peakBytes).toBeLessThan(edges * heads * channels * Float64Array.BYTES_PER_ELEMENT);
  });

  it("refuse a score that is the same for every edge, and a symbol without numbers", () => {
    const example = exampleOf(dot, { query, key, edge, s, a }, ["w", "u"], seededDraw(1), 3);
    const { neighborhood, channels } = example;
    const tensors = tensorsOf(example, reference);
    const logits = (root: Expression, symbols = tensors) => logitsOnTensors(root, symbols, neighborhood, channels);
    expect(() => logits(a.sum().add(s))).toThrow(expect.objectContaining({ code: "not-a-score" }));
    expect(() => logits(Expression.constant(1))).toThrow(expect.objectContaining({ code: "not-a-score" }));
    expect(() => logits(dot, {})).toThrow(expect.objectContaining({ code: "missing-input" }));
    const { w: _, ...withoutMatrix } = tensors;
    expect(() => logits(query.transform(w).dot(key), withoutMatrix)).toThrow(
      expect.objectContaining({ code: "missing-input", message: expect.stringContaining('"w"') }),
    );
  });

  it("are tried with matrices by the random expressions", () => {
    const roots = Array.from({ length: 100 }, (_, seed) => drawExpression(seededDraw(seed), 3).root);
    expect(roots.filter((root) => matricesOf(root).size > 0).length).toBeGreaterThan(10);
  });
});

describe("a part of a score that depends on one side", () => {
  const [heads, channels] = [2, 3];
  const draw = seededDraw(5);
  const random = drawRandom(draw);
  const input = (shape: readonly number[]): Tensor =>
    tensor(
      floats(
        random,
        shape.reduce((a, b) => a * b, 1),
      ),
      shape,
      { engine: reference },
    );
  const symbols = {
    query: input([4, heads, channels]),
    key: input([5, heads, channels]),
    a: input([heads, channels]),
    w: input([heads, channels, channels]),
  };
  const [query, key] = (["query", "key"] as const).map((name) => Expression.symbol(name, name, "vector"));
  const a = Expression.symbol("a", "parameter", "vector");
  const w = new MatrixSymbol("w");
  const part = (expression: Expression): Tensor => oneSidedOnTensors(expression, symbols, channels);

  it("is computed once an element, without edges", () => {
    expect(part(query!.transform(w)).shape).toEqual([4, heads, channels]);
    expect(part(key!.multiply(a)).shape).toEqual([5, heads, channels]);
    expect(part(key!.dot(a)).shape).toEqual([5, heads]);
    expect(part(a.transform(w)).shape).toEqual([heads, channels]);
    expect(part(a.sum()).shape).toEqual([heads]);
    const values = Object.fromEntries(
      Object.entries(symbols).map(([name, t]) => [name, Float64Array.from(t.dataSync())]),
    );
    // Element 3, head 1.
    const expected = evaluate(
      query!.transform(w),
      { query: values["query"]!.slice(7 * channels, 8 * channels), w: values["w"]!.slice(channels ** 2) },
      channels,
    );
    expect(
      part(query!.transform(w))
        .dataSync()
        .slice(7 * channels, 8 * channels),
    ).toEqual(expected);
  });

  it("is refused when it depends on both ends of an edge", () => {
    for (const both of [query!.add(key!), query!.dot(key!), key!.dot(query!)]) {
      expect(() => part(both)).toThrow(expect.objectContaining({ code: "not-one-sided" }));
    }
  });
});
