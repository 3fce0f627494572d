/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import { corePlugin, createRegistry, definePlugin, type Random, type Registry } from "@vicinal/core";
import type { GATv2Conv } from "../layers/gatv2.ts";
import type { GraphLayer } from "../layers/graph-layer.ts";
import { GAT } from "../models/gat.ts";
import { builtInRegistry } from "./built-in-registry.ts";
import { graphPlugin } from "./graph-plugin.ts";

declare const random: Random;

const registry = builtInRegistry();

export function layersKeepTheirTypes(): GraphLayer {
  const layer: GATv2Conv = registry.layer("gatv2", { inputs: 3, outputs: 8, heads: 8, random });
  registry.layer("score", { inputs: 3, outputs: 8, score: "dot", random });
  registry.readout("set2set", { inputs: 3, processingSteps: 2, random });
  registry.encoding("laplacian", { count: 3 });
  return layer;
}

export function optionsOfLayersAreChecked(): void {
  // @ts-expect-error: no such layer
  registry.layer("gatv3", { inputs: 3, outputs: 8, random });
  // @ts-expect-error: no such option
  registry.layer("gatv2", { inputs: 3, outputs: 8, random, head: 8 });
  // @ts-expect-error: a count is a number
  registry.layer("gatv2", { inputs: 3, outputs: 8, random, heads: "8" });
  // @ts-expect-error: `outputs` is needed
  registry.layer("gatv2", { inputs: 3, random });
  // @ts-expect-error: `random` is needed
  registry.layer("gatv2", { inputs: 3, outputs: 8 });
  // @ts-expect-error: a layer of any score needs one
  registry.layer("score", { inputs: 3, outputs: 8, random });
  // @ts-expect-error: a model, and no layer
  registry.layer("attentive-fp", { inputs: 3, outputs: 8, random });
  // @ts-expect-error: no such option of the model
  registry.model("gat", { inputs: 3, outputs: 2, random, width: 8 });
  // @ts-expect-error: a structural encoding is of a graph
  registry.encoding("degree")(3);
}

export function modelsTakeRegistriesOfAnyPlugins(): void {
  const plugin = definePlugin({ name: "vicinal-own", version: "1.0.0", layers: graphPlugin.layers });
  const some: Registry = createRegistry([corePlugin, plugin]);
  new GAT(3, 2, { random, layer: "anything", registry: some });
  new GAT(3, 2, {
    random,
    layer: ({ inputs, outputs }) => registry.layer("gat", { inputs, outputs, random }),
    registry,
  });
  // @ts-expect-error: no registry
  new GAT(3, 2, { random, registry: {} });
  // @ts-expect-error: a layer without attention
  new GAT(3, 2, { random, layer: ({ inputs, outputs }) => registry.layer("gcn", { inputs, outputs, random }) });
}
