/**
 * What tests of layers are made of; works with any test runner.
 *
 * @packageDocumentation
 */

export {
  type LayerConformanceCase,
  type LayerConformanceOptions,
  type LayerReads,
  layerConformance,
  type MadeLayer,
} from "./layer-conformance.ts";
