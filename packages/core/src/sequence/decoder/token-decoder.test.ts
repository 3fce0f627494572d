import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../../engine/reference/reference.ts";
import { Random } from "../../random.ts";
import { tensor } from "../../tensor/create.ts";
import type { EncodedSources } from "./target-decoder.ts";
import { TokenDecoder, type TokenDecoderOptions } from "./token-decoder.ts";

const engine = createReferenceEngine();
const widths = { memory: 3, summary: 2 };

function decoderOf(options: Partial<TokenDecoderOptions> = {}): TokenDecoder {
  const decoder = { kind: "bahdanau", hidden: 4 } as const;
  const shared = { targetTokens: 4, begin: 0, end: 1, width: 3, random: new Random(1), engine };
  return new TokenDecoder("Model", { ...shared, decoder, ...options }, widths);
}

/** Two sources of 2 and 1 elements, and what stands for each. */
function sourcesOf(summary: readonly number[]): EncodedSources {
  const numbers = [0.3, -1, 2, 0.5, 1.5, -0.7, 1, 0.2, -2];
  return {
    elements: tensor(numbers, [3, widths.memory], { engine }),
    summary: tensor(summary, [2, widths.summary], { engine }),
    lengths: Uint32Array.of(2, 1),
  };
}

const sources = sourcesOf([1, -1, 0.5, 2]);

describe("TokenDecoder", () => {
  const model = decoderOf();

  it("starts a recurrent decoder from what stands for each source, whatever its width", () => {
    const targets = model.targets([[2, 3], [3]], 2);
    const [loss, other] = [sources, sourcesOf([1, -1, 0.5, -2])].map((each) => model.forward(each, targets).toMatrix());
    expect(model.forward(sources, targets).shape).toEqual([3 + 2, 4]);
    // The first source is the same in both.
    expect(other!.to2DArray().slice(0, 3)).toEqual(loss!.to2DArray().slice(0, 3));
    expect(other!.getRow(3)).not.toEqual(loss!.getRow(3));
  });

  it("reads no summary as a transformer", () => {
    const attending = decoderOf({ decoder: { kind: "transformer", layers: 1, heads: 1, hidden: 4 } });
    const targets = attending.targets([[2, 3], [3]], 2);
    const [loss, other] = [sources, sourcesOf([0, 0, 0, 0])].map((each) => attending.loss(each, targets).item());
    expect(other).toBe(loss);
  });

  it("asks for the sources once, and not before its options were looked at", () => {
    let asked = 0;
    const encode = (): EncodedSources => {
      asked++;
      return sourcesOf([1, -1, 0.5, 2]);
    };
    const misspelt: object = { beams: 2 };
    const refusals = [{ beam: 0 }, { maximumLength: 0 }, { lengthPenalty: -1 }, misspelt];
    for (const options of refusals) {
      expect(() => model.write(encode, { maximumLength: 3, ...options })).toThrow("Model, writing: got");
    }
    expect(asked).toBe(0);
    const written = model.write(encode, { maximumLength: 3, beam: 2, attention: true });
    expect(asked).toBe(1);
    expect(written.map(({ attention }) => attention!.columns)).toEqual([2, 1]);
  });

  it("names the model where targets do not fit", () => {
    const differ = {
      name: "ShapeError",
      code: "shapes-differ",
      message: expect.stringMatching(/^Model: got 1 targets/),
    };
    expect(() => model.targets([[2]], 2)).toThrow(expect.objectContaining(differ));
    const unknown = {
      name: "DataError",
      code: "index-out-of-range",
      message: expect.stringMatching(/^Model targets:/),
    };
    expect(() => model.targets([[2], [4]], 2)).toThrow(expect.objectContaining(unknown));
  });
});
