import type { Engine } from "../engine/engine.ts";
import { checkOptionNames, DataError, FileError, PluginError } from "../errors.ts";
import { Module } from "../nn/module.ts";
import type { PluginIdentity, Registry } from "../plugin/registry.ts";
import { isVersion } from "../plugin/version-range.ts";
import { Random } from "../random.ts";
import { withinAllowance } from "../tensor/allowance.ts";
import {
  architectureJson,
  jsonObject,
  pluginsOf,
  readArchitecture,
  type SavedArchitecture,
} from "./architecture-json.ts";
import { checkJsonFields, jsonField } from "./json-fields.ts";
import { namedInList, storedState } from "./module-state.ts";
import { isJsonObject, isText, type JsonObject, type JsonValue, parseJsonBytes } from "./parse-json.ts";
import { scanSafetensors } from "./read-safetensors.ts";
import type { SafetensorsHeader } from "./safetensors-header.ts";
import { shown } from "./shown.ts";
import { loadState } from "./state-differences.ts";
import { writeSafetensors } from "./write-safetensors.ts";

/** What is written into a file of models. */
export interface ModelsToSave {
  /** What the file is for, such as `"node labeling"`: {@link readModels} is asked for the same. */
  readonly purpose: string;
  /** Models of Vicinal, or what a registry made. */
  readonly models: readonly Module[];
  /** What else a registry made and a prediction needs, such as a structural encoding, by name. Default: nothing. */
  readonly made?: Readonly<Record<string, object>>;
  /** What a prediction needs beside: columns of features, names of classes, the scale of targets. Default: nothing. */
  readonly details?: object;
  /** How it was trained, for whoever looks at the file. Default: nothing. */
  readonly training?: object;
}

/** What a file of models says of itself. */
export interface SavedConfiguration {
  /** See {@link ModelsToSave}. */
  readonly purpose: string;
  /** The plug-ins that it needs. */
  readonly plugins: readonly PluginIdentity[];
  /** How the models are made. */
  readonly models: readonly SavedArchitecture[];
  /** How the rest is made, by name. */
  readonly made: ReadonlyMap<string, SavedArchitecture>;
  /** See {@link ModelsToSave}. */
  readonly details: JsonObject;
  /** See {@link ModelsToSave}. */
  readonly training: JsonObject;
}

/** What is in a file of models. */
export interface LoadedModels extends Pick<SavedConfiguration, "details" | "training" | "plugins"> {
  /** In the order in which they were saved. */
  readonly models: readonly Module[];
  /** What else a registry made, by name. */
  readonly made: ReadonlyMap<string, object>;
}

