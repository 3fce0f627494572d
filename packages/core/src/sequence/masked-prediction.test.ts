import { describe, expect, it } from "vitest";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { trainBriefly } from "../testing/train-briefly.ts";
import { SequenceTagger } from "./sequence-tagger.ts";
import { maskTokens } from "./tokens/mask-tokens.ts";

const letters = 8;
const [tokens, mask] = [letters + 1, letters];
const engine = createWasmEngine();

/** All palindromes of six letters, in a random order. */
function palindromes(random: Random): number[][] {
  const all = Array.from({ length: letters ** 3 }, (_, k) => {
    const half = [k % letters, Math.floor(k / letters) % letters, Math.floor(k / letters ** 2)];
    return [...half, ...half.toReversed()];
  });
  return random.shuffle(all);
}

/** How many letters of palindromes that were not seen are found when each is hidden alone, after training on the others. */
function accuracy(causal: boolean): number {
  const random = new Random(1);
  const all = palindromes(random);
  const [heldOut, known] = [all.slice(0, 100), all.slice(100)];
  const model = new SequenceTagger({
    tokens,
    labels: tokens,
    width: 32,
    encoder: { kind: "transformer", layers: 2, heads: 4, hidden: 64, activation: "gelu", normalization: "pre", causal },
    random,
    engine,
  });
  trainBriefly(model, { steps: 220, learningRate: 0.008 }, () => {
    const batch = Array.from({ length: 48 }, () => known[random.integer(known.length)]!);
    const { sequences, labels } = maskTokens(batch, { tokens, mask, random, share: 1 / 3 });
    return model.loss(sequences, labels);
  });
  const hidden = heldOut.flatMap((sequence) => sequence.map((letter, place) => ({ sequence, letter, place })));
  const guessed = model.predict(hidden.map(({ sequence, place }) => sequence.with(place, mask)));
  return hidden.filter(({ letter, place }, b) => guessed[b]![place] === letter).length / hidden.length;
}

describe("masked prediction in the style of BERT", () => {
  it("learns to find the hidden letters of palindromes that it has not seen", () => {
    expect(accuracy(false)).toBeGreaterThan(0.95);
  });

  it("needs both directions: from what stands before, the letters of the first half can only be guessed", () => {
    expect(accuracy(true)).toBeLessThan(0.5 + 0.5 * (2 / letters));
  });
});
