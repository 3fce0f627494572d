import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { causal } from "../../attention/neighborhood/causal.ts";
import { complete } from "../../attention/neighborhood/complete.ts";
import { checkGradients, unevenSum } from "../../conformance/finite-differences.ts";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { testedEngines } from "../../testing/engines.ts";
import {
  CountingRandom,
  decoderLayerFormula,
  differenceFrom,
  encoderLayerFormula,
  randomMatrix,
  scramble,
} from "../../testing/transformer-formula.ts";
import type { KeyValue } from "../key-value.ts";
import { overTime } from "../key-value.ts";
import { TransformerDecoderLayer } from "./decoder-layer.ts";
import { TransformerEncoderLayer } from "./encoder-layer.ts";
import type { TransformerLayerOptions } from "./layer-options.ts";

const reference = createReferenceEngine();
const elements = 5;
const width = 6;
const isCausal = (i: number, j: number) => j <= i;

type Choices = Partial<TransformerLayerOptions>;

const cases: readonly Choices[] = [
  { normalization: "post", heads: 2 },
  { normalization: "pre", heads: 2, activation: "gelu" },
  { normalization: "pre", heads: 3, keyValueHeads: 1, activation: "swiglu", hidden: 4, epsilon: 0.1, bias: false },
];

function encoderLayer(options: Choices, engine = reference, ofWidth = width): TransformerEncoderLayer {
  const layer = new TransformerEncoderLayer(ofWidth, { random: new Random(1), engine, ...options });
  scramble(layer);
  return layer;
}

function decoderLayer(
  options: Choices & { memoryWidth?: number },
  engine = reference,
  ofWidth = width,
): TransformerDecoderLayer {
  const layer = new TransformerDecoderLayer(ofWidth, { random: new Random(1), engine, ...options });
  scramble(layer);
  return layer;
}

for (const { engine, tolerance } of testedEngines()) {
  describe(`a transformer layer on the ${engine.name} engine is its formula`, () => {
    const x = randomMatrix(elements, width, 2);
    const memory = randomMatrix(3, 4, 3);
    for (const options of cases) {
      it(`of an encoder, ${JSON.stringify(options)}`, () => {
        const layer = encoderLayer(options, engine);
        const output = layer.forward(tensor(x, { engine }), { neighborhood: complete(elements) });
        expect(differenceFrom(output, encoderLayerFormula(layer, x))).toBeLessThan(20 * tolerance);
      });

      it(`of a decoder, ${JSON.stringify(options)}`, () => {
        const layer = decoderLayer({ ...options, memoryWidth: 4 }, engine);
        const output = layer.forward(tensor(x, { engine }), {
          neighborhood: causal(elements),
          memory: tensor(memory, { engine }),
          memoryNeighborhood: complete(elements, 3),
        });
        expect(
          differenceFrom(output, decoderLayerFormula(layer, x, memory, { own: { attends: isCausal } })),
        ).toBeLessThan(20 * tolerance);
      });
    }
  });

  describe(`step by step on the ${engine.name} engine a layer gives what it gives for all at once`, () => {
    const batch = 2;
    const steps = 4;
    // Element t of sequence b is row t * batch + b.
    const x = randomMatrix(steps * batch, width, 4);
    const rowsOf = (b: number) => Array.from({ length: steps }, (_, t) => t * batch + b);
    const sequence = (b: number) => tensor(x.subMatrixRow(rowsOf(b)), { engine });
    const at = (t: number) => tensor(x.subMatrixRow([t * batch, t * batch + 1]), { engine });

    for (const options of cases) {
      const turned: Choices = { ...options, channels: 2, rotary: true };

      it(`of an encoder, ${JSON.stringify(options)}`, () => {
        const layer = encoderLayer(turned, engine);
        const expected = [0, 1].map((b) =>
          layer.forward(sequence(b), { neighborhood: causal(steps), positions: [0, 1, 2, 3] }).toMatrix(),
        );
        let remembered: KeyValue | undefined;
        for (let t = 0; t < steps; t++) {
          const next = layer.step(at(t), remembered, { neighborhood: overTime(batch, t + 1), positions: [t, t] });
          const rows = new Matrix(expected.map((ofSequence) => ofSequence.getRow(t)));
          expect(differenceFrom(next.output, rows)).toBeLessThan(20 * tolerance);
          remembered = next.remembered;
        }
      });

      it(`of a decoder, ${JSON.stringify(options)}`, () => {
        const layer = decoderLayer(turned, engine);
        const memory = tensor(randomMatrix(3, width, 5), { engine });
        const expected = [0, 1].map((b) =>
          layer
            .forward(sequence(b), {
              neighborhood: causal(steps),
              positions: [0, 1, 2, 3],
              memory,
              memoryNeighborhood: complete(steps, 3),
            })
            .toMatrix(),
        );
        const keyValue = layer.crossAttention.remember(memory);
        let remembered: KeyValue | undefined;
        for (let t = 0; t < steps; t++) {
          const next = layer.step(at(t), remembered, {
            neighborhood: overTime(batch, t + 1),
            positions: [t, t],
            memory: keyValue,
            memoryNeighborhood: complete(batch, 3),
          });
          const rows = new Matrix(expected.map((ofSequence) => ofSequence.getRow(t)));
          expect(differenceFrom(next.output, rows)).toBeLessThan(20 * tolerance);
          remembered = next.remembered;
        }
      });
    }
  });
}

