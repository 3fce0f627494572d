/**
 * What tests of layers, scores and engines are made of; works with any test runner.
 *
 * @packageDocumentation
 */

export { checkGradients, type GradientCheck, unevenSum } from "./finite-differences.ts";
