import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { largestError } from "../../conformance/largest-error.ts";
import type { Engine } from "../../engine/engine.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { createWasmEngine } from "../../engine/wasm/wasm-engine.ts";
import { Random } from "../../random.ts";
import { backward } from "../../tensor/backward.ts";
import { parameter } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { testedEngines } from "../../testing/engines.ts";
import { attend } from "../attend.ts";
import { explainPlan } from "../explain.ts";
import { complete } from "../neighborhood/complete.ts";
import type { Neighborhood } from "../neighborhood/neighborhood.ts";
import { SparseNeighborhood } from "../neighborhood/sparse.ts";
import { additive, additiveWithEdge } from "./additive.ts";
import { additiveTanh, bahdanau } from "./additive-tanh.ts";
import { bilinear } from "./bilinear.ts";
import { concatenation } from "./concatenation.ts";
import { cosine, learnedCosine } from "./cosine.ts";
import { dot } from "./dot.ts";
import { lateAdditive, lateAdditiveWithEdge } from "./late-additive.ts";
import { scaledDot } from "./scaled-dot.ts";
import { type HeadShape, parameterShape, type Score } from "./score.ts";
import { withEdge } from "./with-edge.ts";

/** What a formula reads for one edge and one head. Vectors are columns, numbers are 1 x 1. */
interface Operands {
  readonly query: Matrix;
  readonly key: Matrix;
  readonly edge: Matrix;
  readonly parameters: Readonly<Record<string, Matrix>>;
}

interface Case {
  readonly score: Score;
  readonly logit: (operands: Operands) => number;
  /** What is computed once an element, in print; undefined for a score that is not compiled. */
  readonly hoisted: readonly string[] | undefined;
}

const inner = (a: Matrix, b: Matrix): number => a.transpose().mmul(b).get(0, 0);
const leaky = (x: number, slope: number): number => (x > 0 ? x : slope * x);
const leakyVector = (x: Matrix, slope: number): Matrix =>
  Matrix.columnVector(x.to1DArray().map((v) => leaky(v, slope)));
const cosineOf = (a: Matrix, b: Matrix): number => inner(a, b) / (a.norm() * b.norm());

/** The concatenation of two vectors, multiplied by the matrices side by side. */
function network({ query, key, parameters: { w, u, b } }: Operands): Matrix {
  const stacked = Matrix.columnVector([...query.to1DArray(), ...key.to1DArray()]);
  const beside = new Matrix(w!.to2DArray().map((row, c) => [...row, ...u!.getRow(c)]));
  return Matrix.add(beside.mmul(stacked), b!);
}

const normalized = (name: string): string => `${name} / sqrt(max(sum(square(${name})), ${1e-8 ** 2}))`;

