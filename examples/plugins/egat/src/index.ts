import { definePlugin, OptionError } from "@vicinal/core";
import type { ModelLayerOptions } from "@vicinal/graph";
import { EGATConv, type EGATConvOptions } from "./egat-conv.ts";

export { EGATConv, type EGATConvOptions } from "./egat-conv.ts";

/** Options of the layer `egat`: those that models ask for, and its own. */
type Options = Pick<ModelLayerOptions, "inputs" | "outputs"> & EGATConvOptions;

/** Graph attention with edge features, as the layer `egat`. */
export const egatPlugin = definePlugin({
  name: "@vicinal/example-plugin-egat",
  version: "0.1.0",
  needs: { "@vicinal/core": "^0.1.0", "@vicinal/graph": "^0.1.0" },
  layers: {
    egat: ({ inputs, outputs, ...options }: Options) => {
      const { heads = 1, concat = true } = options;
      if (concat && outputs % heads !== 0) {
        throw new OptionError(
          "heads-do-not-divide",
          `egat: got outputs ${outputs} and heads ${heads}; expected a multiple of heads.`,
        );
      }
      return new EGATConv(inputs, concat ? outputs / heads : outputs, options);
    },
  },
});
