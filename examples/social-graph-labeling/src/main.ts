#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { VicinalError } from "@vicinal/core";
import { labelNodes, type NodeLabeling } from "@vicinal/graph";
import { CommanderError } from "commander";
import { type Arguments, KARATE_CLUB, parseArguments } from "./arguments.ts";
import { readKarateClub } from "./input/karate-club.ts";
import { knownLabel, type LabeledGraph } from "./input/labeled-graph.ts";
import { readNamedDataSet } from "./input/named-data-set.ts";
import { readGraphFile } from "./input/read-graph-file.ts";
import { predictionsCsv } from "./output/predictions-csv.ts";
import { predictionsGexf } from "./output/predictions-gexf.ts";
import { save } from "./output/save.ts";
import { pictureSvg } from "./picture/picture.ts";
import { createScene } from "./picture/scene.ts";
import { createReport } from "./report/report.ts";
import { evaluate, NOTHING_HELD_OUT } from "./result/evaluation.ts";
import { headingOf } from "./result/heading.ts";
import { mostAttended } from "./result/most-attended.ts";
import { epochInWords, type ProgressStream, showProgress } from "./terminal/progress.ts";
import { attentionInText, choicesInText, confusionInText, printable, scoresInText } from "./terminal/result-tables.ts";

/** Where the program writes: results, and apart from them progress and errors. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly progress: ProgressStream;
}

/** Reads a graph, labels its nodes, and tells and draws what came out. */
export async function labelSocialGraph(args: Arguments, { out, progress }: Streams): Promise<void> {
  const { seed = 0, out: folder, quiet } = args;
  const print = (text: string) => quiet || out.write(`${text}\n`);

  const input = await readInput(args, progress);
  const { graph } = input;
  const known = graph.filterNodes((node) => knownLabel(input, node) !== undefined).length;
  print(
    `${printable(input.title)}: ${count(graph.order, "node")}, ${count(graph.size, "edge")}, ${count(known, "known label")}.`,
  );

  const labeling = await label(input, args, progress);
  const epochs = labeling.history.length;
  const kept =
    labeling.metrics.validation === undefined ? "" : `; epoch ${labeling.bestEpoch} was the best and was kept`;
  print(`Trained for ${count(epochs, "epoch")}${kept}.\n`);

  const evaluation = evaluate(input, labeling);
  const attended = mostAttended(labeling.attention, 10);
  print(`${choicesInText(labeling.choices)}\n`);
  print(
    evaluation === undefined
      ? `${NOTHING_HELD_OUT}\n`
      : `${scoresInText(evaluation)}\n\n${confusionInText(evaluation)}\n`,
  );
  print(`${attentionInText(attended, input.nodeName)}\n`);

  const scene = createScene(input, labeling, seed);
  const heading = headingOf(input, labeling, evaluation);
  const report = await createReport({ heading, scene, labeling, evaluation, mostAttended: attended, input });
  print(heading.subtitle);
  print(`Predictions: ${await save(folder, "predictions.csv", predictionsCsv(input, labeling))}`);
  print(`Graph:       ${await save(folder, "predictions.gexf", predictionsGexf(input, labeling, scene))}`);
  print(`Report:      ${await save(folder, "report.html", report)}`);
  const picture = await save(folder, "picture.svg", pictureSvg(scene, heading));
  out.write(quiet ? `${picture}\n` : `Picture:     ${picture}\n`);
}

async function readInput(args: Arguments, progress: ProgressStream): Promise<LabeledGraph> {
  const { dataset, graph, label, quiet } = args;
  if (graph !== undefined && label !== undefined) return readGraphFile({ ...args, graph, label });
  if (dataset === KARATE_CLUB) return readKarateClub();
  const display = showProgress(progress, `Fetching ${dataset}`);
  try {
    return await readNamedDataSet(dataset, ({ received, total, file }) => {
      if (!quiet) display.update(Math.round(received / 1024), Math.round(total / 1024), `kB, ${file}`);
    });
  } finally {
    display.stop();
  }
}

async function label(input: LabeledGraph, args: Arguments, progress: ProgressStream): Promise<NodeLabeling> {
  const { title: _title, graph, nodeName: _nodeName, ...data } = input;
  const { layer, heads, hidden, epochs, seed, quiet } = args;
  const given = Object.entries({ layer, heads, hidden, epochs, seed }).filter(([, value]) => value !== undefined);
  const display = showProgress(progress, "Training");
  try {
    return await labelNodes.detailed(graph, {
      ...data,
      ...Object.fromEntries(given),
      onProgress(epoch) {
        if (!quiet) display.update(epoch.epoch, epoch.epochs, epochInWords(epoch));
      },
    });
  } finally {
    display.stop();
  }
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

/** Runs the program and gives its exit code: 0, 1 for a problem that is explained, 2 for a command line that is not understood. */
export async function main(argv: readonly string[], streams: Streams): Promise<number> {
  try {
    const args = parseArguments(argv, {
      writeOut: (text) => streams.out.write(text),
      writeErr: (text) => streams.progress.write(text),
    });
    await labelSocialGraph(args, streams);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (!(error instanceof VicinalError)) throw error;
    streams.progress.write(`${printable(error.message)}\n`);
    return 1;
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2), { out: process.stdout, progress: process.stderr });
}
