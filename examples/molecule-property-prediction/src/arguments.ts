import { Command, Option } from "@commander-js/extra-typings";
import { type MoleculeDatasetName, moleculeDatasetNames } from "@vicinal/datasets";
import { type ArgumentsOutput, namesBetweenCommas, wholeNumberFrom } from "@vicinal/example-terminal";
import { moleculeFeatureSets } from "@vicinal/molecules";
import type { MoleculeTask } from "./input/molecule-input.ts";
import type { FeatureSetName } from "./model/saved-model.ts";

/** The molecules that are taken when nothing is named: they are embedded, so that they need no network. */
export const COMPUTED_LOGP = "computed-logp";

/** Where results are written when nothing is named. */
const FOLDER = "output/molecule-property-prediction";

/** The name of the file of a trained model, in the folder of results. */
export const MODEL_FILE = "model.safetensors";

const defaultFeatures: FeatureSetName = "attentive-fp";

/** Networks that can be named. */
const modelNames = ["attentive-fp", "gatv2", "gat", "transformer", "gin"] as const;

/** Train a model, and tell how good it is. Undefined is "not given": the choice is then left to the program or to `trainGraphPredictor`. */
export interface TrainArguments {
  readonly command: "train";
  /** A named set of molecules; unused when `data` or `csv` is given. */
  readonly dataset: typeof COMPUTED_LOGP | MoleculeDatasetName;
  /** A folder with a set of molecules. */
  readonly data?: string | undefined;
  /** The user's own table, with `target`. */
  readonly csv?: string | undefined;
  readonly smiles?: string | undefined;
  readonly target?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly task?: MoleculeTask | undefined;
  readonly skipInvalid: boolean;
  readonly model?: (typeof modelNames)[number] | undefined;
  /** What networks know of atoms and bonds. */
  readonly features: FeatureSetName;
  readonly hidden?: number | undefined;
  readonly epochs?: number | undefined;
  readonly ensemble: number;
  readonly split: "random" | "scaffold";
  readonly seed: number;
  readonly out: string;
  readonly quiet: boolean;
}

/** Ask a trained model about new molecules. */
export interface PredictArguments {
  readonly command: "predict";
  /** SMILES on the command line. */
  readonly molecules: readonly string[];
  readonly csv?: string | undefined;
  readonly smiles?: string | undefined;
  readonly name?: string | undefined;
  readonly skipInvalid: boolean;
  readonly model: string;
  readonly out: string;
  readonly quiet: boolean;
}

/** Learn to write the formula of a molecule. */
export interface FormulaArguments {
  readonly command: "formula";
  /** How many structures are made up to learn from, besides the molecules of the list. */
  readonly examples: number;
  readonly epochs: number;
  readonly seed: number;
  readonly out: string;
  readonly quiet: boolean;
}

const examples = `
Examples:
  $ npm run example:molecules
  $ npm run example:molecules -- --dataset esol
  $ npm run example:molecules -- --csv measured.csv --smiles SMILES --target logS,logD --split scaffold
  $ npm run example:molecules -- predict "CCO" "c1ccccc1O"
  $ npm run example:molecules -- predict --csv new.csv
  $ npm run example:molecules -- formula

An empty target is one that is not known: such molecules are predicted, and not learned from.`;

/**
 * Reads a command line, without the names of the program.
 *
 * @param output Where the help text and usage errors go; standard output and standard error by default.
 * @throws CommanderError with `exitCode` 0 after `--help` was answered, and with another one for a usage error.
 */
