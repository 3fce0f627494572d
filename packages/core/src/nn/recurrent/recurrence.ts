import { provide } from "../../engine/wasm/kernel-set.ts";
import { gateSet } from "../../engine/wasm/sets/gates.ts";
import { concatenate, slice } from "../../tensor/arrange.ts";
import { zeros } from "../../tensor/create.ts";
import { matmul } from "../../tensor/product.ts";
import { record, withoutGradient } from "../../tensor/record.ts";
import { gatherRows } from "../../tensor/rows.ts";
import { scope } from "../../tensor/scope.ts";
import { sum } from "../../tensor/sum.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Steps } from "./packing.ts";

/**
 * What makes one kind of recurrent cell. A state is `[rows, width]`; its first `hidden` columns, `h`, are what the gates read:
 * `fromInput` is `W_ih x` and `fromState` is `W_hh h`, both `[rows, gates * hidden]`.
 */
export interface CellFormula {
  /** The name that errors show. */
  readonly name: string;
  /** Count of gates, the candidate included: rows of the weights by `hidden`. */
  readonly gates: number;
  /** Width of a state by `hidden`. */
  readonly parts: number;
  /** Whether all gates read the sum of what comes from input and state, so that both have one gradient: that of the state. */
  readonly readsSums: boolean;
  /** The kernel of the states after `previous`. */
  readonly next: "gruGates" | "lstmGates";
  /** The kernel of its gradients. */
  readonly derive: "gruGatesGradient" | "lstmGatesGradient";
}

/** What a recurrence computes with. */
export interface RecurrenceInputs {
  /** `W_ih x` of all rows, one step after the other: `[rows, gates * hidden]`. */
  readonly fromInput: Tensor;
  /** The states before the first step, `[sequences, parts * hidden]`, those with the most steps first. */
  readonly initial: Tensor;
  /** `[gates * hidden, hidden]`. */
  readonly weightHh: Tensor;
  /** `[gates * hidden]`. */
  readonly biasIh: Tensor;
  /** `[gates * hidden]`. */
  readonly biasHh: Tensor;
}

/** What the kernel of the gates keeps of each row for its gradient, by `hidden`. */
const KEPT = 4;

/**
 * The states after each step, `[rows, parts * hidden]`: one operation for the tape, however many steps there are.
 *
 * Its gradient is written by hand because the tape's would cost the square of the count of steps: the gradient of a slice is as
 * large as what was sliced. The gates are kept, where a gradient will be asked for, so that no product is computed twice; and the gradients
 * of the weight and the biases are one product and one sum at the end. Only what truly depends on the step after is walked step by step.
 */
export function recurrence(formula: CellFormula, inputs: RecurrenceInputs, steps: Steps): Tensor {
  provide(gateSet);
  const { fromInput, initial, weightHh, biasIh, biasHh } = inputs;
  const [rows, hidden] = [fromInput.shape[0]!, weightHh.shape[1]!];
  const states = record({
    name: formula.name,
    shape: [rows, initial.shape[1]!],
    inputs: [fromInput, initial, weightHh, biasIh, biasHh],
    // Filled below, when it is known whether the gates are to be kept.
    forward: () => {},
    backward: (gradient) => gradients(formula, inputs, steps, gates!, gradient, states),
  });
  const gates = states.requiresGrad ? zeros([rows, KEPT * hidden], { engine: states.engine }) : undefined;
  walk(formula, inputs, steps, gates, states);
  return states;
}

