/**
 * Whether removing the edges called most important changes the answer more than removing as many at random does. `"more-than-random"`: by more than a
 * standard deviation above their mean. `"no-more-than-random"`: by no more than their mean. `"undecided"`: in between, or there was nothing to choose.
 * `"no-effect"`: nothing that was removed changed the answer.
 */
export type ImportanceVerdict = "more-than-random" | "no-more-than-random" | "undecided" | "no-effect";

/** What became of the answer. */
export interface RemovalEffect {
  /** The answer with all edges less the answer without these: comprehensiveness, or fidelity+. */
  readonly removed: number;
  /** The answer with all edges less the answer with these alone: sufficiency, or fidelity-. Near 0, these are enough. */
  readonly keptAlone: number;
}

/** Mean and standard deviation of several numbers. */
export interface Spread {
  /** Their sum by their count; 0 for none. */
  readonly mean: number;
  /** The sample standard deviation; 0 for fewer than two. */
  readonly deviation: number;
}

/** What {@link checkImportance} found. */
export interface ImportanceCheck {
  /** What the figures come to. */
  readonly verdict: ImportanceVerdict;
  /** The verdict in a few sentences, with the figures. */
  readonly inWords: string;
  /** With all edges. */
  readonly answer: number;
  /** The answer without any of the candidates. */
  readonly answerWithout: number;
  /** Count of edges that could be removed. */
  readonly candidates: number;
  /** Count of edges that were removed each time. */
  readonly removed: number;
  /** Of the edges called most important. */
  readonly top: RemovalEffect;
  /** Of those called least important. */
  readonly bottom: RemovalEffect;
  /** Of edges chosen at random: the sizes of the changes, without their sign. */
  readonly random: {
    readonly draws: number;
    readonly removed: Spread;
    readonly keptAlone: Spread;
  };
  /**
   * The share of random choices, that of the most important edges counted with them, whose removal changed the answer at least as much as that of the most
   * important: how likely a blind choice would have done as well. Where one edge decides, it is at least the share that was removed.
   */
  readonly chance: number;
  /** What removing each candidate by itself did; undefined unless asked for. */
  readonly oneByOne: OneByOne | undefined;
}

/** The effect of each edge by itself. */
export interface OneByOne {
  /** `[candidates]`: for each, the answer with all edges less the answer without this one. */
  readonly changes: readonly number[];
  /**
   * Kendall's tau-b between importance and the size of the changes, from -1 to 1: 1 if the more important of two edges always changes the answer more;
   * undefined if all importances or all changes are equal.
   */
  readonly agreement: number | undefined;
}
