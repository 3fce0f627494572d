/** Moves parameters against their gradients. */
export interface Optimizer {
  /** Size of a step; a schedule may set it between steps. */
  learningRate: number;
  /** Moves every parameter that has a gradient by one step. */
  step(): void;
  /** Sets the gradients to zero: before each `backward()`. */
  zeroGradients(): void;
}
