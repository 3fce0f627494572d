import { refused } from "@vicinal/example-terminal/testing";
import { describe, expect, it } from "vitest";
import { parseArguments } from "./arguments.ts";

const answerTo = (...argv: string[]) => refused(parseArguments, argv);

describe("parseArguments", () => {
  it("takes the embedded list and three networks when nothing is named, and leaves the other choices open", () => {
    expect(parseArguments([])).toEqual({
      command: "train",
      dataset: "computed-logp",
      skipInvalid: false,
      features: "attentive-fp",
      ensemble: 3,
      split: "random",
      seed: 0,
      out: "output/molecule-property-prediction",
      quiet: false,
    });
  });

  it("reads molecules of the user's own, and how to learn", () => {
    const argv =
      "--csv a.csv --smiles structure --target logS,logD --name id --task classification --skip-invalid --model gatv2 --features extended --hidden 32 " +
      "--epochs 100 --ensemble 5 --split scaffold --seed 7 --quiet -o there";
    expect(parseArguments(argv.split(" "))).toMatchObject({
      command: "train",
      csv: "a.csv",
      smiles: "structure",
      target: ["logS", "logD"],
      name: "id",
      task: "multi-task",
      skipInvalid: true,
      model: "gatv2",
      features: "extended",
      hidden: 32,
      epochs: 100,
      ensemble: 5,
      split: "scaffold",
      seed: 7,
      quiet: true,
      out: "there",
    });
    expect(parseArguments(["-d", "esol"])).toMatchObject({ dataset: "esol" });
    expect(parseArguments(["--data", "folder"])).toMatchObject({ data: "folder" });
  });

  it("reads what is to be predicted", () => {
    expect(parseArguments(["predict", "CCO", "c1ccccc1", "--model", "m.safetensors"])).toEqual({
      command: "predict",
      molecules: ["CCO", "c1ccccc1"],
      model: "m.safetensors",
      skipInvalid: false,
      out: "output/molecule-property-prediction",
      quiet: false,
    });
    expect(parseArguments(["predict", "--csv", "new.csv", "--smiles", "s", "--skip-invalid", "-q"])).toMatchObject({
      command: "predict",
      molecules: [],
      csv: "new.csv",
      smiles: "s",
      skipInvalid: true,
      quiet: true,
      model: "output/molecule-property-prediction/model.safetensors",
    });
  });

  it.each([
    ["an unknown option", ["--targets", "x"], "--targets"],
    ["a stray word", ["CCO"], "too many arguments"],
    ["an unknown data set", ["--dataset", "tox"], "computed-logp"],
    ["an unknown network", ["--model", "gcn"], "attentive-fp"],
    ["an unknown split", ["--split", "time"], "scaffold"],
    ["two sources at once", ["--dataset", "esol", "--csv", "a.csv", "--target", "x"], "cannot be used with"],
    ["a table without a target", ["--csv", "a.csv"], "--target"],
    ["a target without a table", ["--target", "x"], "--csv"],
    ["an empty target", ["--csv", "a.csv", "--target", "a,,b"], "commas"],
    ["a target named twice", ["--csv", "a.csv", "--target", "a,b,a"], '"a" again'],
    ["features that do not exist", ["--features", "all"], "extended"],
    ["no networks", ["--ensemble", "0"], "at least 1"],
    ["half an epoch", ["--epochs", "0.5"], "whole number"],
    ["a negative seed", ["--seed", "-1"], "whole number"],
    ["nothing to predict", ["predict"], "--csv"],
    ["molecules beside a table", ["predict", "CCO", "--csv", "a.csv"], "not both"],
    ["a column without a table", ["predict", "CCO", "--smiles", "x"], "--csv"],
    ["an option of training", ["predict", "CCO", "--epochs", "3"], "--epochs"],
  ])("refuses %s", (_what, argv, named) => {
    const { exitCode, text } = answerTo(...argv);
    expect(exitCode).not.toBe(0);
    expect(text).toContain(named);
  });

  it("answers --help with every option and examples, as a success", () => {
    const { exitCode, text } = answerTo("--help");
    expect(exitCode).toBe(0);
    for (const name of ["--dataset", "--csv", "--target", "--skip-invalid", "predict", "Examples:"]) {
      expect(text).toContain(name);
    }
    expect(answerTo("predict", "--help")).toMatchObject({ exitCode: 0, text: expect.stringContaining("[smiles...]") });
  });
});
