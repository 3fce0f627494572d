import {
  backward,
  checkOptionNames,
  type Module,
  type Optimizer,
  OptionError,
  Random,
  scope,
  type Tensor,
  type Training,
  withoutGradient,
} from "@vicinal/core";
import type { TrainedObjects, TrainingProgress, Weights } from "./checkpoint.ts";
import { TrainingError } from "./errors.ts";
import type { EpochRecord, Progress } from "./history.ts";
import { Judge, type Selection } from "./judge.ts";
import type { TrainingTask } from "./training-task.ts";
import { Turn } from "./turn.ts";

export type { Selection } from "./judge.ts";
export type { TrainingTask, Validation } from "./training-task.ts";

/** Options of {@link fit}. */
export interface FitOptions {
  /** Moves the parameters of the model. Its learning rate is that of `schedule`, if there is one. */
  readonly optimizer: Optimizer;
  /** The most epochs. Default 1000. */
  readonly epochs?: number;
  /** Epochs in a row in which neither the validation metric nor the validation loss improved, after which training stops. Default 100. */
  readonly patience?: number;
  /**
   * Which epoch's weights are kept: the one with the best validation `"metric"`, the lower loss deciding between equals; the one with the
   * lowest validation `"loss"`; or, as the authors of GAT do, the last one that was at least as good as all before in `"both"`; or the `"last"` epoch's, where the steps of a schedule
   * end in nothing: the last weights are then the most settled ones, and the best of many epochs is best by luck, too. Default `"both"`.
   * Without validation data the last epoch's.
   */
  readonly select?: Selection;
  /** Dropout draws from it. Default seed 0. */
  readonly random?: Random;
  /** Sets the learning rate before each epoch, counted from 1. Default: it stays as it is. */
  readonly schedule?: (epoch: number) => number;
  /**
   * Called after each epoch. Training waits for a promise that it returns, which is how training is paused; `signal` is heard when the promise
   * settles. Default: nothing is called.
   */
  readonly onProgress?: ((progress: Progress) => unknown) | undefined;
  /** Default: none. Aborts training: the call rejects with the signal's reason, and the model keeps the weights of that moment. */
  readonly signal?: AbortSignal | undefined;
  /** Where checkpoints go. Default: there are none. */
  readonly checkpoint?: CheckpointOptions | undefined;
  /**
   * A checkpoint to go on from: what the run had done is not done again, and what it has at its end is, bit for bit, what it had had without the
   * stop. It needs a model, a task, an optimizer and options that are made as those of the run were; `epochs` and `patience` may be larger.
   * Default: training begins with the weights that the model has.
   */
  readonly resume?: Uint8Array | undefined;
}

