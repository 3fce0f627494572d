import {
  adam,
  affine,
  createWasmEngine,
  Module,
  parameter,
  readSafetensors,
  sgd,
  square,
  sum,
  type Tensor,
} from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import { describe, expect, it } from "vitest";
import { TrainingRun } from "../testing/training-run.ts";
import { type FitOptions, type FitResult, fit } from "./fit.ts";
import type { Progress } from "./history.ts";

const [reference, wasm] = [createReferenceEngine(), createWasmEngine()];

/** What a run did, but for the time that it took. */
const told = ({ history, bestEpoch }: FitResult) => ({
  bestEpoch,
  history: history.map(({ milliseconds: _, ...record }) => record),
});

type Options = Omit<FitOptions, "optimizer" | "random">;
const settings: Options = { epochs: 24, patience: 9, schedule: (epoch) => 0.03 / Math.sqrt(epoch) };

/** A run that a signal stops in the middle of the epoch after this one, and the last checkpoint that it left. */
async function stopped(run: TrainingRun, epoch: number, options: Options): Promise<Uint8Array | undefined> {
  let last: Uint8Array | undefined;
  const controller = new AbortController();
  const reason = new Error("the power is out");
  const { optimizer } = run;
  const makeStep = optimizer.step.bind(optimizer);
  let steps = 0;
  optimizer.step = () => {
    makeStep();
    if (++steps === epoch * run.task.stepsPerEpoch + 2) controller.abort(reason);
  };
  const save = (bytes: Uint8Array): void => {
    last = bytes;
  };
  const training = run.fit({
    ...options,
    signal: controller.signal,
    checkpoint: { every: 1, ...options.checkpoint, save },
  });
  await expect(training).rejects.toBe(reason);
  return last;
}

for (const engine of [reference, wasm]) {
  const optimizers: readonly (readonly [string, (parameters: readonly Tensor[]) => ReturnType<typeof sgd>])[] = [
    ["Adam", (parameters) => adam(parameters)],
    ["SGD with momentum", (parameters) => sgd(parameters, { momentum: 0.9 })],
  ];
  describe.each(optimizers)(
    `a run with %s on the ${engine.name} engine that was stopped and resumed`,
    (_name, make) => {
      it.each([1, 2, 4, 7, 12])("after epoch %i ends with the same bits as one that was not", async (epoch) => {
        const whole = new TrainingRun(engine, 1, make);
        const expected = await whole.fit(settings);
        const bytes = await stopped(new TrainingRun(engine, 1, make), epoch, settings);
        const resumed = new TrainingRun(engine, 50, make);
        const got = await resumed.fit({ ...settings, resume: bytes });
        expect(told(got)).toEqual(told(expected));
        expect(await resumed.everything()).toEqual(await whole.everything());
      });
    },
  );
}