const cases: readonly Case[] = [
  { score: dot(), logit: ({ query, key }) => inner(query, key), hoisted: [] },
  { score: scaledDot(), logit: ({ query, key }) => inner(query, key) / Math.sqrt(query.rows), hoisted: [] },
  {
    score: cosine(),
    logit: ({ query, key }) => cosineOf(query, key),
    hoisted: [normalized("query"), normalized("key")],
  },
  {
    score: cosine({ temperature: 0.1 }),
    logit: ({ query, key }) => cosineOf(query, key) / 0.1,
    hoisted: [normalized("query"), normalized("key")],
  },
  {
    score: learnedCosine(),
    logit: ({ query, key, parameters: { beta } }) => beta!.get(0, 0) * cosineOf(query, key),
    hoisted: [normalized("query"), normalized("key")],
  },
  {
    score: bilinear(),
    logit: ({ query, key, parameters: { w } }) => query.transpose().mmul(w!).mmul(key).get(0, 0),
    hoisted: ["w^T @ query"],
  },
  {
    score: additive(),
    logit: ({ query, key, parameters: { source, target } }) => leaky(inner(target!, query) + inner(source!, key), 0.2),
    hoisted: ["dot(target, query)", "dot(source, key)"],
  },
  {
    score: additiveWithEdge({ negativeSlope: 0.1 }),
    logit: ({ query, key, edge, parameters: { source, target, link } }) =>
      leaky(inner(target!, query) + inner(source!, key) + inner(link!, edge), 0.1),
    hoisted: ["dot(target, query)", "dot(source, key)", "dot(link, edge)"],
  },
  {
    score: lateAdditive(),
    logit: ({ query, key, parameters: { a } }) => inner(a!, leakyVector(Matrix.add(query, key), 0.2)),
    hoisted: [],
  },
  {
    score: lateAdditiveWithEdge(),
    logit: ({ query, key, edge, parameters: { a } }) =>
      inner(a!, leakyVector(Matrix.add(Matrix.add(query, key), edge), 0.2)),
    hoisted: [],
  },
  {
    score: additiveTanh(),
    logit: ({ query, key, parameters: { a } }) => inner(a!, Matrix.tanh(Matrix.add(query, key))),
    hoisted: [],
  },
  {
    score: bahdanau(),
    logit: ({ query, key, parameters: { v, w, u } }) =>
      inner(v!, Matrix.tanh(Matrix.add(w!.mmul(query), u!.mmul(key)))),
    hoisted: ["w @ query", "u @ key"],
  },
  {
    score: concatenation(),
    logit: (operands) => inner(operands.parameters["v"]!, Matrix.tanh(network(operands))),
    hoisted: ["w @ query + b", "u @ key"],
  },
  {
    score: concatenation({ activation: "relu" }),
    logit: (operands) => inner(operands.parameters["v"]!, leakyVector(network(operands), 0)),
    hoisted: ["w @ query + b", "u @ key"],
  },
  {
    score: concatenation({ activation: "sigmoid" }),
    logit: (operands) => {
      const exponentials = Matrix.exp(Matrix.mul(network(operands), -1));
      return inner(operands.parameters["v"]!, Matrix.pow(Matrix.add(exponentials, 1), -1));
    },
    hoisted: ["w @ query + b", "u @ key"],
  },
  {
    score: withEdge(scaledDot(), { as: "bias" }),
    logit: ({ query, key, edge }) => inner(query, key) / Math.sqrt(query.rows) + edge.get(0, 0),
    hoisted: [],
  },
  {
    score: withEdge(bahdanau(), { as: "bias" }),
    logit: ({ query, key, edge, parameters: { v, w, u } }) =>
      inner(v!, Matrix.tanh(Matrix.add(w!.mmul(query), u!.mmul(key)))) + edge.get(0, 0),
    hoisted: ["w @ query", "u @ key"],
  },
  {
    score: withEdge(scaledDot(), { as: "key" }),
    logit: ({ query, key, edge }) => inner(query, Matrix.add(key, edge)) / Math.sqrt(query.rows),
    hoisted: [],
  },
  {
    score: withEdge(bilinear(), { as: "key" }),
    logit: ({ query, key, edge, parameters: { w } }) => inner(query, w!.mmul(Matrix.add(key, edge))),
    hoisted: ["w^T @ query"],
  },
  {
    score: withEdge(additiveTanh(), { as: "key" }),
    logit: ({ query, key, edge, parameters: { a } }) =>
      inner(a!, Matrix.tanh(Matrix.add(query, Matrix.add(key, edge)))),
    hoisted: [],
  },
  {
    score: withEdge(bahdanau(), { as: "key" }),
    logit: ({ query, key, edge, parameters: { v, w, u } }) =>
      inner(v!, Matrix.tanh(Matrix.add(w!.mmul(query), u!.mmul(Matrix.add(key, edge))))),
    hoisted: undefined,
  },
  {
    score: withEdge(cosine(), { as: "key" }),
    logit: ({ query, key, edge }) => cosineOf(query, Matrix.add(key, edge)),
    hoisted: undefined,
  },
  {
    score: withEdge(scaledDot(), { as: "gate" }),
    logit: ({ query, key, edge }) => inner(query, Matrix.mul(key, edge)) / Math.sqrt(query.rows),
    hoisted: [],
  },
];

