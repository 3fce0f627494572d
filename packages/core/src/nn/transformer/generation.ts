import { checkCounts } from "../../check-options.ts";
import { DataError, ShapeError } from "../../errors.ts";
import { expectShape } from "../../expect-shape.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type KeyValue, overTime, selectKeyValue } from "../key-value.ts";
import type { TransformerStepContext } from "./encoder-layer.ts";
import type { StackPositions } from "./stack-positions.ts";

/**
 * What a stack of transformer layers remembers of the sequences that it continues, all equally long. A plain value: a step gives a new
 * one and leaves the old one as it is, so that a search can go back.
 */
export interface GenerationState {
  /** Count of sequences. */
  readonly batch: number;
  /** Count of elements that each sequence has so far. */
  readonly steps: number;
  /** Of each layer, the elements by time as {@link overTime} reads them, `[steps * batch, ...]`. Empty before the first step. */
  readonly remembered: readonly KeyValue[];
}

/** A new state with what the step computed. */
export interface GenerationStep<State extends GenerationState> {
  /** Of the new elements, `[batch, width]`. */
  readonly output: Tensor;
  /** What the next step is given. */
  readonly state: State;
}

/**
 * The state of no elements yet.
 *
 * @throws OptionError `out-of-range` unless the count of sequences is a whole number above 0.
 */
export function emptyState(where: string, batch: number): GenerationState {
  checkCounts(where, { batch });
  return { batch, steps: 0, remembered: [] };
}

/** @throws ShapeError `shapes-differ` unless `x` is one element for each sequence of the state, and the state is one of as many layers. */
export function checkStep(
  where: string,
  x: Tensor,
  { batch, steps, remembered }: GenerationState,
  { width, layers }: { readonly width: number; readonly layers: readonly unknown[] },
): void {
  expectShape(where, "x", x, [batch, width], ", one element for each sequence of the state");
  if (steps > 0) checkLayers(where, remembered, layers.length);
}

/** @throws ShapeError `shapes-differ` unless there are keys and values for each layer. */
export function checkLayers(where: string, ofLayers: readonly KeyValue[], layers: number): void {
  if (ofLayers.length === layers) return;
  throw new ShapeError(
    "shapes-differ",
    `${where}: got a state with keys and values of ${ofLayers.length} layers; expected ${layers}. Continue a state with the stack that began it.`,
  );
}

/** Who attends to whom in the next step, and where all stand. */
export function stepContext(
  { batch, steps }: GenerationState,
  stack: StackPositions,
): TransformerStepContext & { readonly positions: Uint32Array } {
  const positions = new Uint32Array(batch).fill(steps);
  const senders = new Uint32Array(batch * (steps + 1)).map((_, sender) => Math.floor(sender / batch));
  return { neighborhood: overTime(batch, steps + 1), positions, bias: stack.bias(positions, senders) };
}

/**
 * The state of other sequences: sequence `b` of the result continues sequence `order[b]`. A beam search keeps the best hypotheses so; a
 * sequence may occur several times or not at all, and the count may change.
 *
 * @throws DataError `index-out-of-range` for a sequence that is not there.
 */
export function selectSequences({ batch, steps, remembered }: GenerationState, order: Uint32Array): GenerationState {
  for (const sequence of order) {
    if (sequence < batch) continue;
    throw new DataError(
      "index-out-of-range",
      `select: got the sequence ${sequence}; expected numbers below ${batch}, the count of sequences of the state.`,
    );
  }
  const chosen = remembered.map((keyValue) => selectKeyValue(keyValue, batch, order));
  return { batch: order.length, steps, remembered: chosen };
}
