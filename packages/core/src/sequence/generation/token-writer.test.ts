import { describe, expect, it } from "vitest";
import { TransformerEncoder } from "../../nn/transformer/encoder.ts";
import type { GenerationState } from "../../nn/transformer/generation.ts";
import { Random } from "../../random.ts";
import { tensor } from "../../tensor/create.ts";
import { scope } from "../../tensor/scope.ts";
import { testedEngines } from "../../testing/engines.ts";
import { type Continuation, selectRows, type TokenWriter, tokenWriter, write } from "./token-writer.ts";

for (const { engine } of testedEngines()) {
  describe(`what is written on the ${engine.name} engine`, () => {
    const options = { layers: 2, heads: 2, hidden: 4, causal: true, random: new Random(1), engine };
    const encoder = new TransformerEncoder(4, options);
    const written = (state: GenerationState): Continuation => ({
      state,
      step: (x) => {
        const { output, state: next } = encoder.step(x, state);
        return { output, next: written(next) };
      },
      select: (rows) => written(encoder.select(state, rows)),
    });
    const begin = (rows: number): TokenWriter =>
      tokenWriter(
        written(encoder.begin(rows)),
        (tokens) => tensor(Array.from(tokens, (token) => [token, 1, 2, 3]).flat(), [tokens.length, 4], { engine }),
        (output) => output,
      );

    it("is remembered once, however many steps there were", () => {
      scope(() => {
        let writer = begin(3);
        const held = Array.from({ length: 8 }, () => {
          writer = write(writer, Uint32Array.of(0, 1, 2)).next;
          return engine.memory().bytes;
        });
        const more = held.slice(1).map((bytes, t) => bytes - held[t]!);
        expect(new Set(more).size).toBe(1);
        expect(more[0]).toBeGreaterThan(0);
      });
    });

    it("is forgotten with the rows that are not selected", () => {
      scope(() => {
        const before = engine.memory().bytes;
        let writer = begin(4);
        for (let t = 0; t < 3; t++) writer = write(writer, Uint32Array.of(0, 1, 2, 3)).next;
        const ofFour = engine.memory().bytes - before;
        writer = selectRows(writer, Uint32Array.of(2), 4);
        expect(engine.memory().bytes - before).toBe(ofFour / 4);
        const { logProbabilities, tokens } = write(writer, Uint32Array.of(1));
        expect([logProbabilities.length, tokens]).toEqual([4, 4]);
        expect(Array.from(logProbabilities, Math.exp).reduce((sum, probability) => sum + probability)).toBeCloseTo(
          1,
          5,
        );
      });
    });
  });
}
