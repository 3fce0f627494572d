import { FileError } from "../errors.ts";
import type { JsonObject, JsonValue } from "../save/parse-json.ts";
import { shown } from "../save/shown.ts";
import { loadState } from "../save/state-differences.ts";
import { type StoredTensor, storedTensor, type WritableTensor } from "../save/stored-tensor.ts";
import { keep, zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Optimizer } from "./optimizer.ts";

/** What an optimizer goes on from, beside parameters: arrays for a safetensors file, and what JSON holds. */
export interface OptimizerState<Held extends StoredTensor = StoredTensor> {
  /** The kind of optimizer, its options, its learning rate and the steps that it made. */
  readonly settings: JsonObject;
  /**
   * Moments by the number of their parameter, such as `0.firstMoment`, and `hasGradient` `[parameters]`, which is 1 where a parameter has a
   * gradient: one that has none yet is left where it is, one that has zeros may move on.
   */
  readonly tensors: ReadonlyMap<string, Held>;
}

/** All that the next steps of an optimizer depend on beside parameters and gradients, to go on from later: a copy. */
export async function optimizerState({ learningRate, memory }: Optimizer): Promise<OptimizerState<WritableTensor>> {
  const { kind, options, parameters, tensors, steps } = memory;
  const stored = new Map<string, WritableTensor>();
  const hasGradient = Uint8Array.from(parameters, ({ grad }) => (grad === undefined ? 0 : 1));
  stored.set(gradientName, { dtype: "U8", shape: [parameters.length], values: hasGradient });
  for (const [name, tensor] of tensors) stored.set(name, await storedTensor(tensor));
  return { settings: { kind, ...options, learningRate, steps }, tensors: stored };
}

/**
 * Lets an optimizer go on from a state that one of the same kind, options and parameters was in. The learning rate is that of the state.
 *
 * @throws FileError `state-differs` for a state of another kind, other options or other parameters; nothing is changed then.
 */
export function loadOptimizerState(optimizer: Optimizer, { settings, tensors }: OptimizerState): void {
  const { kind, options, parameters, tensors: own } = optimizer.memory;
  for (const [name, value] of Object.entries({ kind, ...options })) {
    if (settings[name] !== value) throw differs(kind, name, settings[name], String(value));
  }
  const { learningRate, steps } = settings;
  if (!(typeof learningRate === "number" && learningRate >= 0)) {
    throw differs(kind, "learningRate", learningRate, "a number from 0");
  }
  if (!(typeof steps === "number" && Number.isSafeInteger(steps) && steps >= 0)) {
    throw differs(kind, "steps", steps, "a whole number from 0");
  }
  const gradients = tensors.get(gradientName);
  if (gradients?.dtype !== "U8" || gradients.values.length !== parameters.length) {
    throw differs(
      kind,
      gradientName,
      gradients?.shape.join() ?? null,
      `one number for each of ${parameters.length} parameters`,
    );
  }
  const gathered = new Map(tensors);
  gathered.delete(gradientName);
  loadState(where, own, gathered);
  for (const [k, has] of gradients.values.entries()) restoreGradient(parameters[k]!, has !== 0);
  optimizer.learningRate = learningRate;
  optimizer.memory.steps = steps;
}

const where = "loadOptimizerState";
const gradientName = "hasGradient";

function restoreGradient(parameter: Tensor, has: boolean): void {
  parameter.grad = has ? keep(zeros(parameter.shape, { engine: parameter.engine })) : undefined;
}

function differs(kind: string, name: string, got: JsonValue | undefined, expected: string): FileError {
  return new FileError(
    "state-differs",
    `${where}: got ${name} ${got === undefined ? "missing" : shown(JSON.stringify(got))} in the state; expected ${expected} for ${kind}. ` +
      "Make the optimizer with the options and parameters that it was saved with.",
  );
}
