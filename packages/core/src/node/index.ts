/**
 * Model files in Node: the only entry of this package that needs Node, so that nothing for browsers does.
 *
 * @packageDocumentation
 */

export { readModelFile } from "./read-model-file.ts";
export { writeFileSafely } from "./write-file-safely.ts";