describe("a run that was stopped and resumed", () => {
  it("is one whose best epoch was before the stop, and that ended early", async () => {
    const { bestEpoch, history } = await new TrainingRun(wasm).fit(settings);
    expect(bestEpoch).toBeGreaterThan(1);
    expect(bestEpoch).toBeLessThan(13);
    expect(history.length).toBeGreaterThan(13);
    expect(history.length).toBeLessThan(24);
  });

  it("has the weights of the best epoch, which may be before the stop", async () => {
    const whole = new TrainingRun(wasm);
    const { bestEpoch, history } = await whole.fit(settings);
    const bytes = await stopped(new TrainingRun(wasm), history.length - 1, settings);
    expect(bestEpoch).toBeLessThan(history.length - 1);
    const resumed = new TrainingRun(wasm, 50);
    expect((await resumed.fit({ ...settings, resume: bytes })).bestEpoch).toBe(bestEpoch);
    expect(resumed.weights).toEqual(whole.weights);
  });

  it("may be stopped and resumed again, epochs after the last checkpoint being done again", async () => {
    const whole = new TrainingRun(wasm);
    const expected = await whole.fit(settings);
    const every3: Options = { ...settings, checkpoint: { every: 3, save: () => {} } };
    const first = await stopped(new TrainingRun(wasm), 5, every3);
    const second = await stopped(new TrainingRun(wasm, 50), 6, { ...every3, resume: first });
    const resumed = new TrainingRun(wasm, 60);
    const seen: Progress[] = [];
    const got = await resumed.fit({ ...settings, resume: second, onProgress: (progress) => seen.push(progress) });
    // Stopped in 5, resumed from 3, stopped six epochs later, resumed from 9.
    expect(seen[0]?.epoch).toBe(10);
    expect(told(got)).toEqual(told(expected));
    expect(await resumed.everything()).toEqual(await whole.everything());
  });

  it("may go on for more epochs than it was to have", async () => {
    const [whole, short, resumed] = [new TrainingRun(wasm), new TrainingRun(wasm), new TrainingRun(wasm, 50)];
    const expected = await whole.fit({ epochs: 8 });
    let last: Uint8Array | undefined;
    const keep = (bytes: Uint8Array): void => {
      last = bytes;
    };
    await short.fit({ epochs: 5, checkpoint: { every: 100, save: keep } });
    expect(told(await resumed.fit({ epochs: 8, resume: last }))).toEqual(told(expected));
    expect(await resumed.everything()).toEqual(await whole.everything());
  });

  it("is over at once where it had come to its end", async () => {
    const whole = new TrainingRun(wasm);
    let last: Uint8Array | undefined;
    const save = (bytes: Uint8Array): void => {
      last = bytes;
    };
    const expected = await whole.fit({ ...settings, checkpoint: { save } });
    const resumed = new TrainingRun(wasm, 50);
    expect(await resumed.fit({ ...settings, resume: last })).toEqual(expected);
    expect(resumed.weights).toEqual(whole.weights);
  });

  it("does not care what becomes of the bytes", async () => {
    const whole = new TrainingRun(wasm);
    await whole.fit(settings);
    const bytes = await stopped(new TrainingRun(wasm), 12, settings);
    const resumed = new TrainingRun(wasm, 50);
    const training = resumed.fit({ ...settings, resume: bytes });
    bytes?.fill(255);
    await training;
    expect(resumed.weights).toEqual(whole.weights);
  });

  it("counts its time on", async () => {
    const bytes = await stopped(new TrainingRun(wasm), 4, settings);
    const seen: Progress[] = [];
    const { history } = await new TrainingRun(wasm, 50).fit({
      ...settings,
      resume: bytes,
      onProgress: (progress) => seen.push(progress),
    });
    const before = history.slice(0, 4).reduce((total, { milliseconds }) => total + milliseconds, 0);
    expect(seen[0]!.elapsedMilliseconds).toBeGreaterThanOrEqual(before + seen[0]!.milliseconds);
  });
});

/** Two numbers, of which the second takes part in the loss in the first two epochs only. */
class Pair extends Module {
  readonly always = parameter([3], [1], { engine: reference });
  readonly first = parameter([5], [1], { engine: reference });
}

it("a parameter that had gradients goes on with its momentum, without new ones", async () => {
  const run = (options: Partial<FitOptions>) => {
    const model = new Pair();
    let epoch = options.resume === undefined ? 0 : 3;
    const task = {
      trainingLoss: () => sum(square(affine(++epoch <= 2 ? model.first : model.always, 1, -1))),
      validate: () => undefined,
    };
    const optimizer = adam(model.parameters(), { learningRate: 0.1 });
    return fit(model, task, { optimizer, epochs: 8, ...options }).then(() => model);
  };
  const saved: Uint8Array[] = [];
  const whole = await run({ checkpoint: { save: (bytes) => void saved.push(bytes) } });
  const resumed = await run({ resume: saved[2] });
  expect([resumed.always.item(), resumed.first.item()]).toEqual([whole.always.item(), whole.first.item()]);
});

