import { MoleculeError } from "../errors.ts";

/** What is wrong with an input, found before it is known where the input stands. */
export class Unreadable extends Error {
  /** A code of {@link MoleculeError}. */
  readonly code: string;

  constructor(code: string, reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.code = code;
  }
}

/** The longest part of an input that a message repeats. */
const shown = 80;

/**
 * Calls `read`, and says of what it finds unreadable where it stands.
 *
 * @throws MoleculeError
 */
export function readingRow<T>(where: string, input: string, row: number | undefined, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const place = row === undefined ? where : `${where}: row ${row}`;
    const text = input.length > shown ? `${input.slice(0, shown)}…` : input;
    const fault = { input, row, reason: error.message };
    throw new MoleculeError(error.code, `${place}: cannot read ${JSON.stringify(text)}: ${error.message}`, fault, {
      cause: error.cause,
    });
  }
}
