import type { ArgumentChecks, Check } from "./argument-check.ts";
import type {
  GRUGatesGradientArguments,
  LSTMGatesGradientArguments,
  RecurrentGatesArguments,
  RecurrentGatesGradientArguments,
  RecurrentStep,
} from "./recurrent-kernels.ts";

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
  const { fromInput, biasInput, fromState, biasState, previous, out, gates, hidden, total, rows } = args;
  check.separate(out, fromInput, biasInput, fromState, biasState, previous, gates);
  if (gates !== null) check.separate(gates, fromInput, biasInput, fromState, biasState, previous);
  checkStep(check, args);
  const [ofGates, ofState] = [widths.gates * hidden, widths.state * hidden];
  check.length("fromInput", fromInput, total * ofGates);
  check.length("biasInput", biasInput, ofGates);
  check.length("fromState", fromState, rows * ofGates);
  check.length("biasState", biasState, ofGates);
  check.length("previous", previous, rows * ofState);
  check.length("out", out, total * ofState);
  if (gates !== null) check.length("gates", gates, total * KEPT * hidden);
}

function checkGradient(check: Check, widths: Widths, args: RecurrentGatesGradientArguments): void {
  const { gates, previous, gradient, ofState, ofPrevious, hidden, total, rows } = args;
  check.separate(ofState, gates, previous, gradient, ofPrevious);
  check.separate(ofPrevious, gates, previous, gradient);
  checkStep(check, args);
  const width = widths.state * hidden;
  check.length("gates", gates, total * KEPT * hidden);
  check.length("previous", previous, total * width);
  check.length("gradient", gradient, total * width);
  check.length("ofState", ofState, total * widths.gates * hidden);
  check.length("ofPrevious", ofPrevious, rows * width);
}

export const recurrentChecks: ArgumentChecks<"gruGates" | "gruGatesGradient" | "lstmGates" | "lstmGatesGradient"> = {
  gruGates: (args, check) => checkGates(check, gru, args),

  lstmGates: (args, check) => checkGates(check, lstm, args),

  gruGatesGradient(args: GRUGatesGradientArguments, check) {
    const { gates, previous, gradient, ofInput, ofState, ofPrevious, hidden, total } = args;
    check.separate(ofInput, gates, previous, gradient, ofState, ofPrevious);
    checkGradient(check, gru, args);
    check.length("ofInput", ofInput, total * gru.gates * hidden);
  },

  lstmGatesGradient(args: LSTMGatesGradientArguments, check) {
    const { state, ofState, ofPrevious, hidden, total } = args;
    check.separate(state, ofState, ofPrevious);
    checkGradient(check, lstm, args);
    check.length("state", state, total * lstm.state * hidden);
  },
};