describe("checkpoints", () => {
  it("come after every so many epochs, and after the last", async () => {
    const epochs: number[] = [];
    const save = (bytes: Uint8Array): void => {
      epochs.push(readSafetensors(bytes).tensors.get("history.loss")!.values.length);
    };
    await new TrainingRun(wasm).fit({ epochs: 7, checkpoint: { every: 3, save } });
    expect(epochs).toEqual([3, 6, 7]);
    epochs.length = 0;
    await new TrainingRun(wasm).fit({ epochs: 3, checkpoint: { save } });
    expect(epochs).toEqual([1, 2, 3]);
  });

  it("are waited for, and end training if they cannot be kept", async () => {
    const events: string[] = [];
    const save = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      events.push("saved");
    };
    const onProgress = ({ epoch }: Progress): void => {
      events.push(`epoch ${epoch}`);
    };
    await new TrainingRun(wasm).fit({ epochs: 2, checkpoint: { save }, onProgress });
    expect(events).toEqual(["epoch 1", "saved", "epoch 2", "saved"]);
    const full = new Error("no space left");
    const failing = { save: () => Promise.reject(full) };
    await expect(new TrainingRun(wasm).fit({ epochs: 9, checkpoint: failing })).rejects.toBe(full);
  });

  it("change nothing of what is learned", async () => {
    const [without, withThem] = [new TrainingRun(wasm), new TrainingRun(wasm)];
    const expected = told(await without.fit(settings));
    expect(told(await withThem.fit({ ...settings, checkpoint: { save: () => {} } }))).toEqual(expected);
    expect(await withThem.everything()).toEqual(await without.everything());
  });

  it("are one safetensors file, with weights by the names that they have in the model", async () => {
    let last = new Uint8Array();
    const save = (bytes: Uint8Array<ArrayBuffer>): void => {
      last = bytes;
    };
    await new TrainingRun(wasm).fit({ epochs: 3, checkpoint: { save } });
    const { tensors, metadata } = readSafetensors(last);
    expect(metadata["vicinal_checkpoint"]).toBe("1");
    const names = [...tensors.keys()];
    expect(names.filter((name) => name.startsWith("model.")).sort()).toEqual(
      [
        ...["input.weight", "input.bias", "middle.0.weight", "middle.0.bias", "output.weight", "output.bias"],
        ...["norm.weight", "norm.bias", "norm.runningMean", "norm.runningVariance"],
      ]
        .map((name) => `model.${name}`)
        .sort(),
    );
    expect(new Set(names.map((name) => name.split(".")[0]))).toEqual(
      new Set(["model", "best", "optimizer", "history", "judge", "generators"]),
    );
  });

  it("keep what is not finite", async () => {
    const losses = [Number.NaN, Number.POSITIVE_INFINITY, 1, undefined];
    const run = async (options: Partial<FitOptions>) => {
      const model = new Pair();
      let validated = options.resume === undefined ? 0 : 2;
      const task = {
        trainingLoss: () => sum(square(model.always)),
        validate: () => {
          const loss = losses[validated++];
          return loss === undefined ? undefined : { loss, metric: -loss };
        },
      };
      return fit(model, task, { optimizer: adam(model.parameters()), epochs: 4, select: "loss", ...options });
    };
    const saved: Uint8Array[] = [];
    const expected = await run({ checkpoint: { save: (bytes) => void saved.push(bytes) } });
    expect(told(await run({ resume: saved[1] }))).toEqual(told(expected));
    expect(expected.history.map(({ validationLoss }) => validationLoss)).toEqual(losses);
  });
});

describe("fit refuses", () => {
  it.each<[string, object, string]>([
    ["a checkpoint every 0 epochs", { checkpoint: { every: 0, save: () => {} } }, "out-of-range"],
    ["a checkpoint every half epoch", { checkpoint: { every: 0.5, save: () => {} } }, "out-of-range"],
    ["an unknown option of checkpoints", { checkpoint: { path: "model", save: () => {} } }, "unknown-option"],
  ])("%s", async (_what, options, code) => {
    await expect(new TrainingRun(wasm).fit({ epochs: 1, ...options })).rejects.toMatchObject({
      name: "OptionError",
      code,
    });
  });
});
