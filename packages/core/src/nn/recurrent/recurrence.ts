import type { Engine } from "../../engine/engine.ts";
import { concatenate, slice, transpose } from "../../tensor/arrange.ts";
import { zeros } from "../../tensor/create.ts";
import { add } from "../../tensor/elementwise.ts";
import { matmul } from "../../tensor/product.ts";
import { record, withoutGradient } from "../../tensor/record.ts";
import { gatherRows } from "../../tensor/rows.ts";
import { scope } from "../../tensor/scope.ts";
import { sum } from "../../tensor/sum.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Steps } from "./packing.ts";

/**
 * What makes one kind of recurrent cell. A state is `[rows, width]`; its first `hidden` columns, `h`, are what the gates read:
 * `fromInput` is `W_ih x + b_ih` and `fromState` is `W_hh h + b_hh`, both `[rows, gates * hidden]`.
 */
export interface CellFormula {
  /** The name that errors show. */
  readonly name: string;
  /** Count of gates, the candidate included: rows of the weights by `hidden`. */
  readonly gates: number;
  /** Width of a state by `hidden`. */
  readonly parts: number;
  /** The state after `previous`. */
  next(fromInput: Tensor, fromState: Tensor, previous: Tensor): Tensor;
  /** All that the gradients need and that does not depend on the gradient which arrives. */
  slopes(fromInput: Tensor, fromState: Tensor, previous: Tensor, state: Tensor): Slopes;
  /**
   * The gradients of `fromState`, and of `previous` along all ways but through `fromState`, given that of the state. The latter is a
   * tensor that is written to.
   */
  derive(gradient: Tensor, slopes: Slopes["ofState"]): { readonly fromState: Tensor; readonly previous: Tensor };
  /** The gradient of `fromInput`, given those of the state and of `fromState`. */
  deriveInput(gradient: Tensor, fromState: Tensor, slopes: Slopes["ofInput"]): Tensor;
}

/** Tensors with a row for each state. */
export interface Slopes {
  /** What is read step by step. */
  readonly ofState: readonly Tensor[];
  /** What is read once, for all steps. */
  readonly ofInput?: Tensor;
}

/** What a recurrence computes with. */
export interface RecurrenceInputs {
  /** `W_ih x + b_ih` of all rows, one step after the other: `[rows, gates * hidden]`. */
  readonly fromInput: Tensor;
  /** The states before the first step, `[sequences, parts * hidden]`, those with the most steps first. */
  readonly initial: Tensor;
  /** `[gates * hidden, hidden]`. */
  readonly weightHh: Tensor;
  /** `[gates * hidden]`. */
  readonly biasHh: Tensor;
}

/**
 * The states after each step, `[rows, parts * hidden]`: one operation for the tape, however many steps there are.
 *
 * Its gradient is written by hand because the tape's would cost the square of the count of steps: the gradient of a slice is as
 * large as what was sliced. Nothing but the states is kept; the gates are computed again, for all steps at once, and the gradient of
 * the weight is one product at the end. Only what truly depends on the step after is walked step by step.
 */
export function recurrence(formula: CellFormula, inputs: RecurrenceInputs, steps: Steps): Tensor {
  const { fromInput, initial, weightHh, biasHh } = inputs;
  return record({
    name: formula.name,
    shape: [fromInput.shape[0]!, initial.shape[1]!],
    inputs: [fromInput, initial, weightHh, biasHh],
    forward: (out, engine) =>
      withoutGradient(() =>
        scope(() => {
          const transposed = transpose(weightHh);
          let [state, start] = [initial, 0];
          for (const count of steps.running) {
            state = scope(() => {
              const previous = rowsOf(state, 0, count);
              const fromState = add(matmul(hiddenOf(formula, previous), transposed), biasHh);
              return formula.next(rowsOf(fromInput, start, start + count), fromState, previous);
            });
            addRows(engine, state, { buffer: out, width: initial.shape[1]! }, start);
            start += count;
          }
        }),
      ),
    backward: (gradient, states) => gradients(formula, inputs, steps, gradient, states),
  });
}

/** Backpropagation through time (Werbos, 1990), in the order of the inputs. */
function gradients(
  formula: CellFormula,
  { fromInput, initial, weightHh, biasHh }: RecurrenceInputs,
  { running, previous: before }: Steps,
  gradient: Tensor,
  states: Tensor,
): readonly (Tensor | undefined)[] {
  const { engine } = states;
  const previous = before === undefined ? initial : gatherRows(concatenate([initial, states], 0), before);
  const hidden = hiddenOf(formula, previous);
  const sums = add(matmul(hidden, weightHh, { transposeB: true }), biasHh);
  const slopes = formula.slopes(fromInput, sums, previous, states);

  // The gradient of each state: what arrives from outside and what the step after sends back.
  const total = zeros(states.shape, { engine });
  const width = initial.shape[1]!;
  let carried: Tensor | undefined;
  let end = states.shape[0]!;
  for (const count of running.toReversed()) {
    const start = end - count;
    carried = scope(() => {
      const arrived = slice(gradient, 0, start, end);
      if (carried !== undefined) addRows(engine, carried, { buffer: arrived.buffer, width }, 0);
      addRows(engine, arrived, { buffer: total.buffer, width }, start);
      const derived = formula.derive(
        arrived,
        slopes.ofState.map((slope) => rowsOf(slope, start, end)),
      );
      addRows(engine, matmul(derived.fromState, weightHh), { buffer: derived.previous.buffer, width }, 0);
      return derived.previous;
    });
    end = start;
  }

  const ofInitial = zeros(initial.shape, { engine });
  if (carried !== undefined) addRows(engine, carried, { buffer: ofInitial.buffer, width }, 0);
  const { fromState } = formula.derive(total, slopes.ofState);
  return [
    formula.deriveInput(total, fromState, slopes.ofInput),
    ofInitial,
    matmul(fromState, hidden, { transposeA: true }),
    sum(fromState, { axis: 0 }),
  ];
}

function rowsOf(x: Tensor, start: number, end: number): Tensor {
  return start === 0 && end === x.shape[0] ? x : slice(x, 0, start, end);
}

function hiddenOf({ parts }: CellFormula, state: Tensor): Tensor {
  return parts === 1 ? state : slice(state, 1, 0, state.shape[1]! / parts);
}

/** Adds `x`, `[rows, columns]`, to the first columns of the rows of `to` from `start` on. */
function addRows(
  engine: Engine,
  x: Tensor,
  to: { readonly buffer: Tensor["buffer"]; readonly width: number },
  start: number,
): void {
  engine.run("stridedAdd", {
    x: x.buffer,
    out: to.buffer,
    shape: x.shape,
    strides: [to.width, 1],
    offset: start * to.width,
  });
}
