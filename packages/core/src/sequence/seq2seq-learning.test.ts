import type { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { trainBriefly } from "../testing/train-briefly.ts";
import { Seq2Seq, type Seq2SeqOptions } from "./seq2seq.ts";

const digits = 6;
const [begin, end] = [digits, digits + 1];
const engine = createWasmEngine();

interface Shape extends Pick<Seq2SeqOptions, "encoder" | "decoder"> {
  readonly steps: number;
  readonly learningRate: number;
  /** How much of the attention is on the anti-diagonal and beside it, at least. Were it even, it would be 0.52. */
  readonly aligned: number;
}

const transformer = { kind: "transformer", layers: 1, heads: 4, hidden: 64 } as const;
const recurrent = { kind: "gru", hidden: 32, bidirectional: true } as const;
const shapes: Readonly<Record<string, Shape>> = {
  "with Bahdanau attention": {
    encoder: recurrent,
    decoder: { kind: "bahdanau", hidden: 32 },
    steps: 150,
    learningRate: 0.008,
    aligned: 0.8,
  },
  "with Luong attention": {
    encoder: recurrent,
    decoder: { kind: "luong", hidden: 32 },
    steps: 200,
    learningRate: 0.008,
    aligned: 0.95,
  },
  "by a transformer": {
    encoder: transformer,
    decoder: transformer,
    steps: 400,
    learningRate: 0.005,
    aligned: 0.7,
  },
};

type Digits = readonly number[];

function drawn(random: Random, count: number, isUsable: (sequence: Digits) => boolean): Digits[] {
  const sequences: Digits[] = [];
  while (sequences.length < count) {
    const sequence = Array.from({ length: 3 + random.integer(3) }, () => random.integer(digits));
    if (isUsable(sequence)) sequences.push(sequence);
  }
  return sequences;
}

const reversed = (sequences: readonly Digits[]): Digits[] => sequences.map((sequence) => sequence.toReversed());

/** The share of the weights of a square matrix that is at most one place beside the anti-diagonal. */
function nearAntiDiagonal(weights: Matrix): number {
  let near = 0;
  weights.to2DArray().forEach((row, i) => {
    row.forEach((weight, j) => {
      if (Math.abs(weights.columns - 1 - i - j) <= 1) near += weight;
    });
  });
  return near / weights.rows;
}

describe("sequence to sequence learns to reverse digits", () => {
  for (const [name, { encoder, decoder, steps, learningRate, aligned }] of Object.entries(shapes)) {
    it(name, () => {
      const random = new Random(2);
      const tokens = { sourceTokens: digits, targetTokens: digits + 2, begin, end };
      const model = new Seq2Seq({ ...tokens, encoder, decoder, width: 32, random, engine });
      const heldOut = drawn(random, 100, () => true);
      const taken = new Set(heldOut.map(String));
      trainBriefly(model, { steps, learningRate }, () => {
        const sources = drawn(random, 32, (sequence) => !taken.has(String(sequence)));
        return model.loss(sources, reversed(sources));
      });
      const expected = reversed(heldOut);
      for (const beam of [1, 3]) {
        const answers = model.translate(heldOut, { beam, maximumLength: 8 });
        const right = answers.filter(({ tokens: answer }, b) => String(answer) === String(expected[b]));
        expect(right.length / heldOut.length).toBeGreaterThan(0.95);
      }
      const longest = heldOut.filter(({ length }) => length === 5);
      const near = model.align(longest, reversed(longest)).map(nearAntiDiagonal);
      expect(near.reduce((total, share) => total + share, 0) / near.length).toBeGreaterThan(aligned);
    });
  }
});
