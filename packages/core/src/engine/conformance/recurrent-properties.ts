import { type Draw, drawBoolean, drawRandom, drawSize, floats } from "./draw.ts";
import type { KernelProperty, Trial } from "./trial.ts";

/** What a kind of cell has by `hidden`: columns of its gates, and of its state. */
interface Cell {
  readonly gates: number;
  readonly state: number;
}

const gru: Cell = { gates: 3, state: 1 };
const lstm: Cell = { gates: 4, state: 2 };

function drawStep(draw: Draw) {
  const hidden = drawSize(draw, 0, 21);
  const [start, rows, after] = [
    drawBoolean(draw) ? 0 : drawSize(draw, 0, 5),
    drawSize(draw, 0, 9),
    drawSize(draw, 0, 2),
  ];
  return { hidden, total: start + rows + after, start, rows };
}

function checkGates(name: "gruGates" | "lstmGates", cell: Cell, draw: Draw, trial: Trial): void {
  const step = drawStep(draw);
  const { hidden, total, rows } = step;
  const isKept = drawBoolean(draw);
  const random = drawRandom(draw);
  const ofGates = cell.gates * hidden;
  const fromInput = floats(random, total * ofGates);
  const biasInput = floats(random, ofGates);
  const fromState = floats(random, rows * ofGates);
  const biasState = floats(random, ofGates);
  const previous = floats(random, rows * cell.state * hidden);
  const out = floats(random, total * cell.state * hidden);
  const gates = floats(random, total * 4 * hidden);
  trial.run(name, (b) => ({
    ...step,
    fromInput: b.floats(fromInput),
    biasInput: b.floats(biasInput),
    fromState: b.floats(fromState),
    biasState: b.floats(biasState),
    previous: b.floats(previous),
    // The rows of other steps must stay what they are.
    out: b.inOut(out),
    gates: isKept ? b.inOut(gates) : null,
  }));
}

function drawGradient(cell: Cell, draw: Draw) {
  const step = drawStep(draw);
  const { hidden, total } = step;
  const random = drawRandom(draw);
  return {
    step,
    gates: floats(random, total * 4 * hidden, 0.05, 0.95),
    previous: floats(random, total * cell.state * hidden),
    state: floats(random, total * cell.state * hidden),
    gradient: floats(random, total * cell.state * hidden),
    before: floats(random, total * cell.gates * hidden),
    width: cell.state * hidden,
  };
}

type Names = "gruGates" | "gruGatesGradient" | "lstmGates" | "lstmGatesGradient";

export const recurrentProperties: { readonly [Name in Names]: KernelProperty } = {
  gruGates: (draw, trial) => checkGates("gruGates", gru, draw, trial),

  lstmGates: (draw, trial) => checkGates("lstmGates", lstm, draw, trial),

  gruGatesGradient(draw, trial) {
    const { step, gates, previous, gradient, before, width } = drawGradient(gru, draw);
    trial.run("gruGatesGradient", (b) => ({
      ...step,
      gates: b.floats(gates),
      previous: b.floats(previous),
      gradient: b.floats(gradient),
      ofInput: b.inOut(before),
      ofState: b.inOut(before),
      ofPrevious: b.out(step.rows * width),
    }));
  },

  lstmGatesGradient(draw, trial) {
    const { step, gates, previous, state, gradient, before, width } = drawGradient(lstm, draw);
    trial.run("lstmGatesGradient", (b) => ({
      ...step,
      gates: b.floats(gates),
      previous: b.floats(previous),
      state: b.floats(state),
      gradient: b.floats(gradient),
      ofState: b.inOut(before),
      ofPrevious: b.out(step.rows * width),
    }));
  },
};
