import { crossEntropy, Linear, Random, SequenceClassifier, type Tensor, tensor, Vocabulary } from "@vicinal/core";
import { percent, tableInText } from "@vicinal/example-terminal";
import { languages, wordsOf } from "./language/words.ts";
import { type ProgramOptions, train } from "./training.ts";

/** How well the language is told of words never seen. */
export interface LanguageResult {
  /** The share of words whose language is told right. */
  readonly accuracy: number;
  /** The same, by the counts of the letters alone. */
  readonly baseline: number;
  readonly text: string;
}

/** A word, and the number of its language. */
interface Example {
  readonly word: string;
  readonly language: number;
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** Learns to tell the language of a word, letter by letter, with a GRU and a read-out that attends to letters. */
export function language({
  seed,
  quick = false,
  epochs = quick ? 12 : 40,
  onProgress,
}: ProgramOptions): LanguageResult {
  const random = new Random(seed);
  const { learned, heldOut } = splitWords(random.fork());

  const vocabulary = new Vocabulary([...letters], ["begin", "end"]);
  // Where a word begins and ends is part of how it is spelled.
  const encode = ({ word }: Example): Uint32Array =>
    Uint32Array.of(vocabulary.begin, ...vocabulary.encode(word), vocabulary.end);

  const model = new SequenceClassifier({
    tokens: vocabulary.size,
    classes: languages.length,
    width: 32,
    encoder: { kind: "gru", hidden: 48, bidirectional: true },
    readout: "attention",
    dropout: 0.4,
    random,
  });
  const training = { examples: learned.length, batchSize: 64, epochs, learningRate: 0.012, weightDecay: 0.001, random };
  train(model, { ...training, onProgress }, (batch, context) => {
    const examples = batch.map((example) => learned[example]!);
    return model.loss(examples.map(encode), classesOf(examples), { training: context });
  });
  const answers = model.predict(heldOut.map(encode));

  const accuracy = shareRight(heldOut, answers);
  const baseline = shareRight(heldOut, letterCountAnswers(learned, heldOut, random));
  const { weights } = model.detailed(heldOut.map(encode));
  const shown = languages.map((_, number) => heldOut.findIndex((example) => example.language === number));
  const text = [
    `Language of a word: ${learned.length} words of ${languages.length} languages learned from, ${heldOut.length} held out.`,
    "",
    tableInText(
      ["Right on held-out words", ""],
      [
        ["by guessing", percent(1 / languages.length)],
        ["by counts of letters", percent(baseline)],
        ["letter by letter, with attention", percent(accuracy)],
      ],
    ),
    "",
    "Confusion (a row for what a word is, a column for what was told)",
    tableInText(["", ...languages], confusionRows(heldOut, answers)),
    "",
    "What was attended to, in percent, where a word begins (‹) and ends (›) included",
    tableInText(
      ["word", "is", "told", ...Array.from({ length: longest(shown, heldOut) + 2 }, () => "")],
      shown.map((b) => attentionRow(heldOut[b]!, answers[b]!, weights[b]!.to1DArray())),
      { leftColumns: 3 },
    ),
  ].join("\n");
  return { accuracy, baseline, text: `${text}\n` };
}

/** Of each language one word in five is held out. */
function splitWords(random: Random): { readonly learned: readonly Example[]; readonly heldOut: readonly Example[] } {
  const [learned, heldOut]: [Example[], Example[]] = [[], []];
  languages.forEach((name, number) => {
    const examples = random.shuffle(wordsOf[name].map((word): Example => ({ word, language: number })));
    const count = Math.round(examples.length / 5);
    heldOut.push(...examples.slice(0, count));
    learned.push(...examples.slice(count));
  });
  return { learned, heldOut };
}

function classesOf(examples: readonly Example[]): number[] {
  return examples.map((example) => example.language);
}

/** What a logistic regression on the counts of letters answers: it sees no order. */
function letterCountAnswers(learned: readonly Example[], heldOut: readonly Example[], random: Random): number[] {
  const model = new Linear(letters.length, languages.length, { random });
  const logits = (examples: readonly Example[]): Tensor => {
    const counts = examples.flatMap(({ word }) => [...letters].map((letter) => word.split(letter).length - 1));
    return model.forward(tensor(counts, [examples.length, letters.length]));
  };
  train(model, { examples: learned.length, batchSize: 64, epochs: 60, learningRate: 0.02, random }, (batch) => {
    const examples = batch.map((example) => learned[example]!);
    return crossEntropy(logits(examples), classesOf(examples));
  });
  const values = logits(heldOut).dataSync();
  return heldOut.map((_, b) => {
    const ofWord = Array.from(values.slice(b * languages.length, (b + 1) * languages.length));
    return ofWord.indexOf(Math.max(...ofWord));
  });
}

function shareRight(examples: readonly Example[], answers: ArrayLike<number>): number {
  return examples.filter((example, b) => example.language === answers[b]).length / examples.length;
}

function confusionRows(examples: readonly Example[], answers: ArrayLike<number>): string[][] {
  return languages.map((name, actual) => {
    const counts = languages.map(
      (_, told) => examples.filter((example, b) => example.language === actual && answers[b] === told).length,
    );
    return [name, ...counts.map((count) => (count === 0 ? "·" : String(count)))];
  });
}

function longest(shown: readonly number[], examples: readonly Example[]): number {
  return Math.max(...shown.map((b) => examples[b]!.word.length));
}

/** The word, its language, the language that was told, and each letter with its weight. */
function attentionRow({ word, language: actual }: Example, told: number, weights: readonly number[]): string[] {
  const cells = [...`‹${word}›`].map((letter, i) => `${letter} ${Math.round(100 * weights[i]!)}`);
  return [word, languages[actual]!, languages[told]!, ...cells];
}
