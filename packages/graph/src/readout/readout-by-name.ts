import { OptionError, type ParameterOptions, PluginError, type PluginName, type Registry } from "@vicinal/core";
import { AttentionReadout } from "./attention-readout.ts";
import { MaxReadout, MeanReadout, SumReadout } from "./pool.ts";
import { PoolingByMultiHeadAttention } from "./pooling-by-multi-head-attention.ts";
import type { Readout } from "./readout.ts";
import { Set2Set } from "./set2set.ts";

/** A read-out by its name, with the defaults of its class. */
export type ReadoutName = "sum" | "mean" | "max" | "attention" | "set2set" | "multiHead";

/** The name of a read-out: one of those built in, or one that a registry has, as `nameIn` of core gives it. */
export type AnyReadoutName = ReadoutName | PluginName<"readouts">;

/** Options of {@link chosenReadout}. */
interface ChosenReadoutOptions extends ParameterOptions {
  /** Where names are looked up first. */
  readonly registry: Registry | undefined;
}

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
  if (isBuiltIn(name)) return makers[name](inputs, options);
  throw unknownName(name, []);
}

/**
 * {@link readoutByName}, which looks into a registry first.
 *
 * @throws As {@link readoutByName}; PluginError `wrong-result` for a plug-in's read-out that is none.
 */
export function chosenReadout(
  name: AnyReadoutName,
  inputs: number,
  { registry, ...options }: ChosenReadoutOptions,
): Readout {
  if (!registry?.has("readouts", name)) {
    if (isBuiltIn(name)) return readoutByName(name, inputs, options);
    throw unknownName(name, registry?.names("readouts") ?? []);
  }
  const made = registry.make("readouts", name, { inputs, ...options });
  if (isReadout(made) && made.inputs === inputs) return made;
  throw new PluginError(
    "wrong-result",
    `readoutByName: readouts["${name}"] of the plug-in "${registry.pluginOf("readouts", name)?.name}" made no read-out of ${inputs} inputs; expected a ` +
      "module with inputs, outputs and forward.",
  );
}

function unknownName(name: string, plugged: readonly string[]): OptionError {
  const known = [...Object.keys(makers), ...plugged].map((each) => `"${each}"`);
  return new OptionError(
    "out-of-range",
    `readoutByName: got the read-out ${JSON.stringify(name)}; expected one of ${known.join(", ")}.`,
  );
}

function isBuiltIn(name: AnyReadoutName): name is ReadoutName {
  return Object.hasOwn(makers, name);
}

function isReadout(made: object): made is Readout {
  return "inputs" in made && "outputs" in made && "forward" in made && typeof made.forward === "function";
}
