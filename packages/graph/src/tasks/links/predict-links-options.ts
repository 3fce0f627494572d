import { type LearnLinksOptions, learnLinksOptionNames } from "./learn-links-options.ts";

/** Options of `predictLinks`. */
export type PredictLinksOptions = LearnLinksOptions & {
  /**
   * Which links may be predicted:
   *
   * - `"all"`: every pair of nodes without an edge; the default up to 10,000 nodes;
   * - `"near"`: those of them that have a neighbor in common or, in a directed graph, an edge the other way; the default for larger graphs;
   * - a function of a pair without an edge, such as one that lets users be linked with products only: among all such pairs, or in larger graphs
   *   the near ones, those for which it is true;
   * - a list of pairs of node keys, with an edge or without.
   */
  readonly candidates?:
    | "all"
    | "near"
    | ((source: string, target: string) => boolean)
    | Iterable<readonly [source: string, target: string]>;
  /** How many links are predicted at most. Default 100; of a list, all. */
  readonly top?: number;
};

/** Options of `predictLinks.assign`. */
export type AssignLinksOptions = PredictLinksOptions & {
  /** The edge attribute that gets the probability. Default `"linkProbability"`. */
  readonly edgeProbabilityAttribute?: string;
  /** Whether the predicted links become edges of the graph. Default false: no edge is added. */
  readonly addEdges?: boolean;
  /** The attribute that is true on edges that were added. Default `"predicted"`. */
  readonly edgePredictedAttribute?: string;
};

/** The names of {@link PredictLinksOptions}. */
export const predictLinksOptionNames = [
  ...learnLinksOptionNames,
  "candidates",
  "top",
] as const satisfies readonly (keyof PredictLinksOptions)[];

/** The names of {@link AssignLinksOptions}. */
export const assignLinksOptionNames = [
  ...predictLinksOptionNames,
  "edgeProbabilityAttribute",
  "addEdges",
  "edgePredictedAttribute",
] as const satisfies readonly (keyof AssignLinksOptions)[];
