import { checkOptionNames, OptionError } from "../errors.ts";
import { portableCos } from "../portable-math.ts";
import { checkRange } from "./optimizer.ts";

/**
 * The learning rate of each step, counted from 0. A plain function: set `optimizer.learningRate = schedule(step)` before `optimizer.step()`.
 */
export type Schedule = (step: number) => number;

/** Options of the schedules that end. */
export interface DecayOptions {
  /** The learning rate of the first step. */
  readonly learningRate: number;
  /** Count of steps until the last learning rate is reached; it stays there. */
  readonly steps: number;
  /** The last learning rate. Default 0. */
  readonly last?: number;
}

/**
 * Along half a cosine from the first learning rate to the last (Loshchilov and Hutter, ICLR 2017, eq. 5, without restarts):
 * `last + (learningRate - last) * (1 + cos(pi * step / steps)) / 2`.
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function cosineSchedule(options: DecayOptions): Schedule {
  return decay("cosineSchedule", options, (progress) => (1 + portableCos(Math.PI * progress)) / 2);
}

/**
 * Along a straight line: `last + (learningRate - last) * (1 - step / steps)`.
 *
 * @throws OptionError `out-of-range` or `unknown-option`.
 */
export function linearSchedule(options: DecayOptions): Schedule {
  return decay("linearSchedule", options, (progress) => 1 - progress);
}

/**
 * Falling with the square root of the step: `learningRate / sqrt(step + 1)`. After {@link warmup}, the schedule of the transformer
 * (Vaswani et al., NeurIPS 2017, eq. 3) but for where the count of steps begins.
 *
 * @throws OptionError `out-of-range`.
 */
export function inverseSquareRootSchedule({ learningRate }: Pick<DecayOptions, "learningRate">): Schedule {
  checkRange("inverseSquareRootSchedule", "learningRate", learningRate);
  return (step) => learningRate / Math.sqrt(step + 1);
}

/**
 * Rises in equal parts over `steps` steps to the first learning rate of `schedule`, then follows it from its beginning.
 * Step 0 takes `1 / steps` of it, not 0.
 *
 * @throws OptionError `out-of-range` unless `steps` is a whole number that is not negative.
 */
export function warmup(schedule: Schedule, { steps }: Pick<DecayOptions, "steps">): Schedule {
  checkSteps("warmup", steps, 0);
  return (step) => (step < steps ? (schedule(0) * (step + 1)) / steps : schedule(step - steps));
}

function decay(where: string, options: DecayOptions, shape: (progress: number) => number): Schedule {
  checkOptionNames(where, options, ["learningRate", "steps", "last"]);
  const { learningRate, steps, last = 0 } = options;
  checkRange(where, "learningRate", learningRate);
  checkRange(where, "last", last);
  checkSteps(where, steps, 1);
  return (step) => last + (learningRate - last) * shape(Math.min(step / steps, 1));
}

function checkSteps(where: string, steps: number, least: number): void {
  if (Number.isSafeInteger(steps) && steps >= least) return;
  throw new OptionError("out-of-range", `${where}: got ${steps} steps; expected a whole number from ${least}.`);
}
