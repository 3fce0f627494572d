import {
  attentionSvg,
  backward,
  createReferenceEngine,
  createWasmEngine,
  type DenseMatrix,
  type Engine,
  Linear,
  Module,
  Random,
  reshape,
  scope,
  type Tensor,
  Vocabulary,
} from "@vicinal/core";
import { checkGradients } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { batchGraphs } from "../../batch/batch-graphs.ts";
import { GraphCollection } from "../../batch/graph-collection.ts";
import type { EdgeListParts } from "../../batch/graph-parts.ts";
import { graphInputs } from "../../tasks/graphs/graph-inputs.ts";
import type { GraphInputs } from "../graph-model.ts";
import type { GraphEncoder } from "./graph-encoder.ts";
import { GraphToSequence, type GraphToSequenceOptions } from "./graph-to-sequence.ts";

const reference = createReferenceEngine();
const [inputs, edgeDim, targetTokens, begin, end] = [2, 2, 5, 0, 1];

/** What nodes are linked to is not looked at: a node's state follows from its features alone. */
class NodeByNode extends Module implements GraphEncoder {
  readonly outputs: number = 3;
  readonly linear: Linear;

  constructor(engine: Engine) {
    super();
    this.linear = new Linear(inputs, this.outputs, { random: new Random(8), engine });
  }

  forward({ x }: GraphInputs): Tensor {
    return this.linear.forward(x);
  }
}

type Choice = Pick<GraphToSequenceOptions, "encoder" | "decoder" | "readout">;
const stack = { inputs, edgeDim, layers: 2, heads: 2, hidden: 4 } as const;
const choices: Readonly<Record<string, (engine: Engine) => Choice>> = {
  "gat and Bahdanau": () => ({ encoder: { kind: "gat", ...stack }, decoder: { kind: "bahdanau", hidden: 5 } }),
  "gatv2 and Luong, from a sum": () => ({
    encoder: { kind: "gatv2", ...stack },
    decoder: { kind: "luong", hidden: 5, layers: 2 },
    readout: "sum",
  }),
  transformer: () => ({
    encoder: { kind: "transformer", ...stack },
    decoder: { kind: "transformer", layers: 2, heads: 2, hidden: 6 },
  }),
  "a module and Bahdanau, from a read-out of another width": (engine) => ({
    encoder: new NodeByNode(engine),
    decoder: { kind: "bahdanau", hidden: 4 },
    readout: "set2set",
  }),
};

/** A model whose answers are far from even. */
function modelOf(
  choice: (engine: Engine) => Choice,
  engine = reference,
  options: Partial<GraphToSequenceOptions> = {},
): GraphToSequence {
  const made = { targetTokens, begin, end, width: 4, random: new Random(3), engine };
  const model = new GraphToSequence({ ...made, ...choice(engine), ...options });
  const { weight } = model.writer.output;
  weight.set(weight.dataSync().map((value) => 4 * value));
  return model;
}

function drawn(random: Random, rows: number, columns: number): DenseMatrix {
  const values = Float32Array.from({ length: rows * columns }, () => random.uniform(-2, 2));
  return { kind: "dense", rows, columns, values };
}

function graphOf(nodes: number, pairs: readonly (readonly [source: number, target: number])[], seed: number) {
  const random = new Random(seed);
  return {
    nodes,
    edges: {
      sources: Uint32Array.from(pairs, ([source]) => source),
      targets: Uint32Array.from(pairs, ([, target]) => target),
    },
    features: drawn(random, nodes, inputs),
    edgeFeatures: drawn(random, pairs.length, edgeDim),
  } satisfies EdgeListParts;
}

/** A cycle with a chord, a node by itself, and a path. */
const parts = [
  graphOf(
    4,
    [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 0],
      [0, 2],
      [2, 0],
    ],
    1,
  ),
  graphOf(1, [], 2),
  graphOf(
    3,
    [
      [0, 1],
      [1, 0],
      [1, 2],
      [2, 1],
    ],
    3,
  ),
];
const targets = [[2, 3, 2], [], [4, 4, 3, 0]];

/** What a model reads; `NodeByNode` reads no edges. */
const read = (graphs: readonly EdgeListParts[], engine = reference): GraphInputs =>
  graphInputs(batchGraphs(graphs), engine);

