import { selectionChecks } from "../../check-selection-arguments.ts";
import { kernelSet } from "../kernel-set.ts";
import { selectionModule } from "../packed-modules.ts";
import type { SelectionExports } from "../selection.generated.ts";
import { selectionKernels } from "../selection.ts";
import type { Partitions } from "../threaded-kernels.ts";

const partitions: Partitions<SelectionExports> = {
  segmentEntmax: { work: (_s, _x, _offsets, _out, heads) => 20 * heads!, offsets: (_s, _x, offsets) => offsets! },
  segmentEntmaxGradient: {
    work: (_s, _w, _g, _offsets, _out, heads) => 6 * heads!,
    offsets: (_s, _w, _g, offsets) => offsets!,
  },
  segmentHardmax: { work: (_x, _offsets, _out, heads) => 3 * heads!, offsets: (_x, offsets) => offsets! },
};

/** Normalizers that give most senders no weight: entmax and hardmax. */
export const selectionSet = /* @__PURE__ */ kernelSet({
  module: selectionModule,
  partitions,
  kernels: selectionKernels,
  checks: selectionChecks,
});
