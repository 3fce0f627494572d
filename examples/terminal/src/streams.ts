/** Where progress is shown: standard error, so that results on standard output stay clean. */
export interface ProgressStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** Where a program writes: results, and apart from them progress and errors. */
export interface Streams {
  readonly out: NodeJS.WritableStream;
  readonly progress: ProgressStream;
}
