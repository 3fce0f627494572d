/**
 * The reference engine: every kernel in float64, in plain TypeScript that is checked by eye. It is slow, and what every other engine is compared
 * with; an entry of its own, so that no program downloads it that does not ask for it.
 *
 * @packageDocumentation
 */

export { createReferenceEngine, referenceEngine } from "./reference.ts";
