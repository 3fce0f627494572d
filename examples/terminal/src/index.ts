export { type ArgumentsOutput, namesBetweenCommas, wholeNumberFrom } from "./command-line.ts";
export { counted, percent } from "./in-words.ts";
export { printable } from "./printable.ts";
export { type ProgressDisplay, showProgress } from "./progress.ts";
export { type Main, mainOf, type Program, startIfMain } from "./run-program.ts";
export { makeFolder, OutputError, save, writing } from "./save.ts";
export type { ProgressStream, Streams } from "./streams.ts";
export { choicesInText, tableInText } from "./table.ts";
