/** `npm run bench`: our kernels, scores and epochs, and how they grow. */

import { SingleBar } from "cli-progress";
import { Command, CommanderError, Option } from "commander";
import type { Shape } from "./attention/attention-group.ts";
import { denseBenchGroup } from "./dense/dense-bench-group.ts";
import { growthGroup } from "./growth/growth-group.ts";
import { type BenchGroup, type BenchSetting, isReached, type Measured } from "./ours/bench-group.ts";
import { compileGroup } from "./ours/compile-group.ts";
import { ownEpochGroup } from "./ours/epoch-group.ts";
import { kernelGroup } from "./ours/kernel-group.ts";
import { pluginGroup } from "./ours/plugin-group.ts";
import { scoreGroup } from "./ours/score-group.ts";
import { list, oneOf, shape, wholeNumber } from "./read-arguments.ts";
import { machineName, thisMachine } from "./run/machine.ts";
import { boundTable, rowTable } from "./table.ts";

const groups: readonly BenchGroup[] = [
  kernelGroup,
  denseBenchGroup,
  scoreGroup,
  pluginGroup,
  compileGroup,
  growthGroup,
  ownEpochGroup,
];
const groupNames = groups.map(({ name }) => name);

interface Arguments {
  readonly only: readonly string[];
  readonly filter?: string;
  readonly sizes: readonly number[];
  readonly shape: readonly Shape[];
  readonly threads: readonly number[];
  readonly rounds: number;
  readonly json?: true;
  readonly markdown?: true;
  readonly quiet?: true;
}

function parse(argv: readonly string[]): Arguments {
  return new Command("bench")
    .description("Our kernels, scores and epochs: medians of rounds in which all counts of threads take turns.")
    .option("--only <groups>", groupNames.join(", "), list(oneOf(groupNames)), groupNames)
    .option("--filter <text>", 'only work whose name has this in it, its group before it: "scores late-additive"')
    .option(
      "--sizes <list>",
      "edges of the graphs of kernels and scores",
      list(wholeNumber),
      [10_000, 100_000, 1_000_000],
    )
    .addOption(
      new Option("--shape <list>", "heads x channels of attention")
        .argParser(list(shape))
        .default(list(shape)("8x8"), "8x8"),
    )
    .option("--threads <list>", "the first is what the others are compared with", list(wholeNumber), [1, 2])
    .option("--rounds <count>", "rounds that count", wholeNumber, 7)
    .option("--json", "print the tables as JSON")
    .option("--markdown", "print the tables as Markdown, for docs/performance.md")
    .option("--quiet", "no progress bar")
    .allowExcessArguments(false)
    .exitOverride()
    .addHelpText(
      "after",
      `\nGroups:\n${groups.map(({ name, description }) => `  ${name.padEnd(9)}${description}`).join("\n")}\n`,
    )
    .parse(argv, { from: "user" })
    .opts<Arguments>();
}

/** A group with what it found. */
type Found = Measured & { readonly group: string };

async function measure(args: Arguments): Promise<readonly Found[]> {
  const { only, filter = "", quiet, ...rest } = args;
  const found: Found[] = [];
  const wanted = groups.filter(({ name }) => only.includes(name));
  const bar = new SingleBar({
    format: "{bar} group {value} of {total}: {work}",
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
  });
  const isShown = !quiet && process.stderr.isTTY;
  if (isShown) bar.start(wanted.length, 0, { work: "" });
  try {
    for (const [k, group] of wanted.entries()) {
      const setting: BenchSetting = {
        ...rest,
        shapes: args.shape,
        wants: (name) => name.includes(filter),
        onWork: (work) => {
          bar.update(k, { work });
          // What is measured never waits, so the bar cannot draw itself.
          if (isShown) bar.render();
        },
      };
      const measured = await group.measure(setting);
      if ("skipped" in measured) process.stderr.write(`${group.name} is skipped: ${measured.skipped}\n`);
      else found.push({ group: group.name, ...measured });
    }
    return found;
  } finally {
    bar.stop();
  }
}

try {
  const args = parse(process.argv.slice(2));
  const found = await measure(args);
  const bounds = found.flatMap((each) => each.bounds.map((bound) => ({ ...bound, isReached: isReached(bound) })));
  const machine = thisMachine();
  if (args.json) {
    const tables = found.map(({ group, rows }) => ({ group, rows }));
    process.stdout.write(`${JSON.stringify({ machine, tables, bounds }, undefined, 2)}\n`);
  } else {
    const format = args.markdown ? "markdown" : "terminal";
    const filled = found.filter(({ rows }) => rows.length > 0);
    const parts = filled.map(({ group, rows }) => `${group}\n\n${rowTable(rows, format)}`);
    if (bounds.length > 0) parts.push(boundTable(bounds, format));
    process.stdout.write(`${[machineName(machine), ...parts].join("\n\n")}\n`);
  }
} catch (error) {
  // Commander has printed its own message; --help is no error.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
