import type { CellFormula } from "./recurrence.ts";

/** Long short-term memory in the order and form of PyTorch; the formula is at {@link LSTMCell}. The state is `h`, then `c`. */
export const lstmFormula: CellFormula = {
  name: "LSTMCell",
  gates: 4,
  parts: 2,
  readsSums: true,

  next: (engine, args) => engine.run("lstmGates", args),

  derive: (engine, args) => engine.run("lstmGatesGradient", args),
};
