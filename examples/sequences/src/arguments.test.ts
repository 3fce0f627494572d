import { refused } from "@vicinal/example-terminal/testing";
import { describe, expect, it } from "vitest";
import { parseArguments, programNames } from "./arguments.ts";

describe("the command line", () => {
  it("runs every program when none is named", () => {
    const all = { programs: programNames, seed: 0, quick: false, out: "output/sequences" };
    expect(parseArguments([])).toEqual(all);
    expect(parseArguments(["all"])).toEqual(all);
  });

  it.each(programNames)("runs %s alone when it is named", (name) => {
    expect(parseArguments([name, "--seed", "7", "--epochs", "2", "--quick", "--out", "x"])).toEqual({
      programs: [name],
      seed: 7,
      epochs: 2,
      quick: true,
      out: "x",
    });
  });

  it.each([
    [["poems"], "poems"],
    [["dates", "tagging"], "too many arguments"],
    [["--seed", "-1"], "--seed"],
    [["--seed", "1.5"], "--seed"],
    [["--epochs", "0"], "--epochs"],
    [["--epoch", "3"], "--epoch"],
  ])("refuses %s", (argv, named) => {
    expect(refused(parseArguments, argv)).toEqual({ exitCode: 1, text: expect.stringContaining(named) });
  });
});
