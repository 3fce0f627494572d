import { adamW, type Random, scope, type WrittenTokens } from "@vicinal/core";
import {
  fit,
  GraphCollection,
  type GraphToSequence,
  GraphToSequenceTask,
  graphInputs,
  type Progress,
} from "@vicinal/graph";
import type { FormulaExamples } from "./formula-examples.ts";
import { formulaModel } from "./formula-model.ts";
import { formulaTokens, hillFormula, vocabulary } from "./hill-formula.ts";
import { type Structure, structureParts } from "./structure.ts";

/** How long is learned. */
export interface FormulaTraining {
  readonly epochs: number;
  readonly random: Random;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What the network wrote for a structure. */
export interface WrittenFormula {
  readonly formula: string;
  readonly tokens: readonly string[];
  /** How much each token attended to each atom when it was written, `[tokens, atoms]`, from 0 to 1 each. */
  readonly attention: NonNullable<WrittenTokens["attention"]>;
}

const LEARNING_RATE = 0.003;

/** No formula is longer. */
const MOST_TOKENS = 24;

/** Trains a network that writes the formula of a structure. */
export async function learnFormulae(
  { known, madeUp }: Pick<FormulaExamples, "known" | "madeUp">,
  { epochs, random, onProgress }: FormulaTraining,
): Promise<GraphToSequence> {
  const examples = [...known, ...madeUp];
  const model = formulaModel(random);
  const task = new GraphToSequenceTask(model, {
    collection: new GraphCollection(examples.map(structureParts)),
    targets: examples.map((example) => vocabulary.encode(formulaTokens(hillFormula(example)))),
  });
  await fit(model, task, {
    optimizer: adamW(model.parameters(), { learningRate: LEARNING_RATE, weightDecay: 0.01 }),
    epochs,
    random,
    // Falls to zero over the last two thirds.
    schedule: (epoch) => LEARNING_RATE * Math.min(1, 1.5 * (1 - (epoch - 0.5) / epochs)),
    onProgress,
  });
  return model;
}

/** Asks a network for the formulae of structures. */
export function writeFormulae(model: GraphToSequence, structures: readonly Structure[]): WrittenFormula[] {
  const batch = new GraphCollection(structures.map(structureParts)).batch();
  const answers = scope(() => model.write(graphInputs(batch), { maximumLength: MOST_TOKENS, attention: true }));
  return answers.map(({ tokens: numbers, attention }) => {
    const tokens = vocabulary.decode(numbers);
    return { formula: tokens.join(""), tokens, attention: attention! };
  });
}
