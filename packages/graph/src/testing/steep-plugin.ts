import { corePlugin, createRegistry, definePlugin } from "@vicinal/core";
import { GATv2Conv, type GATv2ConvOptions } from "../layers/gatv2.ts";
import { graphPlugin } from "../plugin/graph-plugin.ts";

/** A plug-in with a layer, `steep`: GATv2Conv with its slope as an option of its own, which there is no default for. */
export const steepPlugin = definePlugin({
  name: "vicinal-steep",
  version: "1.0.0",
  install: "npm install vicinal-steep --save-exact",
  layers: {
    steep: ({
      inputs,
      outputs,
      slope,
      ...rest
    }: { inputs: number; outputs: number; slope: number } & GATv2ConvOptions) => {
      const { heads = 1, concat = true } = rest;
      return new GATv2Conv(inputs, concat ? outputs / heads : outputs, { ...rest, negativeSlope: slope });
    },
  },
});

/** What is built in, and {@link steepPlugin}. */
export const steepRegistry = createRegistry([corePlugin, graphPlugin, steepPlugin]);