describe("gradients of transformer layers agree with finite differences", () => {
  const small: readonly Choices[] = [
    { normalization: "post", hidden: 3, heads: 2, activation: "gelu" },
    { normalization: "pre", hidden: 3, heads: 2, activation: "swiglu" },
  ];
  const leaf = (rows: number, columns: number) =>
    tensor(randomMatrix(rows, columns, 2), { engine: reference, requiresGrad: true });
  const check = (loss: () => Tensor, leaves: Record<string, Tensor>) => {
    for (const [name, { relativeError }] of Object.entries(checkGradients(loss, leaves, 1e-4))) {
      expect(relativeError, name).toBeLessThan(1e-6);
    }
  };
  for (const options of small) {
    it(`of an encoder, ${options.normalization}`, () => {
      const layer = encoderLayer(options, reference, 4);
      const x = leaf(3, 4);
      const loss = () => unevenSum(layer.forward(x, { neighborhood: causal(3) }));
      check(loss, { x, ...Object.fromEntries(layer.namedParameters()) });
    });

    it(`of a decoder, ${options.normalization}`, () => {
      const layer = decoderLayer({ ...options, memoryWidth: 2 }, reference, 4);
      const [x, memory] = [leaf(2, 4), leaf(3, 2)];
      const loss = () =>
        unevenSum(layer.forward(x, { neighborhood: causal(2), memory, memoryNeighborhood: complete(2, 3) }));
      check(loss, { x, memory, ...Object.fromEntries(layer.namedParameters()) });
    });
  }
});

