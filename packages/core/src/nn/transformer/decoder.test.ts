import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { tensor } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import { testedEngines } from "../../testing/engines.ts";
import {
  CountingRandom,
  decoderLayerFormula,
  differenceFrom,
  layerNormFormula,
  randomMatrix,
  scramble,
} from "../../testing/transformer-formula.ts";
import { TransformerDecoder, type TransformerDecoderOptions } from "./decoder.ts";

const reference = createReferenceEngine();
const width = 8;
const memoryWidth = 5;

function decoderOf(options: Partial<TransformerDecoderOptions>, engine = reference): TransformerDecoder {
  const decoder = new TransformerDecoder(width, {
    layers: 2,
    heads: 2,
    hidden: 5,
    memoryWidth,
    maximumLength: 8,
    positions: "none",
    random: new Random(1),
    engine,
    ...options,
  });
  scramble(decoder);
  return decoder;
}

/** Element numbers to sequence numbers, sequence by sequence. */
function sequencesOf(lengths: readonly number[]): number[] {
  return lengths.flatMap((length, sequence) => new Array<number>(length).fill(sequence));
}

const lengths = [3, 0, 2];
const memoryLengths = [2, 3, 4];
const [sequenceOf, memorySequenceOf] = [sequencesOf(lengths), sequencesOf(memoryLengths)];
const attends = (i: number, j: number) => sequenceOf[i] === sequenceOf[j] && j <= i;
const readsMemory = (i: number, j: number) => sequenceOf[i] === memorySequenceOf[j];

for (const { engine, tolerance } of testedEngines()) {
  describe(`a transformer decoder on the ${engine.name} engine`, () => {
    const x = randomMatrix(5, width, 2);
    const memory = randomMatrix(9, memoryWidth, 3);
    const context = { lengths, memory: tensor(memory, { engine }), memoryLengths };

    for (const normalization of ["pre", "post"] as const) {
      it(`is its layers one after the other, each sequence with its own memory, ${normalization}`, () => {
        const decoder = decoderOf({ normalization }, engine);
        const output = decoder.forward(tensor(x, { engine }), context);
        const last = decoder.layers.reduce(
          (y, layer) => decoderLayerFormula(layer, y, memory, { own: { attends }, toMemory: { attends: readsMemory } }),
          x,
        );
        const expected = normalization === "pre" ? layerNormFormula(last, decoder.finalNorm!) : last;
        expect(differenceFrom(output, expected)).toBeLessThan(50 * tolerance);
      });
    }

    for (const positions of ["sinusoidal", "learned", "rotary", "relative", "alibi", "none"] as const) {
      it(`gives step by step what it gives for all at once, positions ${positions}`, () => {
        const decoder = decoderOf({ positions, normalization: "pre", keyValueHeads: 1 }, engine);
        const [batch, steps] = [3, 4];
        const all = randomMatrix(batch * steps, width, 4);
        const expected = decoder
          .forward(tensor(all, { engine }), { ...context, lengths: new Array(batch).fill(steps) })
          .toMatrix();
        let state = decoder.begin(context);
        for (let t = 0; t < steps; t++) {
          const rows = Array.from({ length: batch }, (_, b) => b * steps + t);
          // Of a step nothing is kept but its output and the state.
          const next = scope(() => decoder.step(tensor(all.subMatrixRow(rows), { engine }), state));
          expect(differenceFrom(next.output, expected.subMatrixRow(rows))).toBeLessThan(50 * tolerance);
          state = next.state;
        }
      });
    }
  });
}

