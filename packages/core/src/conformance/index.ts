/**
 * What tests of layers, scores and engines are made of; works with any test runner.
 *
 * @packageDocumentation
 */

export {
  type ConformanceCase,
  type ConformanceOptions,
  type ConformanceProperty,
  type Draw,
  engineConformance,
  engineProperties,
} from "../engine/conformance.ts";
export { expectClose, expectSameBits, expectThat } from "./conformance-checks.ts";
export { checkGradients, type GradientCheck, unevenSum } from "./finite-differences.ts";
export { type NormalizerConformanceOptions, normalizerConformance } from "./normalizer-conformance.ts";
export { type ScoreConformanceOptions, scoreConformance } from "./score-conformance.ts";