/** Options of {@link readModels}. */
export interface ReadModelsOptions {
  /** What the file must be for. */
  readonly purpose: string;
  /** What its models are made with. */
  readonly registry: Registry;
  /** Where they are to be. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
}

/** The version of the configuration that this version writes, and the latest that it reads. */
const format = 1;
const metadataName = "vicinal";
/** Numbers in a configuration that are no sizes of tensors, such as the base of wave lengths, are allowed up to here in any file. */
const smallNumbers = 2 ** 16;
/** Bytes of memory that a configuration may take in any file. */
const smallConfiguration = 2 ** 24;

/**
 * One file, in the safetensors format, with the parameters of models and all that it takes to make them again: how each was made, by the names that
 * plug-ins have for it, and these plug-ins with their versions. What can be made of a file by code alone, such as a function, cannot be saved.
 *
 * @throws DataError `cannot-save` for a model that nothing is known of how it was made, for options, details or a summary that JSON cannot say, or for more
 * of them than files of this size are read with: 16 MiB as text, and in memory as much as the file or 16 MiB.
 */
export async function writeModels(content: ModelsToSave): Promise<Uint8Array<ArrayBuffer>> {
  checkOptionNames("writeModels", content, ["purpose", "models", "made", "details", "training"]);
  const { purpose, models, made = {}, details = {}, training = {} } = content;
  const where = "writeModels";
  const configuration = {
    format,
    purpose,
    plugins: pluginsOf(where, [...models, ...Object.values(made)]),
    models: models.map((each) => architectureJson(where, each)),
    made: Object.fromEntries(Object.entries(made).map(([name, each]) => [name, architectureJson(where, each)])),
    details: jsonObject(where, "the detail", details),
    training: jsonObject(where, "the summary's", training),
  };
  const file = writeSafetensors({
    tensors: await storedState(namedInList(models)),
    metadata: { format: "vicinal", [metadataName]: JSON.stringify(configuration) },
  });
  checkReadable(file);
  return file;
}

/** @throws DataError `cannot-save` for names and a configuration that take more bytes, or more memory, than they are given when they are read. */
function checkReadable(file: Uint8Array): void {
  try {
    readConfiguration(file);
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw new DataError(
      "cannot-save",
      `writeModels: got details or options that could not be read again. ${cause.message} Keep what is large in a file of its own.`,
      { cause },
    );
  }
}

/**
 * What a file of models says of itself, without building anything of it.
 *
 * @throws FileError as `readSafetensors`; `not-a-model` for a file without configuration, `unknown-version`, `invalid-configuration`, and what `parseJson`
 * throws.
 */
export function readConfiguration(bytes: Uint8Array): SavedConfiguration {
  return configurationOf(scanSafetensors(bytes).header, bytes.length);
}

/**
 * Reads what {@link writeModels} wrote. Everything is checked before anything is built: that the file is one, that it is for this purpose, that the
 * registry has the plug-ins in versions that read it. Any bytes may be given: the answer is right, or a typed error.
 *
 * Nothing is given memory that the file only says it needs. To look through a file takes at most as much again as the file has, and for small ones 16 MiB:
 * the header is checked where it stands, and what is built of the configuration is counted before it is built. All that is made as the configuration says has
 * no more numbers than the file, and 65,536.
 *
 * @throws FileError as {@link readConfiguration}; `other-purpose`, `too-large` for a configuration that is too large for the file, `invalid-architecture` for
 * one that nothing can be built of, with the reason as its `cause`, `state-differs` for tensors that are not those of the models; PluginError
 * `missing-plugin`, `version-out-of-range` or `unknown-name`; OptionError `unknown-option`.
 */
export function readModels(bytes: Uint8Array, options: ReadModelsOptions): LoadedModels {
  checkOptionNames("readModels", options, ["purpose", "registry", "engine"]);
  const { purpose, registry, engine } = options;
  const { tensors, header } = scanSafetensors(bytes);
  const { plugins, models, made, details, training, ...found } = configurationOf(header, bytes.length);
  if (found.purpose !== purpose) {
    throw new FileError(
      "other-purpose",
      `readModels: got a file for ${shown(found.purpose)}; expected one for ${shown(purpose)}. Load it with the function for it.`,
    );
  }
  for (const plugin of plugins) registry.checkSavedWith(plugin);
  for (const { kind, name } of [...models, ...made.values()]) checkName(registry, kind, name);
  const { numbers } = header;
  return withinAllowance(numbers + smallNumbers, () => {
    const built = models.map((architecture) => {
      checkNumbers(architecture.options, Math.max(smallNumbers, numbers));
      const model = build(registry, architecture, engine);
      if (!(model instanceof Module)) throw invalid(architecture, new Error("it is no module"));
      return model;
    });
    loadState("readModels", namedInList(built), tensors);
    const others = [...made].map(([name, architecture]) => {
      checkNumbers(architecture.options, smallNumbers);
      return [name, build(registry, architecture, engine)] as const;
    });
    return { models: built, made: new Map(others), details, training, plugins };
  });
}

function checkName(registry: Registry, kind: SavedArchitecture["kind"], name: string): void {
  if (registry.has(kind, name)) return;
  throw new PluginError(
    "unknown-name",
    `readModels: the file needs ${kind}[${shown(name)}], which no plug-in of the registry has; expected one that has it.`,
  );
}

function build(registry: Registry, architecture: SavedArchitecture, engine: Engine | undefined): object {
  const { kind, name, options } = architecture;
  try {
    return registry.make(kind, name, kind === "encodings" ? options : { ...options, random: new Random(0), engine });
  } catch (cause) {
    if (cause instanceof FileError || cause instanceof PluginError) throw cause;
    throw invalid(architecture, cause);
  }
}

function invalid({ kind, name }: SavedArchitecture, cause: unknown): FileError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new FileError(
    "invalid-architecture",
    `readModels: cannot make ${kind}[${shown(name)}] as the file says: ${reason.slice(0, 300)}`,
    { cause },
  );
}

