/** Numbers of items by the part that they play; each ascending. An item in no part is not learned from, and not measured on. */
export interface ItemSplit {
  /** Any count of items: learned from. */
  readonly train: Uint32Array;
  /** Any count of items: decide when to stop. */
  readonly validation: Uint32Array;
  /** Any count of items: measured on. */
  readonly test: Uint32Array;
}

/** How much is held out. */
export interface SplitFractions {
  /** The share of the items that is held out for testing. Default 0. */
  readonly testFraction?: number;
  /** The share of the items that is held out for validation. Default 0.1 from 50 items on, else 0. */
  readonly validationFraction?: number;
}

/** Options of the splits that are drawn. */
export interface DrawnSplitOptions extends SplitFractions {
  /** What is drawn follows from it. Default 0. */
  readonly seed?: number;
}
