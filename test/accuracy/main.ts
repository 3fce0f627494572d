/** `pnpm accuracy`: trains on real data under the published protocols and prints what was reached beside what was published. */

import { resolve } from "node:path";
import { OptionError, VicinalError } from "@vicinal/core";
import {
  type DatasetName,
  datasetNames,
  type GraphDataset,
  type GraphDatasetName,
  graphDatasetNames,
  isGraphFolder,
  isMoleculeFolder,
  load,
  loadFolder,
  loadGraphFolder,
  loadGraphs,
  loadMoleculeFolder,
  loadMolecules,
  type MoleculeDataset,
  type MoleculeDatasetName,
  moleculeDatasetNames,
  type NodeDataset,
} from "@vicinal/datasets";
import type { AttentionLayerName } from "@vicinal/graph";
import { moleculeFeatureSets } from "@vicinal/molecules";
import { MultiBar } from "cli-progress";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import type { AccuracyRow } from "./accuracy-row.ts";
import { type MeasureProgress, measure, protocolFor } from "./measure.ts";
import { type GraphRecipeName, graphRecipeNames, measureGraphs } from "./measure-graphs.ts";
import { measureLinks } from "./measure-links.ts";
import { type MoleculeModelName, measureMolecules, moleculeModelNames } from "./measure-molecules.ts";
import { measureTransfer } from "./measure-transfer.ts";
import { table } from "./table.ts";

const nodeModels = ["gat", "graph-transformer"] as const;

type AnyDatasetName = DatasetName | GraphDatasetName | MoleculeDatasetName;

interface Arguments {
  readonly dataset?: AnyDatasetName;
  readonly data?: string;
  readonly transfer?: DatasetName;
  readonly task?: "labels" | "links";
  readonly seeds?: number;
  readonly split?: "random" | "scaffold";
  readonly splits?: readonly number[] | number;
  readonly epochs?: number;
  readonly model?: (typeof nodeModels)[number] | GraphRecipeName | MoleculeModelName;
  readonly layer?: AttentionLayerName;
  readonly features?: (typeof moleculeFeatureSets)[number];
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
      "Trains on real data under the published protocols and prints what was reached on the test nodes, links, graphs or molecules.",
    )
    .addOption(
      new Option("--dataset <name>", "a named data set").choices([
        ...datasetNames,
        ...graphDatasetNames,
        ...moleculeDatasetNames,
      ]),
    )
    .addOption(new Option("--data <folder>", "any data set in the layout of the data collection").conflicts("dataset"))
    .addOption(
      new Option("--transfer <name>", "train on split 0 of the data set, test on all nodes of this one").choices(
        datasetNames,
      ),
    )
    .addOption(
      new Option(
        "--task <task>",
        "of a graph: label nodes, or predict links that are held out (default: labels)",
      ).choices(["labels", "links"]),
    )
    .option(
      "--seeds <count>",
      "runs with the seeds 0, 1, ... (default: 10 for one split, 1 for several; 3 for links; 2 for sets of small graphs, 1 for molecules)",
      wholeNumber,
    )
    .option(
      "--splits <count|list>",
      "the first so many splits, or these, as in 0,2 (default: all; the first of large graphs); of small graphs, folds",
      splitNumbers,
    )
    .addOption(
      new Option(
        "--split <kind>",
        "of molecules: drawn at random, or no scaffold in two parts (default: random)",
      ).choices(["random", "scaffold"]),
    )
    .option("--epochs <count>", "the most epochs of a run", wholeNumber)
    .addOption(
      new Option(
        "--model <model>",
        "the network; gin and gatv2 for sets of small graphs (default: both); for molecules also the baseline",
      ).choices([...new Set([...nodeModels, ...graphRecipeNames, ...moleculeModelNames])]),
    )
    .addOption(new Option("--layer <layer>", "the attention layer").choices(["gat", "gatv2", "transformer"]))
    .addOption(
      new Option("--features <set>", "of molecules: what networks know of atoms and bonds").choices(
        moleculeFeatureSets,
      ),
    )
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
  const { name, measurements } = await open(args);
  const rows: AccuracyRow[] = [];
  for (const measurement of measurements) rows.push(await withProgress(name, measurement, args));
  process.stdout.write(args.json ? `${JSON.stringify(rows, undefined, 2)}\n` : `${table(rows)}\n`);
}

/** What is to be measured on the data set that was asked for: what kind of data it is says what can be. */
async function open(args: Arguments): Promise<Measurements> {
  const { dataset = "cora" } = args;
  const folder = args.data === undefined ? undefined : resolve(process.env["INIT_CWD"] ?? ".", args.data);
  if (folder !== undefined && (await isGraphFolder(folder))) return ofGraphs(await loadGraphFolder(folder), args);
  if (folder !== undefined && (await isMoleculeFolder(folder))) {
    return ofMolecules(await loadMoleculeFolder(folder), args);
  }
  if (folder !== undefined) return ofNodes(await loadFolder(folder), args);
  if (isGraphDataset(dataset)) return ofGraphs(await loadGraphs(dataset), args);
  if (isMoleculeDataset(dataset)) return ofMolecules(await loadMolecules(dataset), args);
  return ofNodes(await load(dataset), args);
}