/**
 * No size can be larger than what is stored for all models.
 *
 * @throws FileError `too-large`.
 */
function checkNumbers(value: JsonValue, most: number, name = ""): void {
  if (typeof value === "number") {
    if (Math.abs(value) <= most || name === "seed") return;
    throw new FileError(
      "too-large",
      `readModels: got ${value} for ${shown(name)} in the configuration of a model; expected at most ${most}, which is what the file has room for.`,
    );
  }
  if (typeof value !== "object" || value === null) return;
  for (const [field, each] of Object.entries(value)) checkNumbers(each, most, field);
}

function configurationOf(header: SafetensorsHeader, fileBytes: number): SavedConfiguration {
  const text = header.metadatum(metadataName);
  if (text === undefined) {
    throw new FileError(
      "not-a-model",
      "readModels: got a safetensors file without a configuration of Vicinal; expected one that was saved as a whole. Load its tensors by loadModuleState.",
    );
  }
  const where = "readModels: the configuration";
  // The header as it was taken down and this text take as much as the header's bytes; the rest of what the file has is left for what is built.
  const memory = Math.max(smallConfiguration, fileBytes - header.bytes);
  const value = parseJsonBytes(where, text, { values: Number.POSITIVE_INFINITY, memory });
  if (!isJsonObject(value)) throw new FileError("invalid-configuration", `${where}: got no object; expected one.`);
  const version = jsonField(where, value, "format", isNumber, "a number");
  if (version !== format) {
    throw new FileError(
      "unknown-version",
      `${where}: got the format ${version}; expected ${format}. ${version > format ? "The file was written by a later version: update." : "No version wrote such a file."}`,
    );
  }
  checkJsonFields(where, value, ["format", "purpose", "plugins", "models", "made", "details", "training"]);
  const made = jsonField(where, value, "made", isJsonObject, "an object");
  return {
    purpose: jsonField(where, value, "purpose", isText, "text"),
    plugins: jsonField(where, value, "plugins", isList, "a list").map((each) => pluginOf(where, each)),
    models: jsonField(where, value, "models", isList, "a list").map((each, k) =>
      readArchitecture(`${where}: model ${k}`, each),
    ),
    made: new Map(
      Object.entries(made).map(([name, each]) => [name, readArchitecture(`${where}: ${shown(name)}`, each)]),
    ),
    details: jsonField(where, value, "details", isJsonObject, "an object"),
    training: jsonField(where, value, "training", isJsonObject, "an object"),
  };
}

function pluginOf(where: string, value: JsonValue): PluginIdentity {
  if (!isJsonObject(value)) throw new FileError("invalid-configuration", `${where}: got no object for a plug-in.`);
  checkJsonFields(`${where}: a plug-in`, value, ["name", "version", "install"]);
  const name = jsonField(where, value, "name", isText, "the name of a plug-in");
  const version = jsonField(where, value, "version", isVersionText, "a version");
  const install = jsonField(where, value, "install", isText, "text");
  // Texts from a stranger, which errors show: quoted and cut.
  return { name: shown(name).slice(1, -1), version, install: shown(install) };
}

function isVersionText(value: JsonValue | undefined): value is string {
  return isText(value) && value.length <= 100 && isVersion(value);
}

function isNumber(value: JsonValue | undefined): value is number {
  return typeof value === "number";
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