/** Receiver 1 attends to nobody, receiver 0 twice to sender 1; receiver 3 to itself. */
const neighborhood = SparseNeighborhood.fromEdgeList({
  senders: Uint32Array.of(0, 1, 1, 4, 2, 3, 3, 0),
  receivers: Uint32Array.of(0, 0, 0, 2, 2, 3, 2, 3),
  senderCount: 5,
  receiverCount: 4,
});

/** Heads in fours are compiled to other code than others. */
const shapes = [
  { heads: 2, channels: 3, valueChannels: 4 },
  { heads: 4, channels: 5, valueChannels: 2 },
] as const;
type Shape = HeadShape & { readonly valueChannels: number };
const smallShape = { heads: 2, channels: 2, valueChannels: 1 };

interface Leaves {
  readonly inputs: { readonly query: Tensor; readonly key: Tensor; readonly value: Tensor; readonly edge?: Tensor };
  readonly parameters: Readonly<Record<string, Tensor>>;
}

/** Numbers that float32 holds exactly: the same on every engine. None lies where a slope jumps. */
function leavesOf(
  score: Score,
  { heads, channels, valueChannels }: Shape,
  engine: Engine,
  { receivers, senders, edges }: Neighborhood = neighborhood,
): Leaves {
  const random = new Random(7);
  const leaf = (shape: readonly number[]): Tensor => {
    const size = shape.reduce((a, b) => a * b, 1);
    return parameter(
      Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
      shape,
      { engine },
    );
  };
  const inputs = {
    query: leaf([receivers, heads, channels]),
    key: leaf([senders, heads, channels]),
    value: leaf([senders, heads, valueChannels]),
    ...(score.edge !== "none" && { edge: leaf(score.edge === "vector" ? [edges, heads, channels] : [edges, heads]) }),
  };
  const parameters = Object.fromEntries(
    Object.entries(score.parameters).map(([name, rank]) => [name, leaf(parameterShape(rank, { heads, channels }))]),
  );
  return { inputs, parameters };
}

/** Attention as its definition says, for one row and head after the other. */
function expected({ score, logit }: Case, shape: Shape, { inputs, parameters }: Leaves) {
  const { heads, channels, valueChannels } = shape;
  const { offsets, senderOf, receivers, edges } = neighborhood;
  const column = (tensor: Tensor, row: number, width: number): Matrix =>
    Matrix.columnVector(Array.from(tensor.dataSync().slice(row * width, (row + 1) * width)));
  const parameterAt = (name: string, head: number): Matrix => {
    const tensor = parameters[name]!;
    const width = tensor.size / heads;
    const flat = column(tensor, head, width).to1DArray();
    return score.parameters[name] === "matrix"
      ? Matrix.from1DArray(channels, channels, flat)
      : Matrix.columnVector(flat);
  };
  const weights = new Matrix(Math.max(edges, 1), heads);
  const output = Matrix.zeros(receivers, heads * valueChannels);
  for (let i = 0; i < receivers; i++) {
    const positions = Array.from({ length: offsets[i + 1]! - offsets[i]! }, (_, k) => offsets[i]! + k);
    for (let h = 0; h < heads; h++) {
      const exponentials = positions.map((p) => {
        const operands = {
          query: column(inputs.query, i * heads + h, channels),
          key: column(inputs.key, senderOf[p]! * heads + h, channels),
          edge: inputs.edge ? column(inputs.edge, p * heads + h, inputs.edge.size / (edges * heads)) : new Matrix(1, 1),
          parameters: Object.fromEntries(Object.keys(parameters).map((name) => [name, parameterAt(name, h)])),
        };
        return Math.exp(logit(operands));
      });
      const total = exponentials.reduce((a, b) => a + b, 0);
      positions.forEach((p, k) => {
        weights.set(p, h, exponentials[k]! / total);
        const value = column(inputs.value, senderOf[p]! * heads + h, valueChannels);
        for (let c = 0; c < valueChannels; c++) {
          output.set(
            i,
            h * valueChannels + c,
            output.get(i, h * valueChannels + c) + weights.get(p, h) * value.get(c, 0),
          );
        }
      });
    }
  }
  return { weights: weights.to1DArray(), output: output.to1DArray() };
}

