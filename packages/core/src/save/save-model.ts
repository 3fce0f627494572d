import type { Engine } from "../engine/engine.ts";
import { checkOptionNames, FileError } from "../errors.ts";
import type { Module } from "../nn/module.ts";
import type { Registry } from "../plugin/registry.ts";
import type { JsonObject } from "./parse-json.ts";
import { readModels, writeModels } from "./saved-models.ts";

/** Options of {@link saveModel}. */
export interface SaveModelOptions {
  /** What a prediction needs beside the model, as plain data, such as columns of features or names of classes. Default: nothing. */
  readonly details?: object;
  /** How the model was trained, as plain data, for whoever looks at the file. Default: nothing. */
  readonly training?: object;
}

/** What {@link loadModel} gives. */
export interface LoadedModel {
  /** The model, with its parameters. */
  readonly model: Module;
  /** What it was saved with. */
  readonly details: JsonObject;
  /** How it was trained. */
  readonly training: JsonObject;
}

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** What the model is made with: it must have the plug-ins that it was made of. */
  readonly registry: Registry;
  /** Where it is to be. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
}

const purpose = "model";

/**
 * One file, in the safetensors format, from which {@link loadModel} makes the same model again: its parameters, how it was made, and the plug-ins that it
 * was made of.
 *
 * ```ts
 * const model = registry.model("gat", { inputs: 16, outputs: 3, hidden: 32, random });
 * const bytes = await saveModel(model, { details: { classes: ["a", "b", "c"] } });
 * ```
 *
 * @param model A model of Vicinal, or anything that a registry made and whose options JSON can say.
 * @throws DataError `cannot-save`; OptionError `unknown-option`.
 */
export async function saveModel(model: Module, options: SaveModelOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  checkOptionNames("saveModel", options, ["details", "training"]);
  return writeModels({ purpose, models: [model], ...options });
}

/**
 * The model of a file that {@link saveModel} wrote. Any bytes may be given: everything is checked before anything is built.
 *
 * @throws As {@link readModels}; FileError `invalid-configuration` for a file of several models.
 */
export function loadModel(bytes: Uint8Array, options: LoadModelOptions): LoadedModel {
  checkOptionNames("loadModel", options, ["registry", "engine"]);
  const { models, details, training } = readModels(bytes, { purpose, ...options });
  const [model] = models;
  if (model !== undefined && models.length === 1) return { model, details, training };
  throw new FileError("invalid-configuration", `loadModel: got a file of ${models.length} models; expected one.`);
}
