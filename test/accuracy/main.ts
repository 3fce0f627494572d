/** `pnpm accuracy`: trains on real data under the published protocols and prints what was reached beside what was published. */

import { resolve } from "node:path";
import { VicinalError } from "@vicinal/core";
import { type DatasetName, datasetNames, load, loadFolder, type NodeDataset } from "@vicinal/datasets";
import type { AttentionLayerName } from "@vicinal/graph";
import { MultiBar } from "cli-progress";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type AccuracyRow, measure, type Protocol, protocolFor } from "./measure.ts";
import { table } from "./table.ts";

interface Arguments {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly seeds?: number;
  readonly splits?: readonly number[] | number;
  readonly epochs?: number;
  readonly model?: "gat" | "graph-transformer";
  readonly layer?: AttentionLayerName;
  readonly json?: true;
  readonly quiet?: true;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number above 0.");
  return value;
}

function splitNumbers(text: string): readonly number[] | number {
  // A lone 0 can only be meant as the first split.
  if (!text.includes(",") && text !== "0") return wholeNumber(text);
  return text.split(",").map((part) => {
    const value = Number(part);
    if (part.trim() === "" || !Number.isInteger(value) || value < 0) {
      throw new InvalidArgumentError("Expected split numbers from 0, such as 0,2,3.");
    }
    return value;
  });
}

function parse(argv: readonly string[]): Arguments {
  const program = new Command("accuracy")
    .description("Trains on real data under the published protocols and prints the accuracy on the test nodes.")
    .addOption(new Option("--dataset <name>", "a named data set").choices(datasetNames))
    .addOption(new Option("--data <folder>", "any data set in the layout of the data collection").conflicts("dataset"))
    .option("--seeds <count>", "runs with the seeds 0, 1, ... (default: 10 for one split, 1 for several)", wholeNumber)
    .option(
      "--splits <count|list>",
      "the first so many splits, or these, as in 0,2 (default: all; the first of large graphs)",
      splitNumbers,
    )
    .option("--epochs <count>", "the most epochs of a run", wholeNumber)
    .addOption(new Option("--model <model>", "the network").choices(["gat", "graph-transformer"]))
    .addOption(new Option("--layer <layer>", "the attention layer").choices(["gat", "gatv2", "transformer"]))
    .option("--json", "print the table as JSON")
    .option("--quiet", "no progress bar")
    .allowExcessArguments(false)
    .exitOverride()
    .parse(argv, { from: "user" });
  return program.opts<Arguments>();
}

async function main(args: Arguments): Promise<void> {
  const dataset = await open(args);
  const protocol = protocolFor(dataset, args);
  const rows = await withProgress(dataset, protocol, args);
  process.stdout.write(args.json ? `${JSON.stringify(rows, undefined, 2)}\n` : `${table(rows)}\n`);
}

function open({ dataset, data }: Arguments): Promise<NodeDataset> {
  return data === undefined ? load(dataset ?? "cora") : loadFolder(resolve(process.env["INIT_CWD"] ?? ".", data));
}

async function withProgress(
  dataset: NodeDataset,
  protocol: Protocol,
  { quiet, epochs, layer, model }: Arguments,
): Promise<AccuracyRow[]> {
  const runs = protocol.splits.length * protocol.seeds.length;
  const options = {
    ...(epochs !== undefined && { epochs }),
    ...(layer !== undefined && { layer }),
    ...(model !== undefined && { model }),
  };
  if (quiet || !process.stderr.isTTY) return [await measure(dataset, protocol, options)];
  const bars = new MultiBar({
    format: "{name} {bar} {detail}",
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
  });
  const all = bars.create(runs, 0, { name: dataset.name, detail: "" });
  try {
    return [
      await measure(dataset, protocol, options, ({ run, epoch, epochs: most, validationMetric }) => {
        const validation =
          validationMetric === undefined ? "" : `, validation ${(100 * validationMetric).toFixed(1)} %`;
        all.update(run + epoch / most, {
          name: dataset.name,
          detail: `run ${run + 1} of ${runs}, epoch ${epoch}${validation}`,
        });
      }),
    ];
  } finally {
    bars.stop();
  }
}

try {
  await main(parse(process.argv.slice(2)));
} catch (error) {
  // Commander has printed its own message; --help is no error.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof VicinalError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
