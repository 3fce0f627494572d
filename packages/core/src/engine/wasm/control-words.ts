/**
 * The control words that the caller and its workers share, by their places.
 *
 * {@link remaining} counts the calls that nobody has claimed, and is all that workers wait for: whoever takes one from it
 * has claimed the call of that number. What was claimed is counted in {@link unfinished} until it is done, and the caller does not go on before: so what
 * it wrote about the calls stands still while anybody reads it, and a worker that wakes late finds nothing to claim.
 *
 * Constants of their own rather than fields of an object: bundlers write the numbers in their place, in the text of the workers' program too.
 */

/** Calls that nobody has claimed; -1 when workers shall end. */
export const remaining = 0;
/** Calls that are not done. */
export const unfinished = 1;
/** Workers that may claim. */
export const limit = 2;
/** Calls of the batch. */
export const total = 3;
/** Numbers of a call in the table. */
export const stride = 4;
/** Pages of memory, so that workers learn that it has grown. */
export const pages = 5;
/** 1 when a worker has failed. */
export const failed = 6;
/** Characters of its message. */
export const messageLength = 7;
/** For each worker, one of those in worker-states.ts; room for as many as threads that can be asked for. */
export const states = 8;
/** For each worker, a file descriptor that is closed when its thread ends, whatever ends it; 0 for none. */
export const descriptors = 72;
