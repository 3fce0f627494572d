/**
 * The root of every error that Vicinal throws on purpose. `code` is stable and meant for programs; `message` says what was
 * got, what was expected and what to do.
 */
export class VicinalError extends Error {
  /** A stable name of the problem, in kebab-case, such as `"unknown-option"`. */
  readonly code: string;
  /** What `name` of an error of the class is. Written out: a minifier shortens names of classes. */
  static override readonly name: string = "VicinalError";

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** Two shapes that do not fit each other, or a shape that an operation cannot take. */
export class ShapeError extends VicinalError {
  static override readonly name: string = "ShapeError";
}

/** An option with an unknown name or an impossible value. */
export class OptionError extends VicinalError {
  static override readonly name: string = "OptionError";
}

/** Values that cannot be computed with: NaN or infinite features, an edge that points nowhere, rows of different lengths. */
export class DataError extends VicinalError {
  static override readonly name: string = "DataError";
}

/** An engine that cannot do what was asked: out of memory, a buffer of another engine, no WebAssembly SIMD. */
export class EngineError extends VicinalError {
  static override readonly name: string = "EngineError";
}

/** A tensor that was used after its scope had ended, or a `backward()` that cannot run. */
export class TensorError extends VicinalError {
  static override readonly name: string = "TensorError";
}

/** A file that cannot be read or written: truncated, hostile, of another format or version, or with the state of another model. */
export class FileError extends VicinalError {
  static override readonly name: string = "FileError";
}

/** A plug-in that cannot be used: a wrong field, a name that another one has, or one that is missing. Names the plug-in and its field. */
export class PluginError extends VicinalError {
  static override readonly name: string = "PluginError";
}

/**
 * Refuses option names that nobody reads: a misspelt option that is silently ignored costs its user hours.
 *
 * @throws OptionError `unknown-option` naming the option, where it was given, and what is known there.
 */
export function checkOptionNames(where: string, options: object | undefined, known: readonly string[]): void {
  for (const name of Object.keys(options ?? {})) {
    if (known.includes(name)) continue;
    throw new OptionError(
      "unknown-option",
      `${where}: got the unknown option "${name}"; expected ${oneOf(known)}. Correct the name or leave it out.`,
    );
  }
}

/** What a name may be, for a message. */
export function oneOf(names: readonly string[]): string {
  return `one of ${names.map((name) => `"${name}"`).join(", ")}`;
}
