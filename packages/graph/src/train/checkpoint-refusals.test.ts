import {
  adam,
  createWasmEngine,
  FileError,
  Random,
  readSafetensors,
  sgd,
  type Tensor,
  type WritableTensor,
  writeSafetensors,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { beforeAll, describe, expect, it } from "vitest";
import { TrainingRun } from "../testing/training-run.ts";
import { type FitOptions, fit } from "./fit.ts";

const engine = createReferenceEngine();
let checkpoint = new Uint8Array();
beforeAll(async () => {
  const save = (bytes: Uint8Array<ArrayBuffer>): void => {
    checkpoint = bytes;
  };
  await new TrainingRun(engine).fit({ epochs: 3, checkpoint: { save } });
});

/** Resumes in a run that is in the middle of something, and tells whether that changed it. */
async function resume(bytes: Uint8Array, run = new TrainingRun(engine, 9), options: Partial<FitOptions> = {}) {
  const before = await run.everything();
  try {
    await run.fit({ epochs: 1, resume: bytes, ...options });
    return { refused: undefined, changed: undefined };
  } catch (error) {
    expect(await run.everything()).toEqual(before);
    if (error instanceof FileError) return { refused: error.code, changed: false };
    throw error;
  }
}

/** The checkpoint with tensors or metadata that are not what they were. */
function spoiled(
  spoil: (tensors: Map<string, WritableTensor>, metadata: Record<string, string>) => void,
): Uint8Array<ArrayBuffer> {
  const read = readSafetensors(checkpoint);
  const tensors = new Map<string, WritableTensor>();
  for (const [name, tensor] of read.tensors) {
    if (tensor.dtype === "F64" || tensor.dtype === "U32" || tensor.dtype === "U8") tensors.set(name, tensor);
  }
  const metadata = { ...read.metadata };
  spoil(tensors, metadata);
  return writeSafetensors({ tensors, metadata });
}

const f64 = (...values: number[]): WritableTensor => ({
  dtype: "F64",
  shape: [values.length],
  values: Float64Array.from(values),
});

type Spoil = Parameters<typeof spoiled>[0];

const training =
  (change: (settings: Record<string, unknown>) => Record<string, unknown>): Spoil =>
  (_tensors, metadata) => {
    metadata["training"] = JSON.stringify(change(JSON.parse(metadata["training"]!)));
  };

describe("training is not resumed, and nothing is changed, with", () => {
  it.each<[string, Spoil, string]>([
    ["a file that is no checkpoint", (_, metadata) => delete metadata["vicinal_checkpoint"], "not-a-checkpoint"],
    [
      "a version from the future",
      (_, metadata) => {
        metadata["vicinal_checkpoint"] = "2";
      },
      "unknown-version",
    ],
    ["no settings", (_, metadata) => delete metadata["training"], "invalid-json"],
    [
      "settings that are deep",
      (_, metadata) => {
        metadata["training"] = "[".repeat(10_000);
      },
      "too-deep",
    ],
    ["settings that are a list", training(() => Object([])), "invalid-checkpoint"],
    ["another selection", training((all) => ({ ...all, select: "loss" })), "state-differs"],
    ["a best epoch that is not there yet", training((all) => ({ ...all, bestEpoch: 4 })), "invalid-checkpoint"],
    ["a best epoch of text", training((all) => ({ ...all, bestEpoch: "1" })), "invalid-checkpoint"],
    ["a negative time", training((all) => ({ ...all, elapsedMilliseconds: -1 })), "invalid-checkpoint"],
    ["no optimizer", training(({ optimizer: _, ...all }) => all), "invalid-checkpoint"],
    ["an optimizer without settings", training((all) => ({ ...all, optimizer: {} })), "state-differs"],
    ["a tensor too many", (tensors) => tensors.set("model.extra", f64(1)), "state-differs"],
    ["a tensor of no section", (tensors) => tensors.set("extra", f64(1)), "invalid-checkpoint"],
    ["a tensor of another section", (tensors) => tensors.set("constructor.extra", f64(1)), "invalid-checkpoint"],
    ["a weight of another shape", (tensors) => tensors.set("model.input.bias", f64(1)), "state-differs"],
    ["a best weight of another shape", (tensors) => tensors.set("best.input.bias", f64(1)), "state-differs"],
    ["a moment of another shape", (tensors) => tensors.set("optimizer.0.firstMoment", f64(1)), "state-differs"],
    ["a moment too few", (tensors) => tensors.delete("optimizer.0.firstMoment"), "state-differs"],
    ["a history that is longer in one part", (tensors) => tensors.set("history.loss", f64(1)), "invalid-checkpoint"],
    ["a history without a part", (tensors) => tensors.delete("history.validated"), "invalid-checkpoint"],
    ["a part of a history too many", (tensors) => tensors.set("history.extra", f64(1, 2, 3)), "invalid-checkpoint"],
    ["no judge", (tensors) => tensors.delete("judge"), "invalid-checkpoint"],
    ["a judge from the future", (tensors) => tensors.set("judge", f64(0, 0, 0, 4, 0)), "invalid-checkpoint"],
    ["a judge of half epochs", (tensors) => tensors.set("judge", f64(0, 0, 0, 1, 0.5)), "invalid-checkpoint"],
    ["no random state", (tensors) => tensors.delete("generators"), "invalid-checkpoint"],
    [
      "a random state of zeros",
      (tensors) => tensors.set("generators", { dtype: "U32", shape: [2, 4], values: new Uint32Array(8) }),
      "invalid-checkpoint",
    ],
    [
      "one random state of two",
      (tensors) => tensors.set("generators", { dtype: "U32", shape: [4], values: Uint32Array.of(1, 2, 3, 4) }),
      "state-differs",
    ],
  ])("%s", async (_what, spoil, code) => {
    expect(await resume(spoiled(spoil))).toMatchObject({ refused: code });
  });

  it("no bytes at all", async () => {
    expect(await resume(new Uint8Array())).toMatchObject({ refused: "truncated" });
  });

  it.each<[string, (parameters: readonly Tensor[]) => TrainingRun["optimizer"]]>([
    ["another optimizer", (parameters) => sgd(parameters)],
    ["Adam instead of AdamW", (parameters) => adam(parameters, { weightDecay: 0.01 })],
    ["an optimizer of fewer parameters", (parameters) => adam(parameters.slice(1))],
  ])("%s", async (_what, make) => {
    expect(await resume(checkpoint, new TrainingRun(engine, 9, make))).toMatchObject({ refused: "state-differs" });
  });

  it("a task that draws from fewer generators", async () => {
    const { model, task, optimizer, random } = new TrainingRun(engine, 9);
    const without = { trainingLoss: task.trainingLoss.bind(task), validate: task.validate.bind(task) };
    const training = fit(model, without, { optimizer, random, resume: checkpoint });
    await expect(training).rejects.toMatchObject({ name: "FileError", code: "state-differs" });
  });
});

describe("a checkpoint", () => {
  it("that was not spoiled is taken", async () => {
    expect(await resume(spoiled(() => {}))).toMatchObject({ refused: undefined });
  });

  it("of float64 goes on in float32", async () => {
    expect(await resume(checkpoint, new TrainingRun(createWasmEngine(), 9))).toMatchObject({ refused: undefined });
  });

  it("that is damaged anywhere is taken or refused with a typed error, which changes nothing", async () => {
    const random = new Random(20261122);
    const outcomes = new Map<string, number>();
    const headerEnd = 8 + new DataView(checkpoint.buffer).getUint32(0, true);
    const run = new TrainingRun(engine, 9);
    for (let k = 0; k < 600; k++) {
      const damaged = checkpoint.slice(0, random.integer(10) === 0 ? random.integer(checkpoint.length) : undefined);
      // Damage to the header shows more than damage to numbers.
      for (let n = random.integer(3); n >= 0; n--) {
        damaged[random.integer(random.integer(4) === 0 ? damaged.length : headerEnd)] = random.integer(256);
      }
      const { refused = "taken" } = await resume(damaged, run);
      outcomes.set(refused, (outcomes.get(refused) ?? 0) + 1);
    }
    expect(outcomes.get("taken")).toBeGreaterThan(10);
    expect([...outcomes.keys()]).toEqual(expect.arrayContaining(["invalid-json", "truncated", "state-differs"]));
  });
});
