/** `npm run bench:peers`: the same work by Vicinal and by what a user would otherwise pick, side by side. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { Command, CommanderError, Option } from "commander";
import { attentionGroup, type Shape } from "./attention/attention-group.ts";
import { type ScoreName, scoreNames } from "./attention/attention-work.ts";
import { denseGroup } from "./dense/dense-group.ts";
import { epochGroup } from "./epochs/epoch-group.ts";
import { moleculeGroup } from "./epochs/molecule-group.ts";
import { pythonWithPeers } from "./peers/python.ts";
import { list, oneOf, shape, wholeNumber } from "./read-arguments.ts";
import { type ContestRow, contest, type LeftOut } from "./run/contest.ts";
import { type Verdict, verdicts } from "./run/floors.ts";
import { machineName, thisMachine } from "./run/machine.ts";
import { type PeerGroup, type PeerName, type PeerSetting, peerNames } from "./run/peer-group.ts";
import { table, verdictTable } from "./table.ts";

const groupNames = ["attention", "epochs", "dense", "molecules"] as const;

interface Arguments {
  readonly only: readonly (typeof groupNames)[number][];
  readonly sizes: readonly number[];
  readonly score: readonly ScoreName[];
  readonly shape: readonly Shape[];
  readonly threads: readonly number[];
  readonly rounds: number;
  readonly without: readonly PeerName[];
  readonly python?: string;
  readonly json?: true;
  readonly markdown?: true;
  readonly quiet?: true;
}

/** What is printed as JSON. */
interface Report {
  readonly machine: ReturnType<typeof thisMachine>;
  readonly rows: ContestRow[];
  readonly floors: Verdict[];
  readonly leftOut: LeftOut[];
  readonly skipped: { readonly group: string; readonly reason: string }[];
}

function parse(argv: readonly string[]): { readonly args: Arguments; readonly groups: readonly PeerGroup[] } {
  const program = new Command("bench:peers")
    .description(
      "The same work by Vicinal and by what one would otherwise pick: in turn, in one run, answers compared first.",
    )
    .option("--only <groups>", groupNames.join(", "), list(oneOf(groupNames)), groupNames)
    .option("--sizes <list>", "edges of the graphs of attention", list(wholeNumber), [1_000_000])
    .option("--score <names>", `of attention: ${scoreNames.join(", ")}`, list(oneOf(scoreNames)), scoreNames)
    .addOption(
      new Option("--shape <list>", "of attention, heads x channels")
        .argParser(list(shape))
        .default(list(shape)("8x8,4x64"), "8x8,4x64"),
    )
    .option("--threads <list>", "for every program", list(wholeNumber), [1])
    .option("--rounds <count>", "rounds that count", wholeNumber, 7)
    .option("--without <names>", `peers to leave out: ${peerNames.join(", ")}`, list(oneOf(peerNames)), [])
    .option("--python <path>", "an interpreter that has PyTorch Geometric, instead of one that is installed")
    .option("--json", "print the table as JSON")
    .option("--markdown", "print the tables as Markdown, for docs/performance.md")
    .option("--quiet", "no progress bar")
    .allowExcessArguments(false)
    .exitOverride();
  const all = (options: Arguments): readonly PeerGroup[] => [
    attentionGroup({ scores: options.score, shapes: options.shape }),
    epochGroup,
    denseGroup,
    moleculeGroup,
  ];
  program.addHelpText("after", () => {
    const lines = all(program.opts<Arguments>()).map(({ name, description }) => `  ${name.padEnd(12)}${description}`);
    return `\nGroups:\n${lines.join("\n")}\n`;
  });
  const args = program.parse(argv, { from: "user" }).opts<Arguments>();
  return { args, groups: all(args).filter(({ name }) => args.only.some((wanted) => wanted === name)) };
}

function settingOf(args: Arguments): PeerSetting {
  const folder = join(import.meta.dirname, "../../../output/bench");
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let python: Promise<string> | undefined;
  return {
    sizes: args.sizes,
    wants: (peer) => !args.without.includes(peer),
    python: () => {
      python ??= args.python === undefined ? pythonWithPeers(folder, say) : Promise.resolve(args.python);
      return python;
    },
    folder,
    say,
  };
}

async function measure(groups: readonly PeerGroup[], args: Arguments): Promise<Report> {
  const setting = settingOf(args);
  await mkdir(setting.folder, { recursive: true });
  const report: Report = { machine: thisMachine(), rows: [], floors: [], leftOut: [], skipped: [] };
  const bar = new SingleBar({
    format: "{work} {bar} round {value} of {total}",
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
  });
  const isShown = !args.quiet && process.stderr.isTTY;
  for (const group of groups) {
    const pieces = await group.pieces(setting);
    if ("skipped" in pieces) {
      setting.say(`${group.name} is skipped: ${pieces.skipped}`);
      report.skipped.push({ group: group.name, reason: pieces.skipped });
      continue;
    }
    for (const { work, entries, floors, warmUp = 2 } of pieces) {
      for (const threads of args.threads) {
        if (isShown) bar.start(args.rounds + warmUp, 0, { work: `${work.name}, ${threads} threads` });
        try {
          const onRound = (round: number): void => bar.update(round);
          const { rows, leftOut } = await contest(work, entries, { threads, rounds: args.rounds, warmUp, onRound });
          report.rows.push(...rows);
          report.leftOut.push(...leftOut);
          report.floors.push(...verdicts(rows, floors));
          for (const { name, reason } of leftOut) setting.say(`${name} could not do ${work.name}: ${reason}`);
        } finally {
          bar.stop();
        }
      }
    }
  }
  return report;
}

try {
  const { args, groups } = parse(process.argv.slice(2));
  const report = await measure(groups, args);
  if (args.json) process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  else if (report.rows.length > 0) {
    const format = args.markdown ? "markdown" : "terminal";
    process.stdout.write(`${machineName(report.machine)}\n\n${table(report.rows, format)}\n`);
    if (report.floors.length > 0) process.stdout.write(`${verdictTable(report.floors, format)}\n`);
  }
} catch (error) {
  // Commander has printed its own message; --help is no error.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
