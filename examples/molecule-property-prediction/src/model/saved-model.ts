import { dirname } from "node:path";
import { FileError, type JsonValue, jsonField, readConfiguration } from "@vicinal/core";
import { readModelFile, writeFileSafely } from "@vicinal/core/node";
import { makeFolder, writing } from "@vicinal/example-terminal";
import { type GraphPredictor, loadGraphPredictor, saveGraphPredictor } from "@vicinal/graph";
import { moleculeFeatureSets } from "@vicinal/molecules";

/** A set of features of atoms and bonds. */
export type FeatureSetName = (typeof moleculeFeatureSets)[number];

/** What a trained model is for. */
export interface ModelFacts {
  readonly title: string;
  readonly targetNames: readonly string[];
  /** What the networks know of atoms and bonds. */
  readonly features: FeatureSetName;
}

/** A trained model out of a file. */
export interface SavedModel extends ModelFacts {
  readonly predictor: GraphPredictor;
}

/**
 * Writes trained networks with all that it takes to predict with them, into one file.
 *
 * @throws OutputError `not-writable`.
 */
export async function saveModel(path: string, { predictor, ...facts }: SavedModel): Promise<void> {
  const bytes = await saveGraphPredictor(predictor, { training: { ...facts } });
  await makeFolder(dirname(path));
  await writing(path, () => writeFileSafely(path, bytes));
}

/**
 * Reads what {@link saveModel} wrote. Nothing in the file is run, and everything is checked before anything is built.
 *
 * @throws FileError naming the file, with the code of what is wrong; see `loadGraphPredictor` of @vicinal/graph.
 */
export async function readModel(path: string): Promise<SavedModel> {
  const bytes = await readModelFile(path);
  try {
    const predictor = loadGraphPredictor(bytes);
    const { training } = readConfiguration(bytes);
    const title = jsonField(path, training, "title", isText, "text");
    const names = jsonField(path, training, "targetNames", isList, "a list of text");
    const features = jsonField(path, training, "features", isFeatureSet, "attentive-fp or extended");
    const targetNames = names.filter((name) => isText(name));
    if (targetNames.length === predictor.width && names.length === predictor.width) {
      return { predictor, title, targetNames, features };
    }
    throw new FileError("invalid-configuration", `it names ${names.length} targets for ${predictor.width} outputs.`);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(
      error.code,
      `${path}: this is not a model of this program: ${error.message} Train one, or name its file with --model.`,
      { cause: error },
    );
  }
}

function isText(value: JsonValue | undefined): value is string {
  return typeof value === "string";
}

function isFeatureSet(value: JsonValue | undefined): value is FeatureSetName {
  return moleculeFeatureSets.some((known) => known === value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
