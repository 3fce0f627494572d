/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import { corePlugin, createRegistry, definePlugin, nameIn, type Registry } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { namedLayer } from "../models/attention-layer-by-name.ts";
import { graphPlugin } from "../plugin/graph-plugin.ts";
import { embedNodes } from "./embed/embed-nodes.ts";
import { predictGraphs } from "./graphs/predict-graphs.ts";
import { labelNodes } from "./label-nodes.ts";
import type { LinkData } from "./links/link-parts.ts";
import { trainLinkPredictor } from "./links/link-predictor.ts";
import { predictLinks } from "./links/predict-links.ts";
import { multiLabelNodes } from "./multi-label-nodes.ts";

declare const graph: AbstractGraph;
declare const registry: Registry;
declare const links: LinkData;

export async function namesOfLayersAreChecked(): Promise<void> {
  await labelNodes(graph, { layer: "gatv2" });
  await predictLinks(graph, { layer: "transformer" });
  // @ts-expect-error: no such layer
  await labelNodes(graph, { layer: "gta" });
  // @ts-expect-error: no such layer
  await labelNodes.detailed(graph, { layer: "gta" });
  // @ts-expect-error: no such layer
  await labelNodes.assign(graph, { layer: "gta", nodeLabelAttribute: "team" });
  // @ts-expect-error: no such layer
  await multiLabelNodes(graph, { layer: "gat2" });
  // @ts-expect-error: no such layer
  await predictLinks(graph, { layer: "graph-transformer" });
  // @ts-expect-error: no such layer
  await predictLinks.assign(graph, { layer: "egat", addEdges: true });
  // @ts-expect-error: no such layer
  await embedNodes(graph, { layer: "GAT" });
  // @ts-expect-error: no such layer
  await trainLinkPredictor(links, { layer: "egat" });
  // @ts-expect-error: options of a layer that no plug-in has
  await labelNodes(graph, { layer: "gat", layerOptions: { slope: 0.1 } });
  // @ts-expect-error: no such option
  await labelNodes(graph, { layers: 2, head: 8 });
  // @ts-expect-error: a count is a number
  await predictLinks(graph, { heads: "8" });
}

const own = definePlugin({
  name: "vicinal-own",
  version: "1.0.0",
  layers: {
    egat: ({ slope: _, ...options }: Parameters<typeof graphPlugin.layers.gat>[0] & { readonly slope?: number }) =>
      graphPlugin.layers.gat(options),
  },
});
const plugged = createRegistry([corePlugin, graphPlugin, own]);

export async function layersOfPluginsAndTheirOptionsAreChecked(): Promise<void> {
  await labelNodes(graph, { ...namedLayer(plugged, "egat", { slope: 0.1 }), epochs: 3 });
  await multiLabelNodes(graph, { layer: "gat", registry: plugged });
  await predictLinks(graph, { ...namedLayer(plugged, "egat"), features: ["age"] });
  await embedNodes(graph, { layer: nameIn(plugged, "layers", "egat"), registry: plugged, dimensions: 8 });
  await predictGraphs([], { model: nameIn(plugged, "layers", "egat"), registry: plugged });
  // @ts-expect-error: no plug-in has such a layer
  await labelNodes(graph, { ...namedLayer(plugged, "egta") });
  // @ts-expect-error: no such option of the layer
  await labelNodes(graph, { ...namedLayer(plugged, "egat", { slop: 0.1 }) });
  // @ts-expect-error: the slope is a number
  await predictLinks(graph, { ...namedLayer(plugged, "egat", { slope: "steep" }) });
  // @ts-expect-error: a text that nothing says is the name of a layer
  await labelNodes(graph, { layer: "egat", registry: plugged });
  // @ts-expect-error: no such network
  await predictGraphs([], { model: "gta" });
  // @ts-expect-error: a text that nothing says is the name of a layer
  await predictGraphs([], { model: "egat", registry: plugged });
  // @ts-expect-error: a name without a registry that has it
  await embedNodes(graph, { layer: nameIn(plugged, "layers", "egat") });
}

export async function namesOfOtherRegistriesAreKnownAtRunTime(): Promise<void> {
  await labelNodes(graph, { layer: nameIn(registry, "layers", "anything"), layerOptions: { slope: 0.1 }, registry });
}
