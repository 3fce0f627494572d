import { refused } from "@vicinal/example-terminal/testing";
import { describe, expect, it } from "vitest";
import { parseArguments } from "./arguments.ts";

const answerTo = (...argv: string[]) => refused(parseArguments, argv);

describe("parseArguments", () => {
  it("takes the karate club when nothing is named, and leaves every choice open", () => {
    expect(parseArguments([])).toEqual({
      dataset: "karate-club",
      out: "output/social-graph-labeling",
      quiet: false,
    });
  });

  it("reads a graph of the user's own", () => {
    const argv = "--graph a.csv --nodes b.csv --label team --features age,city --weight strength --quiet -o there";
    expect(parseArguments(argv.split(" "))).toMatchObject({
      graph: "a.csv",
      nodes: "b.csv",
      label: "team",
      features: ["age", "city"],
      weight: "strength",
      quiet: true,
      out: "there",
    });
  });

  it("reads how to learn", () => {
    const argv = "-d cora --layer gatv2 --heads 4 --hidden 32 --epochs 100 --seed 0";
    expect(parseArguments(argv.split(" "))).toMatchObject({
      dataset: "cora",
      layer: "gatv2",
      heads: 4,
      hidden: 32,
      epochs: 100,
      seed: 0,
    });
  });

  it.each([
    ["an unknown option", ["--lable", "team"], "--lable"],
    ["a stray word", ["karate"], "too many arguments"],
    ["an unknown data set", ["--dataset", "facebook"], "karate-club"],
    ["an unknown layer", ["--layer", "gcn"], "gatv2"],
    ["two sources at once", ["--dataset", "cora", "--graph", "a.gexf", "--label", "x"], "cannot be used with"],
    ["a graph without a label", ["--graph", "a.gexf"], "--label"],
    ["a label without a graph", ["--label", "team"], "--graph"],
    ["features without a graph", ["--features", "age"], "--graph"],
    ["an empty feature name", ["--graph", "a.csv", "--label", "x", "--features", "age,,city"], "commas"],
    ["no heads", ["--heads", "0"], "at least 1"],
    ["half an epoch", ["--epochs", "0.5"], "whole number"],
    ["a negative seed", ["--seed", "-1"], "whole number"],
    ["a seed that no number can hold", ["--seed", "99999999999999999999"], "whole number"],
  ])("refuses %s", (_what, argv, named) => {
    const { exitCode, text } = answerTo(...argv);
    expect(exitCode).not.toBe(0);
    expect(text).toContain(named);
  });

  it("answers --help with every option and examples, as a success", () => {
    const { exitCode, text } = answerTo("--help");
    expect(exitCode).toBe(0);
    for (const name of ["--dataset", "--graph", "--label", "--features", "--out", "Examples:"]) {
      expect(text).toContain(name);
    }
  });
});