export function parseArguments(
  argv: readonly string[],
  output: ArgumentsOutput = {},
): TrainArguments | PredictArguments | FormulaArguments {
  let read: TrainArguments | PredictArguments | FormulaArguments | undefined;
  const program = new Command("molecule-property-prediction")
    .description("Learns a property of molecules from SMILES, and shows which atoms the network attended to.")
    .exitOverride()
    .configureOutput(output)
    .enablePositionalOptions()
    .allowExcessArguments(false)
    .addOption(
      new Option("-d, --dataset <name>", "molecules; all but the default are read from VICINAL_DATA or downloaded")
        .choices([COMPUTED_LOGP, ...moleculeDatasetNames])
        .default(COMPUTED_LOGP)
        .conflicts(["csv", "data"]),
    )
    .addOption(new Option("--data <folder>", "a folder with a set of molecules and its meta.json").conflicts("csv"))
    .option("-c, --csv <file>", "your own molecules: a table with a header line")
    .option("-s, --smiles <column>", "the column of --csv that holds the SMILES (default: the one that is called so)")
    .option("-t, --target <columns>", "the columns of --csv to learn: a,b,c", namesBetweenCommas)
    .option("--name <column>", "the column of --csv that holds names")
    .addOption(
      new Option("--task <kind>", "what targets are; default: yes and no if all are 0 or 1, else numbers").choices([
        "regression",
        "classification",
      ]),
    )
    .option("--skip-invalid", "leave out rows that hold no molecule, and report them", false)
    .addOption(new Option("-m, --model <name>", "the network (default: attentive-fp)").choices(modelNames))
    .addOption(
      new Option("--features <set>", "what networks know of atoms and bonds; extended adds rings and masses")
        .choices(moleculeFeatureSets)
        .default(defaultFeatures),
    )
    .option("--hidden <width>", "width of the hidden layers", wholeNumberFrom(1))
    .option("--epochs <count>", "passes over the training molecules", wholeNumberFrom(1))
    .option("--ensemble <count>", "networks, whose spread tells how sure they are", wholeNumberFrom(1), 3)
    .addOption(
      new Option("--split <kind>", "which molecules are held back for testing: any, or whole scaffolds")
        .choices(["random", "scaffold"])
        .default("random"),
    )
    .option("--seed <number>", "everything random follows from it", wholeNumberFrom(0), 0)
    .option("-o, --out <folder>", "where results are written", FOLDER)
    .option("-q, --quiet", "print nothing but the path of the report", false)
    .addHelpText("after", examples)
    .action((options) => {
      for (const name of ["smiles", "target", "name", "task"] as const) {
        if (options[name] === undefined || options.csv !== undefined) continue;
        program.error(`error: option '--${name}' belongs to '--csv': name the table too`);
      }
      if (options.csv !== undefined && options.target === undefined) {
        program.error("error: option '--csv' needs '--target': name the columns that hold what is known");
      }
      const { task, ...others } = options;
      read = { command: "train", ...others, ...(task !== undefined && { task: taskOf(task) }) };
    });
  const predict = program
    .command("predict")
    .description("Predicts new molecules with a model that was trained before.")
    .argument("[smiles...]", "molecules, in quotes")
    .option("-m, --model <file>", "the model", `${FOLDER}/${MODEL_FILE}`)
    .option("-c, --csv <file>", "a table with a header line, in place of molecules on the command line")
    .option("-s, --smiles <column>", "the column of --csv that holds the SMILES (default: the one that is called so)")
    .option("--name <column>", "the column of --csv that holds names")
    .option("--skip-invalid", "leave out what is no molecule, and report it", false)
    .option("-o, --out <folder>", "where results are written", FOLDER)
    .option("-q, --quiet", "print nothing but the path of the predictions", false)
    .action((molecules, options) => {
      for (const name of ["smiles", "name"] as const) {
        if (options[name] === undefined || options.csv !== undefined) continue;
        predict.error(`error: option '--${name}' belongs to '--csv': name the table too`);
      }
      if (molecules.length > 0 === (options.csv !== undefined)) {
        predict.error("error: expected molecules, or '--csv' with a table of them, and not both");
      }
      read = { command: "predict", molecules, ...options };
    });
  program
    .command("formula")
    .description("Learns to write the formula of a molecule from its atoms and bonds, and draws where it looked.")
    .option("--examples <count>", "structures made up to learn from", wholeNumberFrom(0), 6000)
    .option("--epochs <count>", "passes over the examples", wholeNumberFrom(1), 16)
    .option("--seed <number>", "everything random follows from it", wholeNumberFrom(0), 0)
    .option("-o, --out <folder>", "where results are written", FOLDER)
    .option("-q, --quiet", "print nothing but the path of the drawings", false)
    .action((options) => {
      read = { command: "formula", ...options };
    });
  program.parse(argv, { from: "user" });
  return read ?? program.error("error: expected a command");
}

function taskOf(kind: "regression" | "classification"): MoleculeTask {
  return kind === "regression" ? "regression" : "multi-task";
}
