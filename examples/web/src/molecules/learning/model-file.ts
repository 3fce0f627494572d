import { FileError, type JsonObject, type JsonValue, readConfiguration } from "@vicinal/core";
import { type GraphPredictor, loadGraphPredictor, saveGraphPredictor } from "@vicinal/graph";
import { atomFeatureColumns, bondFeatureColumns, type MoleculeFeatures, moleculeFeatureSets } from "@vicinal/molecules";
import { problem } from "../page-problem.ts";
import type { LearnedTask, ModelFacts } from "../protocol.ts";

/** A trained model with all that it takes to predict molecules. */
export interface MoleculeModel {
  readonly predictor: GraphPredictor;
  readonly facts: ModelFacts;
  /** What it reads of atoms and bonds. */
  readonly features: MoleculeFeatures;
}

/** One safetensors file with the networks and what they answer. The title and the targets stand in it as the molecules example writes them. */
export function writeModelFile({
  predictor,
  facts,
}: Omit<MoleculeModel, "features">): Promise<Uint8Array<ArrayBuffer>> {
  const { title, targetNames, unit, origin } = facts;
  return saveGraphPredictor(predictor, { training: { title, targetNames, unit, origin } });
}

/**
 * Reads what {@link writeModelFile} wrote, or any predictor of molecules that `saveGraphPredictor` did. Nothing in the file is run, and everything is checked
 * before anything is built.
 *
 * @throws PageProblem for a file that holds something else.
 */
export function readModelFile(name: string, bytes: Uint8Array): MoleculeModel {
  let predictor: GraphPredictor;
  let training: JsonObject;
  try {
    predictor = loadGraphPredictor(bytes);
    ({ training } = readConfiguration(bytes));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw problem(`${name} is no model of molecules that can be used: ${error.message}`);
  }
  const { task, width, widths } = predictor;
  if (!isLearned(task)) {
    throw problem(`${name} tells classes apart; expected a model that answers with numbers, or with yes and no.`);
  }
  const features = moleculeFeatureSets.find(
    (set) => atomFeatureColumns(set).length === widths.inputs && bondFeatureColumns(set).length === widths.edgeDim,
  );
  if (features === undefined) {
    throw problem(
      `${name} reads ${widths.inputs} features of a node and ${widths.edgeDim ?? "none"} of an edge; expected those of atoms and bonds that ` +
        "@vicinal/molecules makes. It was trained on other graphs.",
    );
  }
  const names = namesOf(training["targetNames"]);
  return {
    predictor,
    features,
    facts: {
      title: textOf(training["title"]) ?? name,
      task,
      targetNames: names?.length === width ? names : Array.from({ length: width }, (_, k) => `target ${k + 1}`),
      unit: textOf(training["unit"]) ?? "",
      origin: training["origin"] === "computed" ? "computed" : "measured",
    },
  };
}

/** The longest text of a file that is shown. */
const longestText = 120;

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.slice(0, longestText) : undefined;
}

function namesOf(value: JsonValue | undefined): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.map((each: JsonValue) => textOf(each)).filter((each) => each !== undefined);
  return names.length === value.length ? names : undefined;
}

function isLearned(task: string): task is LearnedTask {
  return task === "regression" || task === "multi-task";
}