/** Node `order[k]` of a graph as node `k`. */
function reordered({ nodes, edges, features, edgeFeatures }: (typeof parts)[number], order: readonly number[]) {
  const place = (nodesOf: Uint32Array): Uint32Array => nodesOf.map((node) => order.indexOf(node));
  const values = order.flatMap((node) => [...features.values.subarray(node * inputs, (node + 1) * inputs)]);
  return {
    nodes,
    edges: { sources: place(edges.sources), targets: place(edges.targets) },
    features: { ...features, values: Float32Array.from(values) },
    edgeFeatures,
  };
}

const largestDifference = (a: Matrix, b: Matrix): number => Matrix.sub(a, b).abs().max();

const engines = [
  { engine: reference, tolerance: 1e-10 },
  { engine: createWasmEngine(), tolerance: 1e-4 },
];

for (const [name, choice] of Object.entries(choices)) {
  for (const { engine, tolerance } of engines) {
    describe(`graph to sequence, ${name}, on the ${engine.name} engine`, () => {
      const model = modelOf(choice, engine);
      const graphs = read(parts, engine);

      it("has logits for each token and each end, and one number as loss", () => {
        expect(model.forward(graphs, targets).shape).toEqual([3 + 0 + 4 + 3, targetTokens]);
        expect(model.loss(graphs, targets).shape).toEqual([]);
      });

      it("gives a graph in a batch what it gives it alone", () => {
        const alone = parts.flatMap((part, g) => {
          return model
            .forward(read([part], engine), [targets[g]!])
            .toMatrix()
            .to2DArray();
        });
        expect(largestDifference(model.forward(graphs, targets).toMatrix(), new Matrix(alone))).toBeLessThan(tolerance);
        for (const options of [{ maximumLength: 5 }, { maximumLength: 5, beam: 3, lengthPenalty: 0.7 }]) {
          const together = model.write(graphs, { ...options, attention: true });
          parts.forEach((part, g) => {
            const [single] = model.write(read([part], engine), { ...options, attention: true });
            expect(together[g]!.tokens).toEqual(single!.tokens);
            expect(Math.abs(together[g]!.logProbability - single!.logProbability)).toBeLessThan(tolerance);
            if (single!.tokens.length === 0) return;
            expect(largestDifference(together[g]!.attention!, single!.attention!)).toBeLessThan(tolerance);
          });
        }
      });

      it("does not depend on the order of nodes, and the alignment follows it", () => {
        const orders = [[2, 0, 3, 1], [0], [1, 2, 0]];
        const others = read(
          parts.map((part, g) => reordered(part, orders[g]!)),
          engine,
        );
        expect(
          largestDifference(model.forward(others, targets).toMatrix(), model.forward(graphs, targets).toMatrix()),
        ).toBeLessThan(tolerance);
        const [before, after] = [graphs, others].map((each) => model.write(each, { maximumLength: 5, beam: 2 }));
        expect(after!.map(({ tokens }) => tokens)).toEqual(before!.map(({ tokens }) => tokens));
        const aligned = model.align(graphs, targets);
        model.align(others, targets).forEach((matrix, g) => {
          if (matrix.rows === 0) return;
          const expected = aligned[g]!.subMatrixColumn(orders[g]!);
          expect(largestDifference(matrix, expected)).toBeLessThan(tolerance);
        });
      });

      it("holds nothing more after it has trained and written", () => {
        const once = (): void =>
          scope(() => {
            const again = read(parts, engine);
            backward(model.loss(again, targets));
            model.write(again, { maximumLength: 4, beam: 2, attention: true });
          });
        for (let k = 0; k < 2; k++) once();
        const { bytes, buffers } = engine.memory();
        for (let k = 0; k < 3; k++) once();
        expect(engine.memory()).toMatchObject({ bytes, buffers });
      });
    });
  }

  describe(`graph to sequence, ${name}`, () => {
    const model = modelOf(choice);
    const graphs = read(parts);

    it("takes with a beam of 1 the most probable token of its full output at each step", () => {
      const found = model.write(graphs, { maximumLength: 4 });
      expect(model.write(graphs, { maximumLength: 4, beam: 1 })).toEqual(found);
      parts.forEach((part, g) => {
        const answer: number[] = [];
        while (answer.length < 4) {
          const logits = model
            .forward(read([part]), [answer])
            .toMatrix()
            .getRow(answer.length);
          const token = logits.indexOf(Math.max(...logits));
          if (token === end) break;
          answer.push(token);
        }
        expect(Array.from(found[g]!.tokens)).toEqual(answer);
      });
    });

    it("gives its answers the probability that the loss tells", () => {
      for (const [g, { tokens, logProbability }] of model.write(graphs, { maximumLength: 6, beam: 3 }).entries()) {
        const loss = model.loss(read([parts[g]!]), [tokens]).item();
        expect(logProbability).toBeCloseTo(-loss * (tokens.length + 1), 8);
      }
    });

    it("shows on request how much each token attended to each node of its graph alone", () => {
      const found = model.write(graphs, { maximumLength: 4, attention: true });
      const aligned = model.align(
        graphs,
        found.map(({ tokens }) => tokens),
      );
      found.forEach(({ attention, tokens }, g) => {
        expect([attention?.rows, attention?.columns]).toEqual([tokens.length, parts[g]!.nodes]);
        expect(attention!.to2DArray()).toEqual(aligned[g]!.to2DArray());
        if (tokens.length > 0) for (const sum of attention!.sum("row")) expect(sum).toBeCloseTo(1, 10);
      });
      expect(model.write(graphs, { maximumLength: 4 })[0]).not.toHaveProperty("attention");
    });

    it("reaches all of its parameters with a gradient", () => {
      const fresh = modelOf(choice);
      scope(() => backward(fresh.loss(graphs, targets)));
      for (const [path, { grad }] of fresh.namedParameters()) {
        // Softmax does not see what is added to all keys, nor a leaky ReLU before it while the signs of all logits stay.
        if (/(keyProjection|linearKey)\.bias$|attTarget$/.test(path)) continue;
        expect(
          grad?.dataSync().some((value) => Math.abs(value) > 1e-12),
          path,
        ).toBe(true);
      }
    });

    it("drops while training by masks that follow from the seed", () => {
      const dropping = modelOf(choice, reference, { dropout: 0.4 });
      const trained = (seed: number): number =>
        dropping.loss(graphs, targets, { training: { random: new Random(seed) } }).item();
      expect(trained(1)).toBe(trained(1));
      expect(trained(1)).not.toBe(trained(2));
      expect(dropping.loss(graphs, targets).item()).toBe(modelOf(choice).loss(graphs, targets).item());
    });

    it("writes about a graph of one node, to which all attention goes", () => {
      const [only] = model.write(read([parts[1]!]), { maximumLength: 3, attention: true });
      const weights = model.align(read([parts[1]!]), [[2, 3, 4]])[0]!;
      expect(weights.to1DArray()).toEqual([1, 1, 1].map((weight) => expect.closeTo(weight, 10)));
      expect(only!.attention!.columns).toBe(1);
    });

    it("has no answers for no graphs", () => {
      const nobody = graphInputs(new GraphCollection([...parts]).batch([]), reference);
      expect(model.write(nobody, { maximumLength: 3, attention: true })).toEqual([]);
    });
  });
}

