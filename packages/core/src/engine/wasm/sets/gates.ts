import { recurrentChecks } from "../../check-recurrent-arguments.ts";
import type { GatesExports } from "../gates.generated.ts";
import { kernelSet } from "../kernel-set.ts";
import { gatesModule } from "../packed-modules.ts";
import { recurrentKernels } from "../recurrent.ts";
import type { Partitions } from "../threaded-kernels.ts";

const partitions: Partitions<GatesExports> = {
  gruGates: { work: (_x, _bx, _s, _bs, _h, _out, _gates, hidden) => 24 * hidden!, grain: 1 },
  gruGatesGradient: { work: (_gates, _h, _g, _dx, _ds, _dh, hidden) => 12 * hidden!, grain: 1 },
  lstmGates: { work: (_x, _bx, _s, _bs, _h, _out, _gates, hidden) => 36 * hidden!, grain: 1 },
  lstmGatesGradient: { work: (_gates, _h, _state, _g, _ds, _dh, hidden) => 18 * hidden!, grain: 1 },
};

/** The gates of recurrent cells. */
export const gateSet = /* @__PURE__ */ kernelSet({
  module: gatesModule,
  partitions,
  kernels: recurrentKernels,
  checks: recurrentChecks,
});
