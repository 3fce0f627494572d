import { attentionSvg, Random, Seq2Seq, Vocabulary } from "@vicinal/core";
import { percent, tableInText } from "@vicinal/example-terminal";
import { everyDay, type WrittenDate, write } from "./dates/written-dates.ts";
import { type ProgramOptions, train } from "./training.ts";

/** How well dates of days never seen are translated. */
export interface DatesResult {
  /** The share of dates whose translation is right, character by character. */
  readonly accuracy: number;
  readonly text: string;
  /** What was attended to while one date was translated. */
  readonly alignmentSvg: string;
}

/** Learns to translate dates as people write them to ISO 8601, character by character, with two GRUs and Bahdanau attention between them. */
export function dates({ seed, quick = false, epochs = 3, onProgress }: ProgramOptions): DatesResult {
  const random = new Random(seed);
  const days = random.shuffle(everyDay());
  const heldOut = days.slice(0, 1000).map((day) => write(day, random));
  const learned = days.slice(1000, quick ? 5000 : 9000).map((day) => write(day, random));

  const source = Vocabulary.from(
    learned.map(({ written }) => written),
    { specials: ["unknown"] },
  );
  const target = Vocabulary.from(
    learned.map(({ iso }) => iso),
    { specials: ["begin", "end"] },
  );
  const encodeSources = (some: readonly WrittenDate[]) => some.map(({ written }) => source.encode(written));
  const encodeTargets = (some: readonly WrittenDate[]) => some.map(({ iso }) => target.encode(iso));

  const model = new Seq2Seq({
    sourceTokens: source.size,
    targetTokens: target.size,
    begin: target.begin,
    end: target.end,
    width: 32,
    encoder: { kind: "gru", hidden: 64, bidirectional: true },
    decoder: { kind: "bahdanau", hidden: 64 },
    random,
  });
  const training = { examples: learned.length, batchSize: 64, epochs, learningRate: 0.005, random, onProgress };
  train(model, training, (batch) => {
    const examples = batch.map((example) => learned[example]!);
    return model.loss(encodeSources(examples), encodeTargets(examples));
  });

  const translations = model.translate(encodeSources(heldOut), { maximumLength: "2000-01-01".length });
  const answers = translations.map(({ tokens }) => target.decode(tokens).join(""));
  const right = heldOut.filter(({ iso }, b) => answers[b] === iso).length;
  const accuracy = right / heldOut.length;

  const drawn = heldOut.find(({ written }) => /day, .* of /i.test(written)) ?? heldOut[0]!;
  const [translation] = model.translate(encodeSources([drawn]), {
    maximumLength: "2000-01-01".length,
    attention: true,
  });
  const alignmentSvg = attentionSvg(translation!.attention!, {
    title: "Translating a date",
    rows: target.decode(translation!.tokens),
    columns: [...drawn.written],
    rowTitle: "written",
    columnTitle: "read",
  });

  const text = [
    `Dates to ISO 8601: ${learned.length} dates learned from, ${heldOut.length} held out, of other days.`,
    "",
    `  Right on held-out days: ${percent(accuracy)} (${right} of ${heldOut.length})`,
    "",
    tableInText(
      ["read", "written", ""],
      heldOut.slice(0, 10).map(({ written, iso }, b) => [written, answers[b]!, answers[b] === iso ? "" : `is ${iso}`]),
      { leftColumns: 3 },
    ),
    "",
  ].join("\n");
  return { accuracy, text, alignmentSvg };
}
