import type { ArgumentChecks, Check } from "./argument-check.ts";
import type { RecurrentGatesArguments, RecurrentGatesGradientArguments, RecurrentStep } from "./recurrent-kernels.ts";

/** What a kind of cell has by `hidden`: columns of its gates, and of its state. */
interface Widths {
  readonly gates: number;
  readonly state: number;
}

const gru: Widths = { gates: 3, state: 1 };
const lstm: Widths = { gates: 4, state: 2 };
/** What is kept for the gradient, by `hidden`. */
const KEPT = 4;

function checkStep(check: Check, { hidden, total, start, rows }: RecurrentStep): void {
  check.counts({ hidden, total, start, rows });
  if (start + rows > total) check.refuse(`rows ${start} to ${start + rows}`, `none from ${total} on`);
}

function checkGates(check: Check, widths: Widths, args: RecurrentGatesArguments): void {
  const { hidden, total, rows } = args;
  check.separate(args, "out", "gates");
  checkStep(check, args);
  const [ofGates, ofState] = [widths.gates * hidden, widths.state * hidden];
  check.lengths(args, {
    fromInput: total * ofGates,
    biasInput: ofGates,
    fromState: rows * ofGates,
    biasState: ofGates,
    previous: rows * ofState,
    out: total * ofState,
    gates: total * KEPT * hidden,
  });
}

function checkGradient(check: Check, widths: Widths, args: RecurrentGatesGradientArguments): void {
  const { hidden, total, rows } = args;
  checkStep(check, args);
  const width = widths.state * hidden;
  check.lengths(args, {
    gates: total * KEPT * hidden,
    previous: total * width,
    gradient: total * width,
    ofState: total * widths.gates * hidden,
    ofPrevious: rows * width,
  });
}

export const recurrentChecks: ArgumentChecks<"gruGates" | "gruGatesGradient" | "lstmGates" | "lstmGatesGradient"> = {
  gruGates: (args, check) => checkGates(check, gru, args),

  lstmGates: (args, check) => checkGates(check, lstm, args),

  gruGatesGradient(args, check) {
    check.separate(args, "ofInput", "ofState", "ofPrevious");
    checkGradient(check, gru, args);
    check.lengths(args, { ofInput: args.total * gru.gates * args.hidden });
  },

  lstmGatesGradient(args, check) {
    const { gates, previous, gradient, state, ofState, ofPrevious } = args;
    // By name: a recurrence gives both kernels what either takes.
    check.separate({ gates, previous, gradient, state, ofState, ofPrevious }, "ofState", "ofPrevious");
    checkGradient(check, lstm, args);
    check.lengths(args, { state: args.total * lstm.state * args.hidden });
  },
};
