import { VicinalError } from "@vicinal/core";

/**
 * A graph file that cannot be used.
 *
 * Codes: `unreadable-graph` (it does not hold what its ending promises), `unknown-format` (an ending that is not known),
 * `missing-file` (it is not there or may not be read: for programs
 * that read from a disk), `missing-column` (a table without the columns that make it a graph).
 */
export class GraphFileError extends VicinalError {}

/** What an error of a parser says, as one sentence on one line. */
export function reasonOf(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, " ").trim();
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
