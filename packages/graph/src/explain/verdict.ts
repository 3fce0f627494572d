import type { ImportanceCheck, ImportanceVerdict, Spread } from "./importance-check.ts";

/** Mean and sample standard deviation; 0 for what there is not. */
export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / Math.max(1, values.length - 1)) };
}

/** The share of random choices that change the answer as much, the choice itself counted with them. Sizes closer than the tolerance are equal. */
export function chanceOf(size: number, random: readonly number[], tolerance: number): number {
  const asLarge = random.filter((other) => other >= size - tolerance).length;
  return (1 + asLarge) / (1 + random.length);
}

type Figures = Omit<ImportanceCheck, "verdict" | "inWords">;

/**
 * Puts a verdict and its words to the figures.
 *
 * @param largest The size of the largest change of the answer that was seen.
 */
export function verdictOf(figures: Figures, largest: number, tolerance: number): ImportanceCheck {
  const verdict = judged(figures, largest, tolerance);
  return { verdict, inWords: inWords(verdict, figures, largest), ...figures };
}

function judged({ candidates, top, random }: Figures, largest: number, tolerance: number): ImportanceVerdict {
  if (candidates > 0 && largest <= tolerance) return "no-effect";
  if (random.draws === 0) return "undecided";
  const size = Math.abs(top.removed);
  const { mean, deviation } = random.removed;
  if (size <= mean + tolerance) return "no-more-than-random";
  return size > mean + deviation ? "more-than-random" : "undecided";
}

const conclusions: Readonly<Record<Exclude<ImportanceVerdict, "no-effect">, string>> = {
  "more-than-random": "The answer rests on these edges more than on others.",
  "no-more-than-random": "The importance does not tell which edges the answer rests on.",
  undecided: "That is more than on average, but no more than some random choices do.",
};

function inWords(verdict: ImportanceVerdict, figures: Figures, largest: number): string {
  const { candidates, removed, top, bottom, random, chance, answer } = figures;
  if (verdict === "no-effect") {
    return (
      `No choice of the ${candidates} edges that was removed changed the answer, ${short(answer)}, by more than ${short(largest)}: it does not rest on ` +
      "them, and no weights on them can explain it."
    );
  }
  if (random.draws === 0) {
    return candidates === 0
      ? "There are no edges to remove."
      : `There is one edge to remove, and the answer, ${short(answer)}, changes by ${short(top.removed)} without it: there is nothing to compare with.`;
  }
  const asMuch = Math.round(chance * (random.draws + 1)) - 1;
  return (
    `Removing the most important ${removed} of ${candidates} edges changes the answer, ${short(answer)}, by ${short(top.removed)}; the least ` +
    `important ${removed}, by ${short(bottom.removed)}; ${removed} at random, by ${short(random.removed.mean)} ± ${short(random.removed.deviation)}, and ` +
    `in ${asMuch} of ${random.draws} draws by as much as the most important. ${conclusions[verdict]}`
  );
}

/** Three digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