describe("a transformer layer", () => {
  const x = tensor(randomMatrix(elements, width, 2), { engine: reference });
  const memory = tensor(randomMatrix(3, width, 3), { engine: reference });

  it("gives its attention on request", () => {
    const encoder = encoderLayer({ heads: 2 });
    const neighborhood = causal(elements);
    const { output, weights } = encoder.detailed(x, { neighborhood });
    expect(differenceFrom(output, encoder.forward(x, { neighborhood }).toMatrix())).toBeLessThan(1e-12);
    expect(weights.shape).toEqual([15, 2]);

    const decoder = decoderLayer({ heads: 2 });
    const context = { neighborhood, memory, memoryNeighborhood: complete(elements, 3) };
    const detailed = decoder.detailed(x, context);
    expect(differenceFrom(detailed.output, decoder.forward(x, context).toMatrix())).toBeLessThan(1e-12);
    expect([detailed.weights.shape, detailed.memoryWeights.shape]).toEqual([
      [15, 2],
      [15, 2],
    ]);
    const rows = detailed.memoryWeights.toMatrix();
    for (let i = 0; i < elements; i++) {
      for (const head of [0, 1]) {
        const sum = rows.get(3 * i, head) + rows.get(3 * i + 1, head) + rows.get(3 * i + 2, head);
        expect(sum).toBeCloseTo(1, 12);
      }
    }
  });

  it("drops where PyTorch's does: attention weights, hidden numbers, and what each sublayer adds", () => {
    const { selfAttention, selfAttentionResidual, feedForward, feedForwardResidual } = encoderLayer({ dropout: 0.3 });
    expect(selfAttention.dropout).toBe(0.3);
    for (const { dropout } of [selfAttentionResidual, feedForward, feedForwardResidual]) {
      expect(dropout.probability).toBe(0.3);
    }
    const other = decoderLayer({ dropout: 0.3, attentionDropout: 0.1 });
    expect([other.selfAttention.dropout, other.crossAttention.dropout]).toEqual([0.1, 0.1]);
    expect(other.crossAttentionResidual.dropout.probability).toBe(0.3);
  });

  it("draws a mask at each of these places, another one each time", () => {
    const context = { neighborhood: complete(elements), memory, memoryNeighborhood: complete(elements, 3) };
    for (const [layer, masks] of [
      [encoderLayer({ dropout: 0.3 }), 4],
      [decoderLayer({ dropout: 0.3 }), 6],
    ] as const) {
      const counted = { forward: new CountingRandom(1), detailed: new CountingRandom(1) };
      layer.forward(x, { ...context, training: { random: counted.forward } });
      layer.detailed(x, { ...context, training: { random: counted.detailed } });
      expect([counted.forward.drawn, counted.detailed.drawn]).toEqual([masks, masks]);
    }
  });

  it("drops all that a sublayer adds from the sum, not from what goes around it", () => {
    const layer = encoderLayer({ normalization: "pre", dropout: 0.999999 });
    const output = layer.forward(x, { neighborhood: complete(elements), training: { random: new Random(1) } });
    expect(differenceFrom(output, x.toMatrix())).toBe(0);
  });

  it("computes its answer the same every time, and while training from a seed", () => {
    for (const layer of [encoderLayer({ dropout: 0.5 }), decoderLayer({ dropout: 0.5 })]) {
      const context = { neighborhood: complete(elements), memory, memoryNeighborhood: complete(elements, 3) };
      const trained = (seed: number) => layer.forward(x, { ...context, training: { random: new Random(seed) } });
      expect(layer.forward(x, context).dataSync()).toEqual(layer.forward(x, context).dataSync());
      expect(trained(1).dataSync()).toEqual(trained(1).dataSync());
      expect(trained(1).dataSync()).not.toEqual(trained(2).dataSync());
    }
  });

  it("normalizes the sum with epsilon 1e-5 and a ReLU of four times the width, when nothing else is said", () => {
    const layer = encoderLayer({});
    expect(layer.selfAttentionResidual.normalization).toBe("post");
    expect(layer.selfAttentionResidual.norm.epsilon).toBe(1e-5);
    expect([layer.feedForward.hidden, layer.feedForward.activation]).toEqual([4 * width, "relu"]);
  });

  const refused: readonly (readonly [string, object, string])[] = [
    ["an option that nobody reads", { normFirst: true }, "unknown-option"],
    ["another place to normalize", { normalization: "middle" }, "out-of-range"],
    ["heads that do not divide the width", { heads: 4 }, "out-of-range"],
    ["a probability of 1", { dropout: 1 }, "out-of-range"],
    ["an activation that is not there", { activation: "tanh" }, "out-of-range"],
  ];
  for (const [what, options, code] of refused) {
    it(`refuses ${what}`, () => {
      const expected = expect.objectContaining({ name: "OptionError", code });
      expect(() => encoderLayer(options)).toThrow(expected);
      expect(() => decoderLayer(options)).toThrow(expected);
    });
  }

  it("refuses the width of a memory that an encoder has none of, and that cannot be", () => {
    const memoryWidth: object = { memoryWidth: 4 };
    expect(() => encoderLayer(memoryWidth)).toThrow(expect.objectContaining({ code: "unknown-option" }));
    expect(() => decoderLayer({ memoryWidth: 0 })).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });
});
