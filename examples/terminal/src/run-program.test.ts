import { VicinalError } from "@vicinal/core";
import { CommanderError, InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import { namesBetweenCommas, wholeNumberFrom } from "./command-line.ts";
import { mainOf } from "./run-program.ts";
import { runInMemory } from "./testing/run-in-memory.ts";

const main = mainOf({
  parse([word, ...more], output) {
    if (word === "--help") {
      output.writeOut?.("how to use it\n");
      throw new CommanderError(0, "help", "");
    }
    if (more.length > 0) {
      output.writeErr?.("one word, please\n");
      throw new CommanderError(1, "too-many", "");
    }
    return word;
  },
  async run(word, { out }) {
    if (word === "bad") throw new VicinalError("bad-word", "got \u001b[2Jbad; expected another.");
    if (word === "unforeseen") throw new TypeError("unforeseen");
    out.write(`${word}\n`);
  },
});

describe("mainOf", () => {
  it.each([
    [["fine"], { exitCode: 0, out: "fine\n", progress: "" }],
    [["--help"], { exitCode: 0, out: "how to use it\n", progress: "" }],
    [["one", "two"], { exitCode: 2, out: "", progress: "one word, please\n" }],
    [["bad"], { exitCode: 1, out: "", progress: "got \uFFFD[2Jbad; expected another.\n" }],
  ])("answers %s", async (argv, answer) => {
    expect(await runInMemory(main, argv)).toEqual(answer);
  });

  it("lets an error through that nobody foresaw", async () => {
    await expect(runInMemory(main, ["unforeseen"])).rejects.toThrow(TypeError);
  });
});

describe("arguments", () => {
  it("reads whole numbers", () => {
    expect(["1", "007"].map(wholeNumberFrom(1))).toEqual([1, 7]);
    for (const text of ["0", "-1", "0.5", "1e3", "", " 2", "many", "99999999999999999999"]) {
      expect(() => wholeNumberFrom(1)(text)).toThrow(InvalidArgumentError);
    }
  });

  it("reads names", () => {
    expect(namesBetweenCommas("age, city")).toEqual(["age", "city"]);
    for (const list of ["age,,city", "age,city,age"]) {
      expect(() => namesBetweenCommas(list)).toThrow(InvalidArgumentError);
    }
  });
});