/** See {@link FitOptions.checkpoint}. */
export interface CheckpointOptions {
  /** Epochs from one checkpoint to the next; the last epoch has one too. Default 1. */
  readonly every?: number;
  /**
   * Keeps a checkpoint: one safetensors file with the weights, the best ones so far, the state of the optimizer and of all that is drawn from, and
   * the history. In Node `(bytes) => writeFileSafely(path, bytes)` of `@vicinal/core/node` keeps the last one, whatever happens while it is
   * written. Training waits for it.
   */
  save(bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
}

const optionNames = [
  "optimizer",
  "epochs",
  "patience",
  "select",
  "random",
  "schedule",
  "onProgress",
  "signal",
  "checkpoint",
  "resume",
] as const satisfies readonly (keyof FitOptions)[];

/** What {@link fit} did. */
export interface FitResult {
  /** One record an epoch. */
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights the model has now. */
  readonly bestEpoch: number;
}

/**
 * Trains a model in place: one step an epoch, or as many as the task says, early stopping, and the best weights at the end.
 *
 * @throws OptionError `unknown-option`, `out-of-range`; FileError for a checkpoint to resume from that is none, or that is of another model,
 * optimizer or task (`state-differs`), before any work; TrainingError `loss-not-finite` when the loss is no number any more; the signal's reason;
 * what `checkpoint.save` and `onProgress` throw.
 */
export async function fit(model: Module, task: TrainingTask, options: FitOptions): Promise<FitResult> {
  checkOptions(options);
  const { optimizer, epochs = 1000, patience = 100, select = "both", schedule, onProgress, signal } = options;
  const { random = new Random(0), checkpoint, resume } = options;
  const trained: TrainedObjects = { model, optimizer, select, generators: [random, ...(task.generators ?? [])] };
  // A copy: the bytes are read a turn later, and what becomes of them meanwhile is the caller's business.
  const bytes = resume?.slice();
  const before = bytes === undefined ? beginning(select) : (await loadCheckpoints()).readCheckpoint(bytes, trained);
  const history: EpochRecord[] = [...before.history];
  const judge = new Judge(select, before.judge);
  let { best } = before;
  const begin = performance.now() - before.elapsedMilliseconds;
  const turn = new Turn();
  const goesOn = (): boolean => history.length + 1 <= epochs && judge.epochsWithoutProgress < patience;

  while (goesOn()) {
    const start = performance.now();
    const epoch = history.length + 1;
    if (schedule !== undefined) optimizer.learningRate = schedule(epoch);
    const loss = await meanLoss(task, { random }, optimizer, turn, signal);
    if (!Number.isFinite(loss)) {
      throw new TrainingError(
        "loss-not-finite",
        `fit: the loss of epoch ${epoch} is ${loss}; expected a finite number. Lower the learning rate (now ${optimizer.learningRate}) or scale the features.`,
      );
    }
    const validation = withoutGradient(() => scope(() => task.validate()));
    const isBest = judge.hear(epoch, validation);
    if (validation === undefined) best = { epoch, weights: new Map() };
    else if (isBest) best = { epoch, weights: await weightsOf(model) };
    const record: EpochRecord = {
      epoch,
      loss,
      validationLoss: validation?.loss,
      validationMetric: validation?.metric,
      milliseconds: performance.now() - start,
    };
    history.push(record);
    const elapsedMilliseconds = performance.now() - begin;
    await onProgress?.({ ...record, stage: "training", epochs, bestEpoch: best.epoch, elapsedMilliseconds });
    if (checkpoint !== undefined && (epoch % (checkpoint.every ?? 1) === 0 || !goesOn())) {
      const { writeCheckpoint } = await loadCheckpoints();
      await checkpoint.save(await writeCheckpoint(trained, { history, judge: judge.state, best, elapsedMilliseconds }));
    }
    if (goesOn()) await turn.end();
  }
  signal?.throwIfAborted();
  for (const [tensor, values] of best.weights) tensor.set(values);
  return { history, bestEpoch: best.epoch };
}

function checkOptions(options: FitOptions): void {
  checkOptionNames("fit", options, optionNames);
  const { epochs = 1000, patience = 100, select = "both", checkpoint } = options;
  for (const [name, count] of Object.entries({ epochs, patience })) {
    if (count >= 1) continue;
    throw new OptionError("out-of-range", `fit: got ${name} ${count}; expected a number from 1.`);
  }
  if (!["metric", "loss", "both", "last"].includes(select)) {
    throw new OptionError(
      "out-of-range",
      `fit: got select ${JSON.stringify(select)}; expected "metric", "loss", "both" or "last".`,
    );
  }
  checkOptionNames("fit: checkpoint", checkpoint, ["every", "save"]);
  const every = checkpoint?.every ?? 1;
  if (Number.isSafeInteger(every) && every > 0) return;
  throw new OptionError(
    "out-of-range",
    `fit: got a checkpoint every ${every} epochs; expected a whole number above 0.`,
  );
}

/** Not imported at the top: a page that has no checkpoints need not download what reads and writes them. */
function loadCheckpoints(): Promise<typeof import("./checkpoint.ts")> {
  return import("./checkpoint.ts");
}

function beginning(select: Selection): TrainingProgress {
  const best = { epoch: 0, weights: new Map<Tensor, never>() };
  return { history: [], judge: new Judge(select).state, best, elapsedMilliseconds: 0 };
}

/** Not the parameters alone: running statistics belong to the weights that they were gathered with. */
async function weightsOf(model: Module): Promise<Weights> {
  const weights = new Map<Tensor, Float32Array | Float64Array>();
  for (const tensor of new Set(model.namedState().values())) weights.set(tensor, await tensor.data());
  return weights;
}

/** Makes the steps of an epoch. Others get their turn between steps as between epochs. */
async function meanLoss(
  task: TrainingTask,
  training: Training,
  optimizer: Optimizer,
  turn: Turn,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { stepsPerEpoch: steps = 1 } = task;
  let total = 0;
  for (let k = 0; k < steps; k++) {
    if (k > 0) await turn.end();
    signal?.throwIfAborted();
    total += step(task, training, optimizer);
  }
  return total / steps;
}

function step(task: TrainingTask, training: Training, optimizer: Optimizer): number {
  return scope(() => {
    optimizer.zeroGradients();
    const loss = task.trainingLoss(training);
    backward(loss);
    optimizer.step();
    return loss.item();
  });
}
