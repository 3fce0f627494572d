import {
  checkModuleState,
  FileError,
  isJsonObject,
  type JsonObject,
  loadModuleState,
  loadOptimizerState,
  type Module,
  moduleState,
  type Optimizer,
  optimizerState,
  parseJson,
  type Random,
  readSafetensors,
  type StoredTensor,
  type Tensor,
  type WritableTensor,
  writeSafetensors,
} from "@vicinal/core";
import type { EpochRecord } from "./history.ts";
import { historyFromArrays, historyToArrays } from "./history-arrays.ts";
import { type JudgeState, judgeNumbers, type Selection } from "./judge.ts";

/** What a checkpoint is taken of, and what it is written back into. */
export interface TrainedObjects {
  readonly model: Module;
  readonly optimizer: Optimizer;
  /** All that is drawn from. */
  readonly generators: readonly Random[];
  readonly select: Selection;
}

/** The numbers of each tensor of a module's state. */
export type Weights = ReadonlyMap<Tensor, Float32Array | Float64Array>;

/** How far training has come, at the end of an epoch. */
export interface TrainingProgress {
  readonly history: readonly EpochRecord[];
  readonly judge: JudgeState;
  /** The best epoch and its weights; empty where they are those of the model, because nothing is validated. */
  readonly best: { readonly epoch: number; readonly weights: Weights };
  readonly elapsedMilliseconds: number;
}

const [versionName, version] = ["vicinal_checkpoint", "1"];
const [judgeName, generatorsName] = ["judge", "generators"];
/** Bytes of memory that what is no array may take in any file. */
const leastMemory = 2 ** 24;
/** For each tensor of a model: itself, its best values, and what an optimizer keeps of it. */
const tensorsForEach = 16;

/**
 * All that training goes on from, as one safetensors file: `model.` and `best.` with the names of the module's state, `optimizer.`, `history.`,
 * `judge` and `generators` `[generators, 4]`; in the metadata the version, and as JSON what is no array.
 */
export async function writeCheckpoint(
  { model, optimizer, generators, select }: TrainedObjects,
  { history, judge, best, elapsedMilliseconds }: TrainingProgress,
): Promise<Uint8Array<ArrayBuffer>> {
  const { settings, tensors: moments } = await optimizerState(optimizer);
  const judged = Float64Array.from(judgeNumbers, (name) => judge[name]);
  const drawn = Uint32Array.from(generators.flatMap(({ state }) => [...state]));
  return writeSafetensors({
    tensors: new Map([
      ...prefixed("model", await moduleState(model)),
      ...prefixed("best", storedWeights(model, best.weights)),
      ...prefixed("optimizer", moments),
      ...prefixed("history", historyToArrays(history)),
      [judgeName, { dtype: "F64", shape: [judged.length], values: judged }],
      [generatorsName, { dtype: "U32", shape: [generators.length, 4], values: drawn }],
    ]),
    metadata: {
      [versionName]: version,
      training: JSON.stringify({ bestEpoch: best.epoch, select, elapsedMilliseconds, optimizer: settings }),
    },
  });
}

/**
 * Writes a checkpoint back into what it is to go on with. Everything is checked first: either all of it is written or nothing.
 *
 * @throws FileError as `readSafetensors` and `parseJson`, `not-a-checkpoint`, `unknown-version`, `invalid-checkpoint`, `state-differs`.
 */
export function readCheckpoint(bytes: Uint8Array, into: TrainedObjects): TrainingProgress {
  const { tensors, metadata } = readSafetensors(bytes);
  checkVersion(metadata[versionName]);
  const memory = Math.max(leastMemory, bytes.length);
  const training = parseJson("fit: the checkpoint", metadata["training"] ?? "", { memory });
  if (!isJsonObject(training)) throw invalid("no object of training");
  // A file may name hundreds of thousands: nothing is made of them.
  if (tensors.size > tensorsForEach * into.model.namedState().size + 64) throw invalid(`${tensors.size} tensors`);
  const sections = sectionsOf(tensors);
  const section = (name: string) => sections.get(name) ?? new Map<string, StoredTensor>();
  const history = historyFromArrays(section("history"));
  const epochs = history.length;
  checkSelection(training, into.select);
  const judge = judgeFrom(tensors.get(judgeName), epochs);
  const states = generatorStates(tensors.get(generatorsName), into.generators.length);
  const { bestEpoch, elapsedMilliseconds, optimizer } = training;
  if (!isCount(bestEpoch, epochs)) throw invalid("no best epoch");
  if (!(typeof elapsedMilliseconds === "number" && elapsedMilliseconds >= 0)) throw invalid("no elapsed time");
  if (!isJsonObject(optimizer)) throw invalid("no optimizer");
  const [model, best] = [section("model"), section("best")];
  checkModuleState(into.model, model);
  if (best.size > 0) checkModuleState(into.model, best);
  // The first that changes anything, and it does so only if all of it fits.
  loadOptimizerState(into.optimizer, { settings: optimizer, tensors: section("optimizer") });
  loadModuleState(into.model, model);
  for (const [k, generator] of into.generators.entries()) generator.restore(states[k]!);
  return { history, judge, best: { epoch: bestEpoch, weights: weightsOf(into.model, best) }, elapsedMilliseconds };
}