function isMoleculeDataset(name: AnyDatasetName): name is MoleculeDatasetName {
  return moleculeDatasetNames.some((known) => known === name);
}

function isGraphDataset(name: AnyDatasetName): name is GraphDatasetName {
  return graphDatasetNames.some((known) => known === name);
}

/** A data set with what is measured on it. */
interface Measurements {
  readonly name: string;
  readonly measurements: readonly Measurement[];
}

async function ofNodes(dataset: NodeDataset, args: Arguments): Promise<Measurements> {
  refuse(args, ["split", "features"], "for nodes of a graph", "it for molecules alone");
  const { transfer, task } = args;
  const ofOne = task === "links" ? ofLinks : ofLabels;
  const measurement = transfer === undefined ? ofOne(dataset, args) : ofTransfer(dataset, await load(transfer), args);
  return { name: dataset.name, measurements: [measurement] };
}

/** Options for labels of nodes. */
function ofNetwork(args: Arguments) {
  const model = nodeModels.find((known) => known === args.model);
  if (model === undefined) refuse(args, ["model"], "for labels of nodes", "gat or graph-transformer");
  return given({ epochs: args.epochs, layer: args.layer, model });
}

function ofTransfer(from: NodeDataset, to: NodeDataset, args: Arguments): Measurement {
  refuse(args, ["task", "splits"], "for transfer", "neither. Labels are transferred, from split 0 to all nodes");
  const { seeds = 3 } = args;
  const options = ofNetwork(args);
  return { runs: seeds, measure: (onProgress) => measureTransfer(from, to, upTo(seeds), options, onProgress) };
}

function ofLabels(dataset: NodeDataset, args: Arguments): Measurement {
  const protocol = protocolFor(dataset, args);
  const options = ofNetwork(args);
  return {
    runs: protocol.splits.length * protocol.seeds.length,
    measure: (onProgress) => measure(dataset, protocol, options, onProgress),
  };
}

function ofLinks(dataset: NodeDataset, args: Arguments): Measurement {
  refuse(args, ["splits", "model"], "for links", "it for labels alone. Each seed holds out links of its own");
  const { seeds = 3, epochs, layer } = args;
  return {
    runs: seeds,
    measure: (onProgress) => measureLinks(dataset, upTo(seeds), given({ epochs, layer }), onProgress),
  };
}

function ofGraphs(dataset: GraphDataset, args: Arguments): Measurements {
  refuse(args, ["task", "layer", "transfer", "split", "features"], "for a set of small graphs", "none");
  if (!graphRecipeNames.some((known) => known === args.model))
    refuse(args, ["model"], "for a set of small graphs", "gin or gatv2");
  const { seeds = 2, splits = dataset.splits.length, epochs } = args;
  const folds = typeof splits === "number" ? upTo(splits) : splits;
  return {
    name: dataset.name,
    measurements: graphRecipeNames
      .filter((name) => name === (args.model ?? name))
      .map((recipe) => ({
        runs: folds.length * seeds,
        measure: (onProgress) =>
          measureGraphs(dataset, { recipe, seeds: upTo(seeds), splits: folds, epochs }, onProgress),
      })),
  };
}

function ofMolecules(dataset: MoleculeDataset, args: Arguments): Measurements {
  refuse(args, ["task", "layer", "transfer"], "for molecules", "it for one large graph alone");
  const asked = moleculeModelNames.find((known) => known === args.model);
  if (asked === undefined) refuse(args, ["model"], "for molecules", moleculeModelNames.join(", "));
  if (asked === "descriptors") refuse(args, ["features"], "for the baseline", "it for networks alone");
  const { seeds = 1, splits = dataset.splits.length, epochs, features } = args;
  if (args.split === "scaffold") refuse(args, ["splits"], "for the scaffold split", "none, because there is one");
  const numbers = typeof splits === "number" ? upTo(splits) : splits;
  const chosen = args.split === "scaffold" ? "scaffold" : numbers;
  // A network beside the baseline that it has to beat.
  const models: readonly MoleculeModelName[] = asked === undefined ? ["descriptors", "attentive-fp"] : [asked];
  return {
    name: dataset.name,
    measurements: models.map((model) => ({
      runs: (chosen === "scaffold" ? 1 : numbers.length) * seeds,
      measure: (onProgress) =>
        measureMolecules(dataset, { model, seeds: upTo(seeds), splits: chosen, epochs, features }, onProgress),
    })),
  };
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, k) => k);
}

/** @throws OptionError `unused-option` if one of the arguments was given. */
function refuse(args: Arguments, names: readonly (keyof Arguments)[], where: string, expected: string): void {
  for (const name of names) {
    if (args[name] === undefined) continue;
    throw new OptionError("unused-option", `accuracy: got --${name} ${args[name]} ${where}; expected ${expected}.`);
  }
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
