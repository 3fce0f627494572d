import { describe, expect, it } from "vitest";
import { parseArguments, programNames } from "./arguments.ts";

const silent = { writeOut: () => undefined, writeErr: () => undefined };

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
    let said = "";
    const output = {
      ...silent,
      writeErr: (text: string) => {
        said += text;
      },
    };
    expect(() => parseArguments(argv, output)).toThrow(expect.objectContaining({ exitCode: 1 }));
    expect(said).toContain(named);
  });
});
