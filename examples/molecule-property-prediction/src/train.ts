import { join } from "node:path";
import {
  choicesInText,
  counted,
  type ProgressStream,
  printable,
  type Streams,
  save,
  showProgress,
} from "@vicinal/example-terminal";
import { COMPUTED_LOGP, MODEL_FILE, type TrainArguments } from "./arguments.ts";
import { readEmbeddedList } from "./input/embedded-list.ts";
import type { MoleculeInput } from "./input/molecule-input.ts";
import { readDataFolder, readNamedDataSet } from "./input/named-data-set.ts";
import { readCsv } from "./input/read-csv.ts";
import { conflictsIn, sameMolecules } from "./input/same-molecules.ts";
import { holdOut } from "./learn/hold-out.ts";
import { type Learned, learn } from "./learn/learn.ts";
import { saveModel } from "./model/saved-model.ts";
import { predictionsCsv } from "./output/predictions-csv.ts";
import { pictureSvg } from "./picture/picture.ts";
import { createReport } from "./report/report.ts";
import { extremesOf } from "./result/closeness.ts";
import { evaluate, NOTHING_HELD_OUT } from "./result/evaluation.ts";
import { headingOf } from "./result/heading.ts";
import { epochInWords } from "./terminal/epoch-in-words.ts";
import { conflictsInText, invalidInText, scoresInText } from "./terminal/result-tables.ts";

/** Epochs for the embedded list where none are asked for: enough to see what comes out, in about half a minute. */
const EPOCHS_OF_EMBEDDED_LIST = 40;

/** How many molecules are drawn of the best and of the worst predicted ones. */
const DRAWN = 8;

/** Reads molecules, trains networks on a part of them, and tells and draws how good they are on the others. */
export async function train(args: TrainArguments, { out, progress }: Streams): Promise<void> {
  const { out: folder, quiet } = args;
  const print = (text: string) => quiet || out.write(`${text}\n`);

  const input = await readInput(args, progress);
  const atoms = input.molecules.reduce((sum, molecule) => sum + molecule.atoms.length, 0);
  print(`${printable(input.title)}: ${counted(input.molecules.length, "molecule")}, ${counted(atoms, "atom")}.`);
  if (input.invalid.length > 0) print(`\n${invalidInText(input.invalid)}\n`);
  const same = sameMolecules(input.molecules);
  const conflicts = conflictsIn(input, same);
  if (conflicts.length > 0) print(`\n${conflictsInText(conflicts, input)}\n`);

  const { split, how } = holdOut(input, same, args);
  const learned = await learnShowing(input, split, args, progress);
  print(
    `Trained ${counted(learned.trained.models.length, "network")} on ${counted(split.train.length, "molecule")}. Split: ${how}\n`,
  );
  const evaluation = evaluate(input, split, learned);
  print(`${choicesInText(learned.trained.choices)}\n`);
  print(evaluation === undefined ? `${NOTHING_HELD_OUT}\n` : `${scoresInText(evaluation)}\n`);

  const heading = headingOf(input, split.train.length, evaluation);
  const extremes = extremesOf(input, split, learned, DRAWN);
  const content = { input, split, learned, heading, how, evaluation, extremes, conflicts };
  const { targetNames } = input;
  const model = join(folder, MODEL_FILE);
  const { predictor } = learned.trained;
  await saveModel(model, { predictor, title: input.title, targetNames, features: args.features });
  print(`Model:       ${model}`);
  const predictions = predictionsCsv({ ...input, answers: learned.answers, training: { input, split } });
  print(`Predictions: ${await save(folder, "predictions.csv", predictions)}`);
  print(`Picture:     ${await save(folder, "picture.svg", pictureSvg(content, extremes, heading))}`);
  const report = await save(folder, "report.html", createReport(content));
  out.write(quiet ? `${report}\n` : `Report:      ${report}\n`);
}

async function readInput(args: TrainArguments, progress: ProgressStream): Promise<MoleculeInput> {
  const { csv, target, data, dataset, quiet } = args;
  if (csv !== undefined && target !== undefined) return readCsv({ ...args, csv, target });
  if (data !== undefined) return readDataFolder(data);
  if (dataset === COMPUTED_LOGP) return readEmbeddedList();
  const display = showProgress(progress, `Fetching ${dataset}`);
  try {
    return await readNamedDataSet(dataset, ({ received, total, file }) => {
      if (!quiet) display.update(Math.round(received / 1024), Math.round(total / 1024), `kB, ${file}`);
    });
  } finally {
    display.stop();
  }
}

async function learnShowing(
  input: MoleculeInput,
  split: Parameters<typeof learn>[1],
  args: TrainArguments,
  progress: ProgressStream,
): Promise<Learned> {
  const { model, features, hidden, ensemble, seed, quiet, dataset, csv, data } = args;
  const isEmbedded = dataset === COMPUTED_LOGP && csv === undefined && data === undefined;
  const epochs = args.epochs ?? (isEmbedded ? EPOCHS_OF_EMBEDDED_LIST : undefined);
  const display = showProgress(progress, "Training");
  try {
    return await learn(input, split, { model, features, hidden, epochs, ensemble, seed }, (at) => {
      if (!quiet) display.update(at.member * at.epochs + at.epoch, at.members * at.epochs, epochInWords(at));
    });
  } finally {
    display.stop();
  }
}
