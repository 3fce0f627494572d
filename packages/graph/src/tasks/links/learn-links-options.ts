import type { FeatureSource } from "../../convert/features.ts";
import type { EdgeGetter } from "../../convert/getter.ts";
import type { SplitPart } from "../label-nodes-options.ts";
import { type LinkPredictorOptions, linkPredictorOptionNames } from "./link-predictor-options.ts";

/** What `predictLinks` and `embedNodes` share: how the links of a graph are read and learned. */
export type LearnLinksOptions = LinkPredictorOptions & {
  /** Node attributes to learn from, by name or getter. Default: none, and nodes are known by their edges alone. */
  readonly features?: readonly FeatureSource[];
  /** Whether a link has a direction. Default: if the graph has a directed edge. */
  readonly directed?: boolean;
  /**
   * The part that each edge plays: test edges are measured on, validation edges decide when to stop; nullish for training. Default: by the
   * fractions.
   */
  readonly split?: EdgeGetter<SplitPart | null | undefined>;
  /** When an edge came to be: the latest are held out. Default: those held out are drawn. */
  readonly time?: EdgeGetter<number>;
  /** The share of linked pairs that is held out to measure on. They are not learned from. Default 0. */
  readonly testFraction?: number;
  /**
   * The share of linked pairs that is held out to decide when to stop. Once training is over they are messages like the others. Default 0.1 from
   * 50 linked pairs on, else 0.
   */
  readonly validationFraction?: number;
};

/** The names of {@link LearnLinksOptions}. */
export const learnLinksOptionNames = [
  ...linkPredictorOptionNames,
  "features",
  "directed",
  "split",
  "time",
  "testFraction",
  "validationFraction",
] as const satisfies readonly (keyof LearnLinksOptions)[];
