import {
  attentionSvg,
  backward,
  createWasmEngine,
  Random,
  reshape,
  scope,
  type Tensor,
  Vocabulary,
} from "@vicinal/core";
import { checkGradients } from "@vicinal/core/testing";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { GraphCollection } from "../../batch/graph-collection.ts";
import { graphInputs } from "../../tasks/graphs/graph-inputs.ts";
import {
  begin,
  type Choice,
  choices,
  edgeDim,
  end,
  inputs,
  largestDifference,
  modelOf,
  NodeByNode,
  parts,
  read,
  reference,
  reordered,
  targets,
  targetTokens,
} from "../../testing/graph-to-sequence-examples.ts";

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
