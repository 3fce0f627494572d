import { provide } from "../../engine/wasm/kernel-set.ts";
import { gateSet } from "../../engine/wasm/sets/gates.ts";
import type { CellFormula } from "./recurrence.ts";

/** Long short-term memory in the order and form of PyTorch; the formula is at {@link LSTMCell}. The state is `h`, then `c`. */
export const lstmFormula: CellFormula = {
  name: "LSTMCell",
  gates: 4,
  parts: 2,
  readsSums: true,

  next: (engine, args) => {
    provide(gateSet);
    engine.run("lstmGates", args);
  },

  derive: (engine, args) => {
    provide(gateSet);
    engine.run("lstmGatesGradient", args);
  },
};
