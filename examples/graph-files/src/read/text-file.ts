import { GraphFileError } from "./graph-file-error.ts";

/** A file that somebody gave: from a disk, from a drop onto a page, from a request. */
export interface TextFile {
  /** Its name or path: the ending says what it holds, and messages call it so. */
  readonly name: string;
  /** What it holds; bytes are read as UTF-8. */
  readonly content: string | Uint8Array;
}

/**
 * The text of a file.
 *
 * @throws GraphFileError `unreadable-graph` for bytes that are not UTF-8: read as anything else, two names could become one.
 */
export function textOf({ name, content }: TextFile): string {
  if (typeof content === "string") return content;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (error) {
    throw new GraphFileError(
      "unreadable-graph",
      `${name}: this is not text in UTF-8, which is expected of a graph file. Save it as UTF-8 and try again.`,
      { cause: error },
    );
  }
}
