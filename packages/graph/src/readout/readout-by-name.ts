import { OptionError, type ParameterOptions } from "@vicinal/core";
import { AttentionReadout } from "./attention-readout.ts";
import { MaxReadout, MeanReadout, SumReadout } from "./pool.ts";
import { PoolingByMultiHeadAttention } from "./pooling-by-multi-head-attention.ts";
import type { Readout } from "./readout.ts";
import { Set2Set } from "./set2set.ts";

/** A read-out by its name, with the defaults of its class. */
export type ReadoutName = "sum" | "mean" | "max" | "attention" | "set2set" | "multiHead";

const makers: Readonly<Record<ReadoutName, (inputs: number, options: ParameterOptions) => Readout>> = {
  sum: (inputs, options) => new SumReadout(inputs, options),
  mean: (inputs, options) => new MeanReadout(inputs, options),
  max: (inputs, options) => new MaxReadout(inputs, options),
  attention: (inputs, options) => new AttentionReadout(inputs, options),
  set2set: (inputs, options) => new Set2Set(inputs, options),
  multiHead: (inputs, options) => new PoolingByMultiHeadAttention(inputs, options),
};

/**
 * The read-out of a name, for models whose read-out is an option.
 *
 * @throws OptionError `out-of-range` for a name or a width that is none; `unknown-option`.
 */
export function readoutByName(name: ReadoutName, inputs: number, options: ParameterOptions): Readout {
  if (Object.hasOwn(makers, name)) return makers[name](inputs, options);
  throw new OptionError(
    "out-of-range",
    `readoutByName: got the read-out ${JSON.stringify(name)}; expected one of ${Object.keys(makers)
      .map((known) => `"${known}"`)
      .join(", ")}.`,
  );
}
