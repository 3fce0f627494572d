import type { ProgressStream } from "./progress.ts";

/** Where the program writes: results, and apart from them progress and errors. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly progress: ProgressStream;
}