describe("the gradients of graph to sequence", () => {
  const tiny = { inputs, edgeDim, layers: 1, heads: 1, hidden: 2 } as const;
  const ofChoices: Readonly<Record<string, () => Choice>> = {
    "gatv2 and Luong, from a sum": () => ({
      encoder: { kind: "gatv2", ...tiny },
      decoder: { kind: "luong", hidden: 2 },
      readout: "sum",
    }),
    transformer: () => ({
      encoder: { kind: "transformer", ...tiny },
      decoder: { kind: "transformer", layers: 1, heads: 1, hidden: 2 },
    }),
  };
  for (const [name, choice] of Object.entries(ofChoices)) {
    it(`are those of finite differences, ${name}`, () => {
      const model = modelOf(choice, reference, { width: 2, targetTokens: 3 });
      const graphs = read([parts[2]!, parts[1]!]);
      const loss = (): Tensor => model.loss(graphs, [[2], []], { labelSmoothing: 0.1 });
      const checks = checkGradients(loss, Object.fromEntries(model.namedParameters()), 1e-4);
      for (const [path, { relativeError }] of Object.entries(checks)) expect(relativeError, path).toBeLessThan(1e-6);
    });
  }
});

/** `softmax(logits)`, of one row. */
function softmaxOf(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

describe("what graph to sequence computes", () => {
  it("is the formula: Luong's decoder over the states of the graph's own nodes, from their mean", () => {
    const encoder = new NodeByNode(reference);
    const model = modelOf(() => ({ encoder, decoder: { kind: "luong", hidden: 3 } }));
    const at = (path: string): Matrix => {
      const values = model.namedParameters().get(`writer.${path}`)!;
      return (values.shape.length === 1 ? reshape(values, [values.size, 1]) : values).toMatrix();
    };
    const column = (values: readonly number[]): Matrix => Matrix.columnVector([...values]);
    const logistic = (x: Matrix): Matrix => Matrix.pow(Matrix.add(Matrix.exp(Matrix.mul(x, -1)), 1), -1);
    const gru = (x: Matrix, h: Matrix): Matrix => {
      const fromInput = at("decoder.decoder.cells.0.weightIh").mmul(x).add(at("decoder.decoder.cells.0.biasIh"));
      const fromState = at("decoder.decoder.cells.0.weightHh").mmul(h).add(at("decoder.decoder.cells.0.biasHh"));
      const [ofInput, ofState] = [fromInput, fromState].map((all) =>
        [0, 1, 2].map((gate) => all.subMatrix(3 * gate, 3 * gate + 2, 0, 0)),
      );
      const r = logistic(Matrix.add(ofInput![0]!, ofState![0]!));
      const z = logistic(Matrix.add(ofInput![1]!, ofState![1]!));
      const n = Matrix.tanh(Matrix.add(ofInput![2]!, Matrix.mul(r, ofState![2]!)));
      return Matrix.add(Matrix.mul(Matrix.sub(Matrix.ones(3, 1), z), n), Matrix.mul(z, h));
    };
    let [total, count] = [0, 0];
    parts.forEach(({ nodes, features }, g) => {
      const x = new Matrix(Array.from({ length: nodes }, (_, i) => [...features.values.subarray(2 * i, 2 * i + 2)]));
      const states = x
        .mmul(encoder.linear.weight.toMatrix().transpose())
        .addRowVector(Array.from(encoder.linear.bias!.dataSync()));
      let h = Matrix.tanh(
        at("decoder.bridge.0.weight")
          .mmul(column(states.mean("column")))
          .add(at("decoder.bridge.0.bias")),
      );
      let fed = Matrix.zeros(3, 1);
      const aligned: number[][] = [];
      [begin, ...targets[g]!].forEach((token, t) => {
        h = gru(column([...at("embedding.weight").getRow(token), ...fed.to1DArray()]), h);
        const keys = states.mmul(at("decoder.decoder.keyProjection.weight").transpose());
        const weights = softmaxOf(keys.mmul(h).to1DArray());
        aligned.push(weights);
        const context = states.transpose().mmul(column(weights));
        fed = Matrix.tanh(
          at("decoder.decoder.outputProjection.weight").mmul(column([...context.to1DArray(), ...h.to1DArray()])),
        );
        const probabilities = softmaxOf(at("output.weight").mmul(fed).add(at("output.bias")).to1DArray());
        total -= Math.log(probabilities[targets[g]![t] ?? end]!);
        count++;
      });
      const [alignment] = model.align(read([parts[g]!]), [targets[g]!]);
      if (targets[g]!.length === 0) return;
      expect(largestDifference(alignment!, new Matrix(aligned.slice(0, -1)))).toBeLessThan(1e-10);
    });
    expect(model.loss(read(parts), targets).item()).toBeCloseTo(total / count, 10);
  });

  it("is drawn with the nodes beside each other and the tokens below each other", () => {
    const vocabulary = new Vocabulary(["C", "N", "O"], ["begin", "end"]);
    const model = modelOf(choices["transformer"]!);
    model.writer.output.bias!.set([-100, -100, 0, 0, 0]);
    const [written] = model.write(read(parts), { maximumLength: 3, attention: true });
    const svg = attentionSvg(written!.attention!, {
      rows: vocabulary.decode(written!.tokens),
      columns: ["a", "b", "c", "d"],
    });
    expect(svg.match(/attends to/g)).toHaveLength(3 * 4);
  });
});

describe("graph to sequence", () => {
  const choice = choices["gat and Bahdanau"]!;
  const model = modelOf(choice);
  const graphs = read(parts);
  const withEmpty = read([...parts, graphOf(0, [], 4)]);
  const swapped = { ...graphs, graphOf: graphs.graphOf.toReversed() };
  const wide = graphInputs(
    batchGraphs(parts.map((part) => ({ ...part, features: drawn(new Random(1), part.nodes, inputs + 1) }))),
    reference,
  );
  const attending = choices["transformer"]!(reference);
  const misspelt: object = { head: 2 };
  const nothing = { kind: "nothing" };
  const unknownReadout: object = { readout: "nothing" };
  class Narrow extends NodeByNode {
    override readonly outputs: number = 2;
  }
  const refused: readonly (readonly [string, () => unknown, string, string])[] = [
    ["a graph without nodes", () => model.loss(withEmpty, [...targets, [2]]), "DataError", "empty-graph"],
    [
      "to write about a graph without nodes",
      () => model.write(withEmpty, { maximumLength: 2 }),
      "DataError",
      "empty-graph",
    ],
    ["to align a graph without nodes", () => model.align(withEmpty, [...targets, [2]]), "DataError", "empty-graph"],
    ["nodes that are not one graph after the other", () => model.loss(swapped, targets), "DataError", "not-grouped"],
    [
      "a node of no graph",
      () => model.loss({ ...graphs, graphs: 2, graphOf: graphs.graphOf.slice() }, [[2], [2]]),
      "DataError",
      "index-out-of-range",
    ],
    ["fewer targets than graphs", () => model.loss(graphs, [[2]]), "ShapeError", "shapes-differ"],
    ["to align fewer targets than graphs", () => model.align(graphs, [[2]]), "ShapeError", "shapes-differ"],
    [
      "a token that it does not know",
      () => model.loss(graphs, [[2], [targetTokens], []]),
      "DataError",
      "index-out-of-range",
    ],
    ["nodes of another width", () => model.loss(wide, targets), "ShapeError", "shapes-differ"],
    [
      "edges without their features",
      () => model.loss({ ...graphs, edgeFeatures: undefined }, targets),
      "OptionError",
      "missing-input",
    ],
    [
      "states of another width than the encoder says",
      () =>
        modelOf((engine) => ({ encoder: new Narrow(engine), decoder: { kind: "luong", hidden: 2 } })).loss(
          graphs,
          targets,
        ),
      "ShapeError",
      "shapes-differ",
    ],
    ["answers of no tokens", () => model.write(graphs, { maximumLength: 0 }), "OptionError", "out-of-range"],
    ["no beam", () => model.write(graphs, { maximumLength: 2, beam: 0 }), "OptionError", "out-of-range"],
    [
      "an option that nobody reads, to write",
      () => model.write(graphs, Object.assign({ maximumLength: 2 }, misspelt)),
      "OptionError",
      "unknown-option",
    ],
    ["an option that nobody reads", () => modelOf(choice, reference, misspelt), "OptionError", "unknown-option"],
    [
      "an option that the encoder does not know",
      () => modelOf(() => ({ ...attending, encoder: Object.assign({ kind: "gat", inputs } as const, misspelt) })),
      "OptionError",
      "unknown-option",
    ],
    [
      "an encoder that there is not",
      () => modelOf(() => Object.assign({}, attending, { encoder: { ...nothing, inputs } })),
      "OptionError",
      "out-of-range",
    ],
    [
      "a decoder that there is not",
      () => modelOf(() => Object.assign({}, attending, { decoder: nothing })),
      "OptionError",
      "out-of-range",
    ],
    ["a read-out that there is not", () => modelOf(choice, reference, unknownReadout), "OptionError", "out-of-range"],
    [
      "a read-out that a transformer does not read",
      () => modelOf(() => ({ ...attending, readout: "sum" })),
      "OptionError",
      "unexpected-input",
    ],
    [
      "heads that do not divide the width",
      () => modelOf(() => ({ ...attending, encoder: { ...stack, kind: "gat", heads: 3 } })),
      "OptionError",
      "heads-do-not-divide",
    ],
    [
      "nodes of no width",
      () => modelOf(() => ({ ...attending, encoder: { ...stack, kind: "gat", inputs: 0 } })),
      "OptionError",
      "out-of-range",
    ],
    ["an end that is no token", () => modelOf(choice, reference, { end: targetTokens }), "OptionError", "out-of-range"],
    ["no target tokens", () => modelOf(choice, reference, { targetTokens: 0 }), "OptionError", "out-of-range"],
    ["a dropout of everything", () => modelOf(choice, reference, { dropout: 1 }), "OptionError", "out-of-range"],
  ];
  for (const [what, call, name, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ name, code })));
  }

  it("refuses to answer with parameters that are not numbers", () => {
    const broken = modelOf(choice);
    broken.writer.output.bias!.set([0, 0, Number.NaN, 0, 0]);
    const refusal = expect.objectContaining({ name: "DataError", code: "not-finite" });
    expect(() => broken.write(graphs, { maximumLength: 3 })).toThrow(refusal);
  });
});
