/** `pnpm accuracy`: trains on real data under the published protocols and prints what was reached beside what was published. */

import { resolve } from "node:path";
import { OptionError, VicinalError } from "@vicinal/core";
import { type DatasetName, datasetNames, load, loadFolder, type NodeDataset } from "@vicinal/datasets";
import type { AttentionLayerName } from "@vicinal/graph";
import { MultiBar } from "cli-progress";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type AccuracyRow, type MeasureProgress, measure, protocolFor } from "./measure.ts";
import { measureLinks } from "./measure-links.ts";
import { table } from "./table.ts";

interface Arguments {
  readonly dataset?: DatasetName;
  readonly data?: string;
  readonly task: "labels" | "links";
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
    .description(
      "Trains on real data under the published protocols and prints what was reached on the test nodes, or links.",
    )
    .addOption(new Option("--dataset <name>", "a named data set").choices(datasetNames))
    .addOption(new Option("--data <folder>", "any data set in the layout of the data collection").conflicts("dataset"))
    .addOption(
      new Option("--task <task>", "label nodes, or predict links that are held out")
        .choices(["labels", "links"])
        .default("labels"),
    )
    .option(
      "--seeds <count>",
      "runs with the seeds 0, 1, ... (default: 10 for one split, 1 for several; 3 for links)",
      wholeNumber,
    )
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

/** Runs of one kind. */
interface Measurement {
  readonly runs: number;
  measure(onProgress?: (progress: MeasureProgress) => void): Promise<AccuracyRow>;
}

async function main(args: Arguments): Promise<void> {
  const dataset = await open(args);
  const measurement = args.task === "links" ? ofLinks(dataset, args) : ofLabels(dataset, args);
  const rows = [await withProgress(dataset.name, measurement, args)];
  process.stdout.write(args.json ? `${JSON.stringify(rows, undefined, 2)}\n` : `${table(rows)}\n`);
}

function open({ dataset, data }: Arguments): Promise<NodeDataset> {
  return data === undefined ? load(dataset ?? "cora") : loadFolder(resolve(process.env["INIT_CWD"] ?? ".", data));
}

function ofLabels(dataset: NodeDataset, args: Arguments): Measurement {
  const protocol = protocolFor(dataset, args);
  const options = given({ epochs: args.epochs, layer: args.layer, model: args.model });
  return {
    runs: protocol.splits.length * protocol.seeds.length,
    measure: (onProgress) => measure(dataset, protocol, options, onProgress),
  };
}

function ofLinks(dataset: NodeDataset, { seeds = 3, epochs, layer, ...others }: Arguments): Measurement {
  for (const name of ["splits", "model"] as const) {
    if (others[name] === undefined) continue;
    throw new OptionError(
      "unused-option",
      `accuracy: got --${name} for links; expected it for labels alone. Each seed holds out links of its own.`,
    );
  }
  const numbers = Array.from({ length: seeds }, (_, seed) => seed);
  return {
    runs: seeds,
    measure: (onProgress) => measureLinks(dataset, numbers, given({ epochs, layer }), onProgress),
  };
}

/** Options without those that were not given. */
function given<Options extends object>(options: Options): { [Name in keyof Options]?: NonNullable<Options[Name]> } {
  const result: { [Name in keyof Options]?: NonNullable<Options[Name]> } = {};
  for (const name in options) {
    const value = options[name];
    if (value !== undefined && value !== null) result[name] = value;
  }
  return result;
}

async function withProgress(
  name: string,
  { runs, measure: run }: Measurement,
  { quiet }: Arguments,
): Promise<AccuracyRow> {
  if (quiet || !process.stderr.isTTY) return run();
  const bars = new MultiBar({
    format: "{name} {bar} {detail}",
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
  });
  const all = bars.create(runs, 0, { name, detail: "" });
  try {
    return await run(({ run: number, epoch, epochs: most, validationMetric }) => {
      const validation = validationMetric === undefined ? "" : `, validation ${(100 * validationMetric).toFixed(1)} %`;
      all.update(number + epoch / most, {
        name,
        detail: `run ${number + 1} of ${runs}, epoch ${epoch}${validation}`,
      });
    });
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
