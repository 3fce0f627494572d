import { Argument, Command } from "@commander-js/extra-typings";
import { type ArgumentsOutput, wholeNumberFrom } from "@vicinal/example-terminal";

/** The programs, in the order in which they are run. */
export const programNames = ["tagging", "language", "dates"] as const;
export type ProgramName = (typeof programNames)[number];

/** What the command line says. */
export interface Arguments {
  readonly programs: readonly ProgramName[];
  readonly seed: number;
  /** Undefined leaves it to each program. */
  readonly epochs?: number | undefined;
  readonly quick: boolean;
  readonly out: string;
}

const programsInWords = `
Programs:
  tagging   names the parts of postal addresses: a transformer, a label for each word
  language  tells the language of a word: a GRU whose read-out attends to letters
  dates     translates written dates to ISO 8601: two GRUs with Bahdanau attention, and a picture of it`;

/**
 * Reads a command line, without the names of the program.
 *
 * @param output Where the help text and usage errors go; standard output and standard error by default.
 * @throws CommanderError with `exitCode` 0 after `--help` was answered, and with another one for a usage error.
 */
export function parseArguments(argv: readonly string[], output: ArgumentsOutput = {}): Arguments {
  const command = new Command("sequences")
    .description("Three short programs that learn from sequences, in under a minute each.")
    .exitOverride()
    .allowExcessArguments(false)
    .addArgument(new Argument("[program]", "which one to run").choices([...programNames, "all"]).default("all"))
    .option("--seed <number>", "everything random follows from it", wholeNumberFrom(0), 0)
    .option("--epochs <count>", "passes over the examples (default: as many as the program needs)", wholeNumberFrom(1))
    .option("--quick", "learn less well in less time, to see that it runs", false)
    .option("-o, --out <folder>", "where the picture is written", "output/sequences")
    .addHelpText("after", programsInWords);
  command.configureOutput(output);
  command.parse(argv, { from: "user" });
  const [program] = command.processedArgs;
  return { ...command.opts(), programs: programNames.filter((name) => program === name || program === "all") };
}
