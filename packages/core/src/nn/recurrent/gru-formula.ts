import { provide } from "../../engine/wasm/kernel-set.ts";
import { gateSet } from "../../engine/wasm/sets/gates.ts";
import type { CellFormula } from "./recurrence.ts";

/** The gated recurrent unit in the order and form of PyTorch; the formula is at {@link GRUCell}. The state is `h`. */
export const gruFormula: CellFormula = {
  name: "GRUCell",
  gates: 3,
  parts: 1,
  readsSums: false,

  next: (engine, args) => {
    provide(gateSet);
    engine.run("gruGates", args);
  },

  derive: (engine, args) => {
    provide(gateSet);
    engine.run("gruGatesGradient", args);
  },
};