function prefixed(section: string, tensors: ReadonlyMap<string, WritableTensor>): [string, WritableTensor][] {
  return [...tensors].map(([name, tensor]) => [`${section}.${name}`, tensor]);
}

/** The tensors by what stands before the first dot of their names. */
function sectionsOf(tensors: ReadonlyMap<string, StoredTensor>): Map<string, Map<string, StoredTensor>> {
  const sections = new Map<string, Map<string, StoredTensor>>();
  for (const name of ["model", "best", "optimizer", "history"]) sections.set(name, new Map());
  for (const [name, tensor] of tensors) {
    if (name === judgeName || name === generatorsName) continue;
    const dot = name.indexOf(".");
    const section = sections.get(name.slice(0, dot));
    if (dot === -1 || section === undefined) throw invalid(`the tensor ${JSON.stringify(name.slice(0, 40))}`);
    section.set(name.slice(dot + 1), tensor);
  }
  return sections;
}

function checkVersion(got: string | undefined): void {
  if (got === version) return;
  if (got === undefined) {
    throw new FileError(
      "not-a-checkpoint",
      "fit: got a file that is no checkpoint; expected one that fit gave to checkpoint.save.",
    );
  }
  throw new FileError(
    "unknown-version",
    `fit: got a checkpoint of version ${JSON.stringify(got.slice(0, 40))}; expected ${version}. Update the package, or train from the beginning.`,
  );
}

function checkSelection(training: JsonObject, select: Selection): void {
  if (training["select"] === select) return;
  throw new FileError(
    "state-differs",
    `fit: got a checkpoint with another select than ${JSON.stringify(select)}; expected the same, because it decided which epoch was best.`,
  );
}

function judgeFrom(stored: StoredTensor | undefined, epochs: number): JudgeState {
  if (stored?.dtype !== "F64" || stored.values.length !== judgeNumbers.length) throw invalid("no judge");
  const [metric = 0, loss = 0, lossOfBestMetric = 0, lastProgress = 0, epochsWithoutProgress = 0] = stored.values;
  if (!isCount(lastProgress, epochs) || !isCount(epochsWithoutProgress, epochs)) throw invalid("a wrong judge");
  return { metric, loss, lossOfBestMetric, lastProgress, epochsWithoutProgress };
}

function generatorStates(stored: StoredTensor | undefined, count: number): Uint32Array[] {
  if (stored?.dtype !== "U32") throw invalid("no random state");
  if (stored.values.length !== 4 * count) {
    throw new FileError(
      "state-differs",
      `fit: got a checkpoint with ${stored.values.length / 4} random generators; expected ${count}, those of fit and of the task.`,
    );
  }
  const { values } = stored;
  const states = Array.from({ length: count }, (_, k) => values.slice(4 * k, 4 * k + 4));
  if (states.some((state) => state.every((x) => x === 0))) throw invalid("a random state of zeros");
  return states;
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= most;
}

/** By the names of the module's state; a tensor with several names has the first. */
function storedWeights(model: Module, weights: Weights): Map<string, WritableTensor> {
  const left = new Map(weights);
  const stored = new Map<string, WritableTensor>();
  for (const [name, tensor] of model.namedState()) {
    const values = left.get(tensor);
    left.delete(tensor);
    const { shape } = tensor;
    if (values instanceof Float64Array) stored.set(name, { dtype: "F64", shape, values });
    else if (values !== undefined) stored.set(name, { dtype: "F32", shape, values });
  }
  return stored;
}

/** Copies: the file's bytes belong to the caller, who may change them. */
function weightsOf(model: Module, stored: ReadonlyMap<string, StoredTensor>): Weights {
  const tensors = model.namedState();
  const weights = new Map<Tensor, Float32Array | Float64Array>();
  for (const [name, { values }] of stored) {
    const tensor = tensors.get(name);
    if (tensor === undefined || !(values instanceof Float32Array || values instanceof Float64Array)) continue;
    weights.set(tensor, values.slice());
  }
  return weights;
}

function invalid(what: string): FileError {
  return new FileError("invalid-checkpoint", `fit: got a checkpoint with ${what}; expected one that fit wrote.`);
}
