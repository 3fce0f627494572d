import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileError, writeSafetensors } from "@vicinal/core";
import { OutputError } from "@vicinal/example-terminal";
import { moleculeCollection } from "@vicinal/molecules";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { madeUpInput, madeUpLearned } from "../testing/made-up.ts";
import { readModel, type SavedModel, saveModel } from "./saved-model.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vicinal-molecules-"));
});
afterAll(() => rm(folder, { recursive: true }));

const { predictor } = madeUpLearned(madeUpInput()).trained;
const saved: SavedModel = { predictor, title: "Six molecules", targetNames: ["boils"], features: "attentive-fp" };

describe("a saved model", () => {
  it("answers as the one that was saved", async () => {
    const path = join(folder, "new", "model.safetensors");
    await saveModel(path, saved);
    const read = await readModel(path);
    expect(read).toMatchObject({ title: "Six molecules", targetNames: ["boils"], features: "attentive-fp" });
    const { collection } = moleculeCollection(["CCO", "C"]);
    expect(await read.predictor.detailed(collection)).toEqual(await predictor.detailed(collection));
  });

  it("is refused when it is none, is cut short, or names other targets, and the file is named", async () => {
    const path = join(folder, "model.safetensors");
    await saveModel(path, { ...saved, targetNames: ["boils", "melts"] });
    const whole = await readFile(path);
    const bad = [
      whole,
      whole.subarray(0, whole.length / 2),
      Buffer.from("no model"),
      writeSafetensors({ tensors: new Map(), metadata: { title: "other" } }),
    ];
    for (const bytes of bad) {
      await writeFile(path, bytes);
      const error = await readModel(path).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(FileError);
      expect(error).toMatchObject({ message: expect.stringContaining(path) });
    }
  });

  it("says so where it cannot be written", async () => {
    await writeFile(join(folder, "taken"), "");
    await expect(saveModel(join(folder, "taken", "model.safetensors"), saved)).rejects.toThrow(OutputError);
  });
});
