import { describe, expect, it } from "vitest";
import { sigmoidNormalizer } from "../attention/normalize/sigmoid.ts";
import type { Module } from "../nn/module.ts";
import { corePlugin } from "../plugin/core-plugin.ts";
import { createRegistry } from "../plugin/create-registry.ts";
import { Random } from "../random.ts";
import { loadModel, saveModel } from "../save/save-model.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { LanguageModel } from "./language-model.ts";
import { Seq2Seq } from "./seq2seq.ts";
import { SequenceClassifier } from "./sequence-classifier.ts";
import { SequenceRegressor } from "./sequence-regressor.ts";
import { SequenceTagger } from "./sequence-tagger.ts";

const registry = createRegistry([corePlugin]);
const random = new Random(1);
const gru = { kind: "gru", hidden: 4 } as const;
const texts = [[1, 2, 3], [2], [0, 4, 4, 1]];

const models: readonly (readonly [name: string, make: () => Module, answer: (model: Module) => Tensor | undefined])[] =
  [
    [
      "SequenceClassifier",
      () => new SequenceClassifier({ tokens: 5, classes: 3, width: 4, encoder: gru, readout: "last", random }),
      (model) => (model instanceof SequenceClassifier ? model.forward(texts) : undefined),
    ],
    [
      "SequenceRegressor",
      () => new SequenceRegressor({ tokens: 5, width: 4, encoder: gru, random }),
      (model) => (model instanceof SequenceRegressor ? model.forward(texts) : undefined),
    ],
    [
      "SequenceTagger",
      () => new SequenceTagger({ tokens: 5, labels: 2, width: 4, encoder: gru, random }),
      (model) => (model instanceof SequenceTagger ? model.forward(texts) : undefined),
    ],
    [
      "LanguageModel",
      () => new LanguageModel({ tokens: 5, width: 8, heads: 2, layers: 1, begin: 0, end: 4, random }),
      (model) => (model instanceof LanguageModel ? model.forward(texts) : undefined),
    ],
    [
      "Seq2Seq",
      () =>
        new Seq2Seq({
          sourceTokens: 5,
          targetTokens: 6,
          begin: 0,
          end: 5,
          width: 4,
          encoder: gru,
          decoder: { kind: "bahdanau", hidden: 4 },
          random,
        }),
      (model) => (model instanceof Seq2Seq ? model.forward(texts, [[1], [2, 3], [4]]) : undefined),
    ],
  ];

describe.each(models)("a %s that a program made itself", (_name, make, answer) => {
  it("is saved with how it was made, and loaded with the same bits", async () => {
    const model = make();
    const { model: loaded } = loadModel(await saveModel(model), { registry });
    expect(answer(loaded)?.dataSync()).toEqual(answer(model)?.dataSync());
    expect(answer(loaded)).toBeDefined();
  });
});

it("a model with a mechanism that is no name is not saved", async () => {
  const decoder = { kind: "bahdanau", hidden: 4, normalizer: sigmoidNormalizer() } as const;
  const shared = { sourceTokens: 5, targetTokens: 6, begin: 0, end: 5, width: 4, random };
  const model = new Seq2Seq({ ...shared, encoder: gru, decoder });
  await expect(saveModel(model)).rejects.toMatchObject({ name: "DataError", code: "cannot-save" });
});
