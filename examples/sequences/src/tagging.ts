import { Random, SequenceTagger, Vocabulary } from "@vicinal/core";
import { percent, tableInText } from "@vicinal/example-terminal";
import { type Address, drawAddresses, type Label, labels, splitNames } from "./tagging/addresses.ts";
import { type ProgramOptions, train } from "./training.ts";

/** How well the parts of addresses are named that are made of names never seen. */
export interface TaggingResult {
  /** The share of words with the right label. Commas do not count. */
  readonly accuracy: number;
  /** The same, when each word gets the label that it had most often. */
  readonly accuracyWithoutContext: number;
  /** The share of addresses with the right label at every word. */
  readonly wholeAddresses: number;
  readonly text: string;
}

/** Learns to name the parts of postal addresses, with a transformer that gives each word a label. */
export function tagging({ seed, quick = false, epochs = quick ? 4 : 8, onProgress }: ProgramOptions): TaggingResult {
  const random = new Random(seed);
  const names = splitNames(random.fork());
  const learned = drawAddresses(quick ? 4000 : 10_000, names.learned, random.fork());
  const heldOut = drawAddresses(1000, names.heldOut, random.fork());

  const vocabulary = Vocabulary.from(
    learned.flatMap(({ words }) => [words.filter((word) => !hasDigit(word)), words.map(shapeOf)]),
    { specials: ["unknown"] },
  );
  const known = new Set(vocabulary.tokens);
  const spell = (word: string): string => (known.has(word) ? word : shapeOf(word));

  const model = new SequenceTagger({
    tokens: vocabulary.size,
    labels: labels.length,
    width: 32,
    encoder: { kind: "transformer", layers: 2, heads: 4, positions: "rotary", normalization: "pre" },
    random,
  });
  const batchSize = 64;
  train(model, { examples: learned.length, batchSize, epochs, learningRate: 0.003, random, onProgress }, (batch) => {
    const addresses = batch.map((example) => learned[example]!);
    // Some words are read as their shapes, as unknown ones are later: what stands around them must tell their label.
    const tokens = addresses.map(({ words }) =>
      vocabulary.encode(words.map((word) => (random.uniform() < 0.3 ? shapeOf(word) : spell(word)))),
    );
    return model.loss(tokens, addresses.map(labelNumbers));
  });

  const answers = model
    .predict(heldOut.map(({ words }) => vocabulary.encode(words.map(spell))))
    .map((ofAddress) => Array.from(ofAddress, (label) => labels[label]!));
  const mostFrequent = mostFrequentLabels(learned);
  const withoutContext = heldOut.map(({ words }) => words.map((word) => mostFrequent.get(spell(word)) ?? "street"));

  const accuracy = shareRight(heldOut, answers);
  const accuracyWithoutContext = shareRight(heldOut, withoutContext);
  const isWhole = (address: Address, b: number) => shareRight([address], [answers[b]!]) === 1;
  const wholeAddresses = heldOut.filter(isWhole).length / heldOut.length;
  const text = [
    `Named parts of addresses: ${learned.length} addresses learned from, ${heldOut.length} held out, which no name is shared with.`,
    "",
    tableInText(
      ["Right on held-out addresses", ""],
      [
        ["words, each on its own", percent(accuracyWithoutContext)],
        ["words, by attention to the others", percent(accuracy)],
        ["whole addresses", percent(wholeAddresses)],
      ],
    ),
    "",
    tableInText(
      ["part", "precision", "recall", "F1"],
      labels.map((label) => [label, ...scoresOf(label, heldOut, answers).map(percent)]),
    ),
    "",
    ...heldOut.slice(0, 3).map((address, b) => `${taggedInText(address, answers[b]!)}\n`),
  ].join("\n");
  return { accuracy, accuracyWithoutContext, wholeAddresses, text };
}

/** How a word looks: capitals, small letters and digits, such as Xx for Ulm, 00000 for 89073 and X0 for B2. */
function shapeOf(word: string): string {
  return word
    .replace(/\p{Lu}/gu, "X")
    .replace(/\p{Ll}+/gu, "x")
    .replace(/\d/g, "0");
}

/** Words with digits are read as their shapes always: which digits they are says nothing. */
function hasDigit(word: string): boolean {
  return /\d/.test(word);
}

/** For each word the number of its label, -1 for a comma: it does not count. */
function labelNumbers(address: Address): number[] {
  return address.labels.map((label) => (label === undefined ? -1 : labels.indexOf(label)));
}

/** What each word, and each shape, is most often. */
function mostFrequentLabels(addresses: readonly Address[]): Map<string, Label> {
  const counts = new Map<string, Map<Label, number>>();
  for (const { words, labels: ofAddress } of addresses) {
    ofAddress.forEach((label, i) => {
      if (label === undefined) return;
      for (const token of new Set([words[i]!, shapeOf(words[i]!)])) {
        const ofToken = counts.get(token) ?? new Map<Label, number>();
        counts.set(token, ofToken.set(label, (ofToken.get(label) ?? 0) + 1));
      }
    });
  }
  return new Map([...counts].map(([token, ofToken]) => [token, [...ofToken].sort(([, a], [, b]) => b - a)[0]![0]]));
}

/** The true and the given label of each word that is no comma. */
function pairsOf(
  addresses: readonly Address[],
  answers: readonly (readonly Label[])[],
): [truth: Label, answer: Label][] {
  return addresses.flatMap((address, b) =>
    address.labels.flatMap((truth, i): [Label, Label][] => (truth === undefined ? [] : [[truth, answers[b]![i]!]])),
  );
}

function shareRight(addresses: readonly Address[], answers: readonly (readonly Label[])[]): number {
  const pairs = pairsOf(addresses, answers);
  return pairs.filter(([truth, answer]) => truth === answer).length / pairs.length;
}

/** Precision, recall and F1 of the words with a label. */
function scoresOf(label: Label, addresses: readonly Address[], answers: readonly (readonly Label[])[]): number[] {
  const pairs = pairsOf(addresses, answers);
  const right = pairs.filter(([truth, answer]) => truth === label && answer === label).length;
  const given = pairs.filter(([, answer]) => answer === label).length;
  const there = pairs.filter(([truth]) => truth === label).length;
  return [right / Math.max(1, given), right / Math.max(1, there), (2 * right) / Math.max(1, given + there)];
}

/** The words of each part above its name. */
function taggedInText({ words, labels: truth }: Address, answer: readonly Label[]): string {
  const parts: { words: string[]; name: string }[] = [];
  words.forEach((word, i) => {
    if (truth[i] === undefined) return;
    const name = answer[i] === truth[i] ? answer[i]! : `${answer[i]} (is ${truth[i]})`;
    if (parts.at(-1)?.name === name) parts.at(-1)?.words.push(word);
    else parts.push({ words: [word], name });
  });
  return tableInText(
    parts.map((part) => part.words.join(" ")),
    [parts.map(({ name }) => name)],
    { leftColumns: parts.length },
  );
}