/** Computes the states, step by step. */
function walk(
  formula: CellFormula,
  { fromInput, initial, weightHh, biasIh, biasHh }: RecurrenceInputs,
  { running }: Steps,
  gates: Tensor | undefined,
  states: Tensor,
): void {
  const { engine } = states;
  let [before, start, end] = [initial, 0, 0];
  let first = 0;
  withoutGradient(() => {
    for (const rows of running) {
      end = start + rows;
      scope(() => {
        const previous = rowsOf(before, first, first + rows);
        const fromState = matmul(hiddenOf(formula, previous), weightHh, { transposeB: true });
        engine.run(formula.next, {
          fromInput: fromInput.buffer,
          biasInput: biasIh.buffer,
          fromState: fromState.buffer,
          biasState: biasHh.buffer,
          previous: previous.buffer,
          out: states.buffer,
          gates: gates?.buffer ?? null,
          hidden: weightHh.shape[1]!,
          total: states.shape[0]!,
          start,
          rows,
        });
      });
      [before, first, start] = [states, start, end];
    }
  });
}

/** Backpropagation through time (Werbos, 1990), in the order of the inputs. */
function gradients(
  formula: CellFormula,
  { fromInput, initial, weightHh, biasIh, biasHh }: RecurrenceInputs,
  { running, previous: before }: Steps,
  gates: Tensor,
  gradient: Tensor,
  states: Tensor,
): readonly (Tensor | undefined)[] {
  const { engine } = states;
  const [total, width] = [states.shape[0]!, states.shape[1]!];
  const previous = before === undefined ? initial : gatherRows(concatenate([initial, states], 0), before);
  const ofState = zeros(fromInput.shape, { engine });
  const ofInput = formula.readsSums ? ofState : zeros(fromInput.shape, { engine });
  // The gradient of each state: what arrives from outside and what the step after sends back.
  const arrived = running.length === 1 ? gradient : slice(gradient, 0, 0, total);
  let carried: Tensor | undefined;
  let end = total;
  for (const rows of running.toReversed()) {
    const start = end - rows;
    if (carried !== undefined) addRows(carried, arrived, start);
    carried = scope(() => {
      const ofPrevious = zeros([rows, width], { engine });
      engine.run(formula.derive, {
        gates: gates.buffer,
        previous: previous.buffer,
        state: states.buffer,
        gradient: arrived.buffer,
        ofInput: ofInput.buffer,
        ofState: ofState.buffer,
        ofPrevious: ofPrevious.buffer,
        hidden: weightHh.shape[1]!,
        total,
        start,
        rows,
      });
      const isNeeded = start > 0 || initial.requiresGrad;
      if (isNeeded) addRows(matmul(rowsOf(ofState, start, end), weightHh), ofPrevious, 0);
      return ofPrevious;
    });
    end = start;
  }
  return [
    ofInput,
    initial.requiresGrad ? withRowsOf(initial, carried) : undefined,
    weightHh.requiresGrad ? matmul(ofState, hiddenOf(formula, previous), { transposeA: true }) : undefined,
    biasIh.requiresGrad ? sum(ofInput, { axis: 0 }) : undefined,
    biasHh.requiresGrad ? sum(ofState, { axis: 0 }) : undefined,
  ];
}

/** The gradient of the initial states: zeros for those of sequences without elements, which are the last. */
function withRowsOf(initial: Tensor, carried: Tensor | undefined): Tensor {
  if (carried !== undefined && carried.shape[0] === initial.shape[0]) return carried;
  const all = zeros(initial.shape, { engine: initial.engine });
  if (carried !== undefined) addRows(carried, all, 0);
  return all;
}

function rowsOf(x: Tensor, start: number, end: number): Tensor {
  return start === 0 && end === x.shape[0] ? x : slice(x, 0, start, end);
}

function hiddenOf({ parts }: CellFormula, state: Tensor): Tensor {
  return parts === 1 ? state : slice(state, 1, 0, state.shape[1]! / parts);
}

/** Adds `x`, `[rows, columns]`, to the first columns of the rows of `to` from `start` on. */
function addRows(x: Tensor, to: Tensor, start: number): void {
  const width = to.shape[1]!;
  x.engine.run("stridedAdd", {
    x: x.buffer,
    out: to.buffer,
    shape: x.shape,
    strides: [width, 1],
    offset: start * width,
  });
}
