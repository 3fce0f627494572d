import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Draw, drawRandom, floats, indices, seededDraw } from "../engine/conformance/draw.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { differentiate } from "../expression/derivative.ts";
import { type Bindings, evaluate, type Value } from "../expression/evaluate.ts";
import { Expression } from "../expression/expression.ts";
import { backward } from "../tensor/backward.ts";
import { tensor } from "../tensor/create.ts";
import { multiply } from "../tensor/elementwise.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { distanceToKink } from "../testing/distance-to-kink.ts";
import { drawExpression, symbolBound } from "../testing/draw-expression.ts";
import { testedEngines } from "../testing/engines.ts";
import { logitsOnTensors } from "./logits.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";

/** A score with the numbers that it is computed on. */
interface Example {
  readonly root: Expression;
  readonly symbols: Readonly<Record<string, Expression>>;
  readonly neighborhood: SparseNeighborhood;
  readonly heads: number;
  readonly channels: number;
  /** Of each symbol, `[elements, heads, channels]` without the dimensions that the symbol does not have. */
  readonly numbers: Readonly<Record<string, { readonly values: Float32Array; readonly shape: readonly number[] }>>;
}

function drawExample(draw: Draw): Example {
  const channels = draw.integer(1, 5);
  const { root, symbols } = drawExpression(draw, channels);
  return exampleOf(root, symbols, draw, channels);
}

function exampleOf(
  root: Expression,
  symbols: Readonly<Record<string, Expression>>,
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
  const numbers = Object.fromEntries(
    Object.entries(symbols).map(([name, { rank }]) => {
      const lead = elements[name];
      const shape = [...(lead === undefined ? [] : [lead]), heads, ...(rank === "vector" ? [channels] : [])];
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, { values: floats(random, size, -symbolBound, symbolBound), shape }];
    }),
  );
  return { root, symbols, neighborhood, heads, channels, numbers };
}

/** Where the numbers of a symbol for one edge and head start: the row of its tensor without channels. */
function rowOf({ neighborhood, heads }: Example, name: string, position: number, head: number): number {
  if (name === "query") return neighborhood.receiverOf[position]! * heads + head;
  if (name === "key") return neighborhood.senderOf[position]! * heads + head;
  return name === "edge" ? position * heads + head : head;
}

function bindingsAt(example: Example, position: number, head: number): Bindings {
  const { symbols, numbers, channels } = example;
  const valueOfSymbol = (name: string, { rank }: Expression): Value => {
    const row = rowOf(example, name, position, head);
    const { values } = numbers[name]!;
    return rank === "scalar" ? values[row]! : Float64Array.from(values.subarray(row * channels, (row + 1) * channels));
  };
  return Object.fromEntries(Object.entries(symbols).map(([name, symbol]) => [name, valueOfSymbol(name, symbol)]));
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
  const { root, symbols, neighborhood, heads, channels, numbers } = example;
  const weights = Float64Array.from({ length: neighborhood.edges * heads }, (_, k) => Math.sin(1 + 1.7 * k));
  const expected = new Map(
    Object.entries(numbers).map(([name, { values }]) => [name, new Float64Array(values.length)]),
  );
  const derivatives = differentiate(root, Expression.symbol("upstream", "edge", "scalar"));
  forEachEdge(example, (p, h) => {
    const bindings = { ...bindingsAt(example, p, h), upstream: weights[p * heads + h]! };
    for (const [name, { gradient }] of derivatives) {
      const width = symbols[name]?.rank === "vector" ? channels : 1;
      const start = rowOf(example, name, p, h) * width;
      const value = evaluate(gradient, bindings, channels);
      for (let c = 0; c < width; c++) expected.get(name)![start + c]! += typeof value === "number" ? value : value[c]!;
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
    "the larger and the smaller of a constant on the left": two.maximum(query).sum().add(two.minimum(key).sum()),
  };
  for (const [name, root] of Object.entries(special)) {
    it(`take ${name}`, () => {
      for (let seed = 0; seed < 5; seed++) {
        const example = exampleOf(root, { query, key, edge, s, a }, seededDraw(seed), 3);
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
    const example = exampleOf(dot, { query, key, edge, s, a }, seededDraw(1), 3);
    const { neighborhood, channels } = example;
    const tensors = tensorsOf(example, reference);
    const logits = (root: Expression, symbols = tensors) => logitsOnTensors(root, symbols, neighborhood, channels);
    expect(() => logits(a.sum().add(s))).toThrow(expect.objectContaining({ code: "not-a-score" }));
    expect(() => logits(Expression.constant(1))).toThrow(expect.objectContaining({ code: "not-a-score" }));
    expect(() => logits(dot, {})).toThrow(expect.objectContaining({ code: "missing-input" }));
  });
});
