import { type FeatureMatrix, keep, SparseTensor } from "@vicinal/core";
import { featureTensor, type NodeFeatureTensor } from "@vicinal/graph";

/** Features on the engine, until nobody holds them. */
export function keptFeatures({ features }: { readonly features: FeatureMatrix }): NodeFeatureTensor {
  const x = featureTensor(features);
  return x instanceof SparseTensor ? x : keep(x);
}