const reference = createReferenceEngine();
const wasm = createWasmEngine();

for (const example of cases) {
  const { score, hoisted } = example;
  const title = explainPlan(score, { ...shapes[0], engine: reference }).formula;

  describe(`${score.name}: ${title}`, () => {
    for (const { engine, tolerance } of testedEngines()) {
      it(`is its formula on the ${engine.name} engine, fused and by segments`, () => {
        for (const shape of shapes) {
          const leaves = leavesOf(score, shape, engine);
          const { output, weights } = expected(example, shape, leaves);
          scope(() => {
            const options = { score, parameters: leaves.parameters };
            const detailed = attend.detailed(neighborhood, leaves.inputs, options);
            expect(largestError(detailed.weights.dataSync(), weights)).toBeLessThan(tolerance);
            expect(largestError(detailed.output.dataSync(), output)).toBeLessThan(tolerance);
            expect(largestError(attend(neighborhood, leaves.inputs, options).dataSync(), output)).toBeLessThan(
              tolerance,
            );
          });
        }
      });
    }

    it("has the gradients of finite differences, fused and by segments", () => {
      const { inputs, parameters } = leavesOf(score, smallShape, reference);
      const paths = {
        fused: () => attend(neighborhood, inputs, { score, parameters }),
        "by segments": () => attend.detailed(neighborhood, inputs, { score, parameters }).output,
      };
      for (const [path, output] of Object.entries(paths)) {
        const checks = checkGradients(() => unevenSum(output()), { ...inputs, ...parameters }, 1e-4);
        for (const [leaf, { relativeError }] of Object.entries(checks)) {
          expect(relativeError, `${path}: ${leaf}`).toBeLessThan(1e-6);
        }
      }
    });

    it(hoisted === undefined ? "is not compiled" : "is compiled", () => {
      const plan = explainPlan(score, { ...shapes[0], engine: wasm });
      if (hoisted === undefined) expect(plan).toMatchObject({ path: "segments", reason: expect.any(String) });
      else expect(plan).toMatchObject({ path: "fused", hoisted });
    });
  });
}

describe("scores that are inner products, over all pairs", () => {
  const all = complete(4, 6);
  const products: readonly Score[] = [dot(), scaledDot(), cosine({ temperature: 0.1 }), learnedCosine(), bilinear()];
  for (const score of products) {
    for (const { engine, tolerance } of testedEngines()) {
      it(`${score.name}: output and gradients in tiles are those by segments on the ${engine.name} engine`, () => {
        expect(explainPlan(score, { ...shapes[0], engine, neighborhood: all }).path).toBe("tiled");
        const { inputs, parameters } = leavesOf(score, shapes[0], engine, all);
        const leaves = { ...inputs, ...parameters };
        const numbersOf = (compute: () => Tensor): ArrayLike<number>[] => {
          for (const leaf of Object.values(leaves)) leaf.grad = undefined;
          const output = scope(() => {
            const y = compute();
            backward(unevenSum(y));
            return Array.from(y.dataSync());
          });
          return [output, ...Object.values(leaves).map(({ grad, size }) => grad?.dataSync() ?? new Float32Array(size))];
        };
        const bySegments = numbersOf(() => attend.detailed(all, inputs, { score, parameters }).output);
        const inTiles = numbersOf(() => attend(all, inputs, { score, parameters }));
        bySegments.forEach((numbers, k) => {
          expect(largestError(inTiles[k]!, numbers), ["output", ...Object.keys(leaves)][k]).toBeLessThan(2 * tolerance);
        });
      });
    }
  }
});
