import type { Training } from "../nn/module.ts";

/** How a sequence model reads a batch. */
export interface SequenceContext {
  /** Given while training: dropout and sampling draw from it. */
  readonly training?: Training | undefined;
}

/** How the loss of a sequence model is computed. */
export interface SequenceLossOptions extends SequenceContext {
  /** The share of the target that is spread evenly over all labels, classes or tokens. Default 0. */
  readonly labelSmoothing?: number;
}
