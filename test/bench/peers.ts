/** `npm run bench:peers`: the same work by Vicinal and by what a user would otherwise pick, side by side. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { Command, InvalidArgumentError } from "commander";
import { type AttentionWork, readScoreName, type ScoreName } from "./attention/attention-work.ts";
import { type AttentionContestant, type ContestRow, contest, workName } from "./attention/contest.ts";
import { buildAttention, findCompiler } from "./peers/c.ts";
import { pythonProgram, pythonWithPeers } from "./peers/python.ts";
import { table } from "./table.ts";

interface Arguments {
  readonly score: readonly ScoreName[];
  readonly shape: readonly Shape[];
  readonly nodes: number;
  readonly edges: number;
  readonly threads: readonly number[];
  readonly rounds: number;
  readonly without: readonly string[];
  readonly python?: string;
  readonly json?: true;
  readonly quiet?: true;
}

interface Shape {
  readonly heads: number;
  readonly channels: number;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number above 0.");
  return value;
}

function shapes(text: string): readonly Shape[] {
  return text.split(",").map((part) => {
    const found = /^(\d+)x(\d+)$/.exec(part.trim());
    if (found === null) throw new InvalidArgumentError("Expected shapes such as 8x8,4x64: heads x channels.");
    return { heads: Number(found[1]), channels: Number(found[2]) };
  });
}

function parse(argv: readonly string[]): Arguments {
  const list =
    <Value>(read: (text: string) => Value) =>
    (text: string) =>
      text.split(",").map((part) => read(part.trim()));
  return new Command("bench:peers")
    .description(
      "Attention over the edges of a random graph, forward and backward: by Vicinal, by PyTorch Geometric, and by C, generic and specialised.",
    )
    .option("--score <names>", "additive (GAT), late-additive (GATv2), scaled-dot", list(readScoreName), [
      "additive",
      "late-additive",
      "scaled-dot",
    ])
    .option("--shape <list>", "heads x channels", shapes, shapes("8x8,4x64"))
    .option("--nodes <count>", "nodes of the graph", wholeNumber, 20_000)
    .option("--edges <count>", "edges of the graph", wholeNumber, 1_000_000)
    .option("--threads <list>", "for every contestant", list(wholeNumber), [1])
    .option("--rounds <count>", "rounds that count, after two that do not", wholeNumber, 7)
    .option("--without <names>", "peers to leave out: pyg, pyg-compiled, c", list(String), [])
    .option("--python <path>", "an interpreter that has PyTorch Geometric, instead of one that is installed")
    .option("--json", "print the table as JSON")
    .option("--quiet", "no progress bar")
    .allowExcessArguments(false)
    .parse(argv, { from: "user" })
    .opts<Arguments>();
}

async function contestants(args: Arguments, { heads, channels }: Shape): Promise<readonly AttentionContestant[]> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const wanted = (name: string): boolean => !args.without.includes(name);
  const folder = join(import.meta.dirname, "../../../output/bench");
  await mkdir(folder, { recursive: true });
  const found: AttentionContestant[] = [
    {
      name: "Vicinal",
      command: process.execPath,
      before: [join(import.meta.dirname, "attention/vicinal.js")],
    },
  ];
  if (wanted("c")) {
    const compiler = await findCompiler();
    if (compiler === undefined) say("No C compiler was found: C is left out.");
    else {
      found.push({ name: "C", command: await buildAttention(compiler, folder, "generic"), before: [] });
      const specialised = await buildAttention(compiler, folder, { heads, channels });
      found.push({ name: "C, specialised", command: specialised, before: [] });
    }
  }
  if (wanted("pyg") || wanted("pyg-compiled")) {
    const python = args.python ?? (await pythonWithPeers(folder, say));
    const pyg = { command: python, before: [pythonProgram("pyg_attention.py")] };
    if (wanted("pyg")) found.push({ ...pyg, name: "PyTorch Geometric" });
    if (wanted("pyg-compiled")) found.push({ ...pyg, name: "PyTorch Geometric, compiled", after: ["--compile"] });
  }
  return found;
}

async function main(args: Arguments): Promise<void> {
  const rows: ContestRow[] = [];
  const warmUp = 2;
  const bar = new SingleBar({
    format: "{work} {bar} round {value} of {total}",
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
  });
  const isShown = !args.quiet && process.stderr.isTTY;
  for (const shape of args.shape) {
    const entries = await contestants(args, shape);
    for (const score of args.score) {
      const work: AttentionWork = { score, nodes: args.nodes, edges: args.edges, ...shape, seed: 1 };
      for (const threads of args.threads) {
        if (isShown) bar.start(args.rounds + warmUp, 0, { work: `${workName(work)}, ${threads} threads` });
        try {
          const options = { threads, rounds: args.rounds, warmUp, onRound: (round: number) => bar.update(round) };
          rows.push(...(await contest(work, entries, options)));
        } finally {
          bar.stop();
        }
      }
    }
  }
  process.stdout.write(args.json ? `${JSON.stringify(rows, undefined, 2)}\n` : `${table(rows)}\n`);
}

await main(parse(process.argv.slice(2)));
