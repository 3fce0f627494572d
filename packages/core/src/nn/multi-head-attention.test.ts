import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { complete } from "../attention/neighborhood/complete.ts";
import { SparseNeighborhood } from "../attention/neighborhood/sparse.ts";
import { alibi } from "../attention/position/alibi.ts";
import { lateAdditive, lateAdditiveWithEdge } from "../attention/score/late-additive.ts";
import { defineScore } from "../attention/score/score.ts";
import { checkGradients, unevenSum } from "../conformance/finite-differences.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { Random } from "../random.ts";
import { tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { testedEngines } from "../testing/engines.ts";
import { attentionFormula, differenceFrom, randomMatrix, scramble } from "../testing/transformer-formula.ts";
import { extendKeyValue } from "./key-value.ts";
import { MultiHeadAttention } from "./multi-head-attention.ts";
import type { MultiHeadAttentionOptions } from "./multi-head-options.ts";

const reference = createReferenceEngine();

function attentionOf(width: number, options: Partial<MultiHeadAttentionOptions> = {}): MultiHeadAttention {
  const attention = new MultiHeadAttention(width, { random: new Random(1), engine: reference, ...options });
  scramble(attention);
  return attention;
}

function random(rows: number, columns: number, seed: number, engine = reference): Tensor {
  return tensor(randomMatrix(rows, columns, seed), { engine });
}

/** Receiver 2 attends to nobody. */
const pairs: readonly (readonly [receiver: number, sender: number])[] = [
  [0, 0],
  [0, 3],
  [1, 1],
  [3, 0],
  [3, 1],
  [3, 2],
];
const sparse = SparseNeighborhood.fromEdgeList({
  receivers: Uint32Array.from(pairs, ([receiver]) => receiver),
  senders: Uint32Array.from(pairs, ([, sender]) => sender),
  receiverCount: 4,
  senderCount: 4,
});
const attends = (i: number, j: number) => pairs.some(([receiver, sender]) => receiver === i && sender === j);

for (const { engine, tolerance } of testedEngines()) {
  describe(`multi-head attention on the ${engine.name} engine is its formula`, () => {
    const options: Record<string, Partial<MultiHeadAttentionOptions>> = {
      "one head": {},
      "three heads": { heads: 3 },
      "heads whose widths differ from width / heads": { heads: 2, channels: 5, valueChannels: 3 },
      "four heads in two groups": { heads: 4, channels: 3, keyValueHeads: 2 },
      "four heads that share one key and value head": { heads: 4, channels: 3, keyValueHeads: 1 },
      "another output width, without biases": { heads: 2, outputs: 5, bias: false },
    };
    for (const [name, choices] of Object.entries(options)) {
      const attention = attentionOf(6, { ...choices, engine });
      const x = randomMatrix(4, 6, 2);

      it(`for self-attention with ${name}`, () => {
        const output = attention.forward(tensor(x, { engine }), { neighborhood: complete(4) });
        const expected = attentionFormula(attention, x, x, x);
        expect(differenceFrom(output, expected.output)).toBeLessThan(10 * tolerance);
      });

      it(`for any neighborhood, with ${name}`, () => {
        const output = attention.forward(tensor(x, { engine }), { neighborhood: sparse });
        const expected = attentionFormula(attention, x, x, x, { attends });
        expect(differenceFrom(output, expected.output)).toBeLessThan(10 * tolerance);
      });
    }

    it("for cross-attention with keys and values of other widths", () => {
      const attention = attentionOf(6, { heads: 2, keyInputs: 3, valueInputs: 4, engine });
      const [x, keys, values] = [randomMatrix(4, 6, 2), randomMatrix(5, 3, 3), randomMatrix(5, 4, 4)];
      const output = attention.forward(tensor(x, { engine }), {
        neighborhood: complete(4, 5),
        memory: tensor(keys, { engine }),
        valueMemory: tensor(values, { engine }),
      });
      const expected = attentionFormula(attention, x, keys, values);
      expect(differenceFrom(output, expected.output)).toBeLessThan(10 * tolerance);
    });

    it("for cross-attention to a memory of which keys and values are made", () => {
      const attention = attentionOf(6, { heads: 2, keyInputs: 3, engine });
      const [x, memory] = [randomMatrix(4, 6, 2), randomMatrix(5, 3, 3)];
      const output = attention.forward(tensor(x, { engine }), {
        neighborhood: complete(4, 5),
        memory: tensor(memory, { engine }),
      });
      expect(differenceFrom(output, attentionFormula(attention, x, memory, memory).output)).toBeLessThan(
        10 * tolerance,
      );
    });

    it("for rotary attention between elements that stand anywhere", () => {
      const attention = attentionOf(8, { heads: 2, keyValueHeads: 1, rotary: { base: 100 }, engine });
      const [x, memory] = [randomMatrix(3, 8, 2), randomMatrix(4, 8, 3)];
      const [receivers, senders] = [
        [5, 0, 9],
        [1, 2, 3, 11],
      ];
      const output = attention.forward(tensor(x, { engine }), {
        neighborhood: complete(3, 4),
        memory: tensor(memory, { engine }),
        positions: receivers!,
        memoryPositions: senders!,
      });
      const rotary = { receivers: receivers!, senders: senders!, base: 100 };
      const expected = attentionFormula(attention, x, memory, memory, { rotary });
      expect(differenceFrom(output, expected.output)).toBeLessThan(10 * tolerance);
      const unturned = attentionFormula(attention, x, memory, memory);
      expect(differenceFrom(output, unturned.output)).toBeGreaterThan(1e-3);
    });

    it("with terms added for where elements stand", () => {
      const attention = attentionOf(6, { heads: 2, engine });
      const x = randomMatrix(4, 6, 2);
      const bias = [alibi({ heads: 2, receivers: 4 })];
      const output = attention.forward(tensor(x, { engine }), { neighborhood: complete(4), bias });
      // The slopes of two heads are 2^-4 and 2^-8.
      const slope = (head: number) => 2 ** (-4 * (head + 1));
      const expected = attentionFormula(attention, x, x, x, { bias: (i, j, head) => -slope(head) * Math.abs(i - j) });
      expect(differenceFrom(output, expected.output)).toBeLessThan(10 * tolerance);
    });

    it("with a score that is learned", () => {
      const attention = attentionOf(6, { heads: 2, score: lateAdditive(), engine });
      const x = randomMatrix(4, 6, 2);
      const output = attention.forward(tensor(x, { engine }), { neighborhood: complete(4) });
      const a = attention.namedParameters().get("scoreParameters.a")!.toMatrix();
      const expected = attentionFormula(attention, x, x, x, {
        score: (query, key, head) =>
          query.reduce((total, number, c) => {
            const sum = number + key[c]!;
            return total + a.get(head, c) * (sum > 0 ? sum : 0.2 * sum);
          }, 0),
      });
      expect(differenceFrom(output, expected.output)).toBeLessThan(10 * tolerance);
    });
  });
}

describe("the weights of multi-head attention", () => {
  const attention = attentionOf(6, { heads: 2, keyValueHeads: 1 });
  const x = randomMatrix(4, 6, 2);
  const { output, weights } = attention.detailed(tensor(x, { engine: reference }), { neighborhood: sparse });

  it("are those of the formula, in the order of the neighborhood's positions", () => {
    const expected = attentionFormula(attention, x, x, x, { attends });
    const listed = pairs.map(([i, j]) => expected.weights.map((ofHead) => ofHead.get(i, j)));
    expect(differenceFrom(weights, new Matrix(listed))).toBeLessThan(1e-12);
    expect(differenceFrom(output, expected.output)).toBeLessThan(1e-12);
  });

  it("sum to 1 for each receiver and head, and nobody has none", () => {
    const sums = Matrix.zeros(4, 2);
    pairs.forEach(([i], edge) => {
      for (const head of [0, 1]) sums.set(i, head, sums.get(i, head) + weights.toMatrix().get(edge, head));
    });
    for (const head of [0, 1]) {
      [1, 1, 0, 1].forEach((expected, i) => {
        expect(sums.get(i, head)).toBeCloseTo(expected, 12);
      });
    }
  });
});

describe("gradients of multi-head attention agree with finite differences", () => {
  const cases: Record<string, Partial<MultiHeadAttentionOptions>> = {
    "in every projection": { heads: 2 },
    "through shared key and value heads, turned by their positions": {
      heads: 4,
      channels: 2,
      keyValueHeads: 2,
      rotary: true,
    },
    "in the parameters of the score": { heads: 2, score: lateAdditive() },
  };
  for (const [name, options] of Object.entries(cases)) {
    it(name, () => {
      const attention = attentionOf(4, { keyInputs: 3, valueInputs: 2, ...options });
      const leaves: Record<string, Tensor> = Object.fromEntries(attention.namedParameters());
      for (const [input, rows, columns] of [
        ["x", 3, 4],
        ["memory", 4, 3],
        ["valueMemory", 4, 2],
      ] as const) {
        leaves[input] = tensor(randomMatrix(rows, columns, rows + columns), { engine: reference, requiresGrad: true });
      }
      const loss = () =>
        unevenSum(
          attention.forward(leaves["x"]!, {
            neighborhood: complete(3, 4),
            memory: leaves["memory"]!,
            valueMemory: leaves["valueMemory"]!,
            positions: [3, 4, 5],
            memoryPositions: [0, 1, 2, 3],
          }),
        );
      for (const [leaf, { relativeError }] of Object.entries(checkGradients(loss, leaves, 1e-4))) {
        expect(relativeError, leaf).toBeLessThan(1e-6);
      }
    });
  }
});

describe("remembered keys and values", () => {
  const attention = attentionOf(8, { heads: 4, keyValueHeads: 2, rotary: true });
  const x = random(3, 8, 2);
  const [first, second] = [randomMatrix(2, 8, 3), randomMatrix(3, 8, 4)];
  const memory = tensor(new Matrix([...first.to2DArray(), ...second.to2DArray()]), { engine: reference });
  const context = { neighborhood: complete(3, 5), positions: [7, 8, 9] };
  const expected = attention.forward(x, { ...context, memory, memoryPositions: [0, 1, 2, 3, 4] }).toMatrix();

  it("have one head for each group", () => {
    const { key, value } = attention.remember(memory, { positions: [0, 1, 2, 3, 4] });
    expect([key.shape, value.shape]).toEqual([
      [5, 2, 2],
      [5, 2, 2],
    ]);
  });

  it("are attended to as the memory itself", () => {
    const remembered = attention.remember(memory, { positions: [0, 1, 2, 3, 4] });
    expect(differenceFrom(attention.forward(x, { ...context, memory: remembered }), expected)).toBeLessThan(1e-12);
  });

  it("can be extended", () => {
    const start = attention.remember(tensor(first, { engine: reference }), { positions: [0, 1] });
    const more = attention.remember(tensor(second, { engine: reference }), { positions: [2, 3, 4] });
    const remembered = extendKeyValue(extendKeyValue(undefined, start), more);
    expect(differenceFrom(attention.forward(x, { ...context, memory: remembered }), expected)).toBeLessThan(1e-12);
  });
});

describe("multi-head attention while training", () => {
  const attention = attentionOf(6, { heads: 2, dropout: 0.5 });
  const x = random(4, 6, 2);
  const neighborhood = complete(4);
  const trained = (seed: number) =>
    attention.forward(x, { neighborhood, training: { random: new Random(seed) } }).dataSync();

  it("drops weights by a mask that follows from the seed", () => {
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
  });

  it("drops none otherwise", () => {
    const answer = attention.forward(x, { neighborhood });
    const expected = attentionFormula(attention, x.toMatrix(), x.toMatrix(), x.toMatrix());
    expect(differenceFrom(answer, expected.output)).toBeLessThan(1e-12);
  });
});

describe("the first parameters of multi-head attention", () => {
  const attention = new MultiHeadAttention(12, {
    heads: 3,
    keyInputs: 30,
    random: new Random(1),
    engine: reference,
    score: defineScore("scaled", {
      parameters: { hotness: "scalar", direction: "vector" },
      score: ({ query, key, hotness, direction }) => query.add(direction).dot(key).multiply(hotness),
    }),
  });
  const parameters = attention.namedParameters();

  it("have the names of what they are for", () => {
    expect([...parameters.keys()]).toEqual([
      "queryProjection.weight",
      "queryProjection.bias",
      "keyProjection.weight",
      "keyProjection.bias",
      "valueProjection.weight",
      "valueProjection.bias",
      "outputProjection.weight",
      "outputProjection.bias",
      "scoreParameters.hotness",
      "scoreParameters.direction",
    ]);
  });

  it("are uniform in ± sqrt(6 / (inputs + outputs)) for weights and 0 for biases", () => {
    for (const [name, fans] of [
      ["queryProjection", 24],
      ["keyProjection", 42],
      ["valueProjection", 42],
      ["outputProjection", 24],
    ] as const) {
      const largest = Math.max(...Array.from(parameters.get(`${name}.weight`)!.dataSync(), Math.abs));
      const bound = Math.sqrt(6 / fans);
      expect(largest, name).toBeLessThanOrEqual(bound * (1 + 1e-6));
      expect(largest, name).toBeGreaterThan(0.9 * bound);
      expect(Array.from(parameters.get(`${name}.bias`)!.dataSync())).toEqual(new Array(12).fill(0));
    }
  });

  it("are 1 for a number a head of the score", () => {
    expect(Array.from(parameters.get("scoreParameters.hotness")!.dataSync())).toEqual([1, 1, 1]);
    expect(parameters.get("scoreParameters.direction")!.shape).toEqual([3, 4]);
  });
});

describe("multi-head attention refuses", () => {
  const made: readonly (readonly [string, number, object, string])[] = [
    ["an option that nobody reads", 6, { head: 2 }, "unknown-option"],
    ["heads that do not divide the width", 6, { heads: 4 }, "out-of-range"],
    ["a width of 0", 0, {}, "out-of-range"],
    ["half a head", 6, { heads: 1.5 }, "out-of-range"],
    ["no channels", 6, { channels: 0 }, "out-of-range"],
    ["heads that are no multiple of the key/value heads", 6, { heads: 3, keyValueHeads: 2 }, "out-of-range"],
    ["a probability of 1", 6, { dropout: 1 }, "out-of-range"],
    ["an odd count of channels to turn", 6, { heads: 2, rotary: true }, "out-of-range"],
    ["a base of 0", 6, { rotary: { base: 0 } }, "out-of-range"],
    ["an option of the turn that nobody reads", 6, { rotary: { basis: 2 } }, "unknown-option"],
  ];
  for (const [what, width, options, code] of made) {
    it(what, () =>
      expect(() => new MultiHeadAttention(width, { random: new Random(1), engine: reference, ...options })).toThrow(
        expect.objectContaining({ name: "OptionError", code }),
      ),
    );
  }

  const plain = attentionOf(6);
  const wide = attentionOf(6, { keyInputs: 3, valueInputs: 2 });
  const turned = attentionOf(6, { rotary: true });
  const withEdges = attentionOf(6, { score: lateAdditiveWithEdge() });
  const neighborhood = complete(4, 5);
  const square = complete(4);
  const x = random(4, 6, 1);
  const keyValue = plain.remember(random(5, 6, 1));
  const used: readonly (readonly [string, () => unknown, string])[] = [
    ["elements of another width", () => plain.forward(random(4, 5, 1), { neighborhood: square }), "shapes-differ"],
    [
      "other elements than the receivers",
      () => plain.forward(random(3, 6, 1), { neighborhood: square }),
      "shapes-differ",
    ],
    ["other elements than the senders", () => plain.forward(x, { neighborhood, memory: x }), "shapes-differ"],
    ["a memory of another width", () => plain.forward(x, { neighborhood, memory: random(5, 5, 1) }), "shapes-differ"],
    [
      "values of another width",
      () => wide.forward(x, { neighborhood, memory: random(5, 3, 1), valueMemory: random(5, 3, 1) }),
      "shapes-differ",
    ],
    [
      "fewer values than keys",
      () => wide.forward(x, { neighborhood, memory: random(5, 3, 1), valueMemory: random(4, 2, 1) }),
      "shapes-differ",
    ],
    [
      "no values where keys have another width",
      () => wide.forward(x, { neighborhood, memory: random(5, 3, 1) }),
      "missing-input",
    ],
    ["no memory where keys have another width", () => wide.forward(x, { neighborhood: square }), "missing-input"],
    ["values without a memory", () => plain.forward(x, { neighborhood: square, valueMemory: x }), "unexpected-input"],
    [
      "values beside remembered ones",
      () => plain.forward(x, { neighborhood, memory: keyValue, valueMemory: random(5, 6, 1) }),
      "unexpected-input",
    ],
    [
      "what another attention remembered",
      () => attentionOf(6, { heads: 2 }).forward(x, { neighborhood, memory: keyValue }),
      "shapes-differ",
    ],
    ["a turn without positions", () => turned.forward(x, { neighborhood: square }), "missing-input"],
    [
      "a turn of a memory without positions",
      () => turned.forward(x, { neighborhood, memory: random(5, 6, 1), positions: [0, 1, 2, 3] }),
      "missing-input",
    ],
    [
      "fewer positions than elements",
      () => turned.forward(x, { neighborhood: square, positions: [0, 1] }),
      "wrong-length",
    ],
    ["no edges where the score needs them", () => withEdges.forward(x, { neighborhood: square }), "missing-input"],
  ];
  for (const [what, call, code] of used) {
    it(what, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});
