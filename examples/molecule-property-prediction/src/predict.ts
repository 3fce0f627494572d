import { section } from "@vicinal/example-report";
import { counted, printable, type Streams, save } from "@vicinal/example-terminal";
import { moleculeCollection } from "@vicinal/molecules";
import { h } from "hastscript";
import type { PredictArguments } from "./arguments.ts";
import type { NamedMolecules } from "./input/molecule-input.ts";
import { readMolecules, shortened } from "./input/read-molecules.ts";
import { fieldsOf, nameColumn, readTableFile, smilesColumn } from "./input/read-table.ts";
import { readModel } from "./model/saved-model.ts";
import { predictionsCsv } from "./output/predictions-csv.ts";
import { moleculeCards } from "./report/molecule-cards.ts";
import { page } from "./report/page.ts";
import { predictionInWords } from "./result/in-words.ts";
import { invalidInText, predictionsInText } from "./terminal/result-tables.ts";

/** The most molecules that are listed on the terminal. */
const LISTED = 20;
/** The most molecules that are drawn. */
const DRAWN = 200;

/** Asks a saved model about new molecules. */
export async function predict(args: PredictArguments, { out }: Streams): Promise<void> {
  const { out: folder, quiet } = args;
  const print = (text: string) => quiet || out.write(`${text}\n`);
  const { predictor, title, targetNames, features } = await readModel(args.model);
  const task = predictor.task === "regression" ? "regression" : "multi-task";
  const named = await readNew(args);
  const answers = await predictor.detailed(moleculeCollection(named.molecules, { features }).collection);

  print(`${printable(title)}: ${counted(predictor.models.length, "network")} from ${args.model}.\n`);
  if (named.invalid.length > 0) print(`${invalidInText(named.invalid)}\n`);
  const rows = named.names.slice(0, LISTED).map((name, molecule) => [
    shortened(name, 40),
    ...targetNames.map((_, target) => {
      const place = molecule * targetNames.length + target;
      return predictionInWords(task, answers.values[place]!, answers.uncertainty?.[place]);
    }),
  ]);
  print(predictionsInText(["molecule", ...targetNames], rows));
  if (named.names.length > LISTED) print(`  … ${named.names.length - LISTED} more, in the file.`);
  const drawn = Array.from(named.molecules.keys()).slice(0, DRAWN);
  const note =
    answers.attention === undefined
      ? ""
      : " Orange discs mark atoms that the networks attended to more than an equal share, blue ones less.";
  const html = page({ title, subtitle: `Predictions for ${named.names.length} new molecules.` }, [
    section(
      "Molecules",
      h("p.note", `± is the standard deviation between the networks.${note}`),
      moleculeCards({ named, task, targetNames, answers }, drawn),
    ),
  ]);
  print(`\nDrawings:    ${await save(folder, "new-molecules.html", html)}`);
  const path = await save(folder, "new-predictions.csv", predictionsCsv({ ...named, targetNames, answers }));
  out.write(quiet ? `${path}\n` : `Predictions: ${path}\n`);
}

async function readNew({ molecules, csv, smiles, name, skipInvalid }: PredictArguments): Promise<NamedMolecules> {
  if (csv === undefined) return readMolecules("the command line", molecules, [], skipInvalid);
  const table = await readTableFile(csv);
  const column = fieldsOf(table, smilesColumn(table, smiles));
  return readMolecules(csv, column, fieldsOf(table, nameColumn(table, name)), skipInvalid);
}
