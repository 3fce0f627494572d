import type { KernelName } from "../kernels.ts";
import { denseAttentionProperties } from "./dense-attention-properties.ts";
import { denseProperties } from "./dense-properties.ts";
import { elementwiseProperties } from "./elementwise-properties.ts";
import { recurrentProperties } from "./recurrent-properties.ts";
import { sparseProperties } from "./sparse-properties.ts";
import type { KernelProperty } from "./trial.ts";

/** A property for every kernel, by its name. */
export const kernelProperties: { readonly [Name in KernelName]: KernelProperty } = {
  ...elementwiseProperties,
  ...denseProperties,
  ...denseAttentionProperties,
  ...recurrentProperties,
  ...sparseProperties,
};