describe("a transformer decoder", () => {
  const memory = tensor(randomMatrix(9, memoryWidth, 3), { engine: reference });
  const x = tensor(randomMatrix(5, width, 2), { engine: reference });
  const all = randomMatrix(8, width, 4);
  const at = (...rows: number[]) => tensor(all.subMatrixRow(rows), { engine: reference });

  it("gives the attention of each layer on request, and the alignment with the memory", () => {
    const decoder = decoderOf({});
    const context = { lengths, memory, memoryLengths };
    const attention = decoder.detailed(x, context);
    expect(differenceFrom(attention.output, decoder.forward(x, context).toMatrix())).toBeLessThan(1e-12);
    for (const [neighborhood, weights, edges] of [
      [attention.neighborhood, attention.weights, 6 + 3],
      [attention.memoryNeighborhood, attention.memoryWeights, 3 * 2 + 2 * 4],
    ] as const) {
      expect(weights.map(({ shape }) => shape)).toEqual([
        [edges, 2],
        [edges, 2],
      ]);
      const { offsets } = neighborhood.sparse();
      for (const ofLayer of weights) {
        const rows = ofLayer.toMatrix().to2DArray();
        for (let i = 0; i < 5; i++) {
          const sum = rows.slice(offsets[i], offsets[i + 1]).reduce((total, [first]) => total + first!, 0);
          expect(sum).toBeCloseTo(1, 12);
        }
      }
    }
  });

  it("takes one memory for one sequence when no lengths are given", () => {
    const decoder = decoderOf({});
    const expected = decoder.forward(x, { lengths: [5], memory, memoryLengths: [9] }).toMatrix();
    expect(differenceFrom(decoder.forward(x, { memory }), expected)).toBe(0);
  });

  it("continues several hypotheses of one sequence, and selects them with their memory", () => {
    const decoder = decoderOf({ positions: "rotary" });
    let state = decoder.begin({ memory, memoryLengths, memoryOf: [0, 2, 2] });
    state = decoder.step(at(0, 1, 2), state).state;
    state = decoder.select(state, Uint32Array.of(2, 0, 0, 1));
    const { output } = decoder.step(at(3, 4, 5, 6), state);
    const memoryRows = [[0, 1], [], [5, 6, 7, 8]];
    const alone = (rows: readonly number[], sequence: number) =>
      decoder
        .forward(at(...rows), {
          memory: tensor(memory.toMatrix().subMatrixRow(memoryRows[sequence]!), { engine: reference }),
        })
        .toMatrix()
        .getRow(1);
    const expected = [alone([2, 3], 2), alone([0, 4], 0), alone([0, 5], 0), alone([1, 6], 2)];
    expect(differenceFrom(output, new Matrix(expected))).toBeLessThan(1e-12);
  });

  it("drops from the elements where positions are added, and in each layer", () => {
    for (const [positions, masks] of [
      ["sinusoidal", 1 + 2 * 6],
      ["none", 2 * 6],
    ] as const) {
      const decoder = decoderOf({ positions, dropout: 0.5 });
      const counted = { forward: new CountingRandom(1), detailed: new CountingRandom(1) };
      decoder.forward(x, { memory, training: { random: counted.forward } });
      decoder.detailed(x, { memory, training: { random: counted.detailed } });
      expect([counted.forward.drawn, counted.detailed.drawn]).toEqual([masks, masks]);
    }
  });

  it("drops while training by masks that follow from the seed", () => {
    const decoder = decoderOf({ dropout: 0.4 });
    const trained = (seed: number) => decoder.forward(x, { memory, training: { random: new Random(seed) } }).dataSync();
    expect(trained(1)).toEqual(trained(1));
    expect(trained(1)).not.toEqual(trained(2));
    expect(decoder.forward(x, { memory }).dataSync()).toEqual(decoder.forward(x, { memory }).dataSync());
  });

  const decoder = decoderOf({});
  const unread: object = { causal: false };
  const refused: readonly (readonly [string, () => unknown, string])[] = [
    ["an option that nobody reads", () => decoderOf(unread), "unknown-option"],
    ["no layers", () => decoderOf({ layers: 0 }), "out-of-range"],
    ["lengths of another memory", () => decoder.forward(x, { memory, memoryLengths: [4] }), "shapes-differ"],
    ["more memories than sequences", () => decoder.forward(x, { memory, memoryLengths: [4, 5] }), "shapes-differ"],
    ["a memory of another width", () => decoder.forward(x, { memory: x }), "shapes-differ"],
    ["to begin with lengths of another memory", () => decoder.begin({ memory, memoryLengths: [4] }), "shapes-differ"],
    ["to begin with a memory of another width", () => decoder.begin({ memory: x }), "shapes-differ"],
    ["to begin with a memory that is not there", () => decoder.begin({ memory, memoryOf: [1] }), "index-out-of-range"],
    ["to begin with no hypotheses", () => decoder.begin({ memory, memoryOf: [] }), "out-of-range"],
    [
      "a step of fewer elements",
      () => decoder.step(at(0), decoder.begin({ memory, memoryOf: [0, 0] })),
      "shapes-differ",
    ],
    [
      "the memory of another count of layers",
      () => decoderOf({ layers: 3 }).step(at(0), decoder.begin({ memory })),
      "shapes-differ",
    ],
    [
      "to select what is not there",
      () => decoder.select(decoder.begin({ memory }), Uint32Array.of(1)),
      "index-out-of-range",
    ],
  ];
  for (const [what, call, code] of refused) {
    it(`refuses ${what}`, () => expect(call).toThrow(expect.objectContaining({ code })));
  }
});
