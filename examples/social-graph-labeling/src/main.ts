#!/usr/bin/env node
import { knownLabel, type LabeledGraph, predictionsCsv, predictionsGexf } from "@vicinal/example-graph-files";
import {
  choicesInText,
  counted,
  mainOf,
  type ProgressStream,
  printable,
  type Streams,
  save,
  showProgress,
  startIfMain,
} from "@vicinal/example-terminal";
import { labelNodes, type NodeLabeling } from "@vicinal/graph";
import { type Arguments, KARATE_CLUB, parseArguments } from "./arguments.ts";
import { readKarateClub } from "./input/karate-club.ts";
import { readNamedDataSet } from "./input/named-data-set.ts";
import { readGraphFile } from "./input/read-graph-file.ts";
import { lookOf } from "./picture/node-look.ts";
import { pictureSvg } from "./picture/picture.ts";
import { createScene } from "./picture/scene.ts";
import { createReport } from "./report/report.ts";
import { evaluate, NOTHING_HELD_OUT } from "./result/evaluation.ts";
import { headingOf } from "./result/heading.ts";
import { mostAttended } from "./result/most-attended.ts";
import { epochInWords } from "./terminal/epoch-in-words.ts";
import { attentionInText, confusionInText, scoresInText } from "./terminal/result-tables.ts";

/** Reads a graph, labels its nodes, and tells and draws what came out. */
export async function labelSocialGraph(args: Arguments, { out, progress }: Streams): Promise<void> {
  const { seed = 0, out: folder, quiet } = args;
  const print = (text: string) => quiet || out.write(`${text}\n`);

  const input = await readInput(args, progress);
  const { graph } = input;
  const known = graph.filterNodes((node) => knownLabel(input, node) !== undefined).length;
  print(
    `${printable(input.title)}: ${counted(graph.order, "node")}, ${counted(graph.size, "edge")}, ${counted(known, "known label")}.`,
  );

  const labeling = await label(input, args, progress);
  const epochs = labeling.history.length;
  const kept =
    labeling.metrics.validation === undefined ? "" : `; epoch ${labeling.bestEpoch} was the best and was kept`;
  print(`Trained for ${counted(epochs, "epoch")}${kept}.\n`);

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
  print(
    `Graph:       ${await save(folder, "predictions.gexf", predictionsGexf(input, labeling, lookOf(scene, labeling)))}`,
  );
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

export const main = mainOf({ parse: parseArguments, run: labelSocialGraph });

await startIfMain(import.meta.url, main);
