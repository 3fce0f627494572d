/** Numbers of the labelled nodes, by the part they play; each ascending. */
export interface NodeSplit {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** The shares of two parts; the others train. */
export interface HeldFractions {
  readonly testFraction: number;
  readonly validationFraction: number;
}
