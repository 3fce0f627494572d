/** A link that is likely. */
export interface PredictedLink {
  /** The key of the node that it runs from; without direction, of one of the two. */
  readonly source: string;
  /** The key of the node that it runs to; without direction, of the other. */
  readonly target: string;
  /**
   * How likely it is, if links and pairs without one were equally many. It orders pairs; it does not say how many links are missing.
   */
  readonly probability: number;
}
