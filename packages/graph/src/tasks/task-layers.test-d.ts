/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import type { Registry } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { embedNodes } from "./embed/embed-nodes.ts";
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

export async function aRegistryMayHaveAnyName(): Promise<void> {
  await labelNodes(graph, { layer: "egat", layerOptions: { slope: 0.1 }, registry });
  await multiLabelNodes(graph, { layer: "gat", registry });
  await predictLinks(graph, { layer: "egat", registry, features: ["age"] });
  await embedNodes(graph, { layer: "egat", registry, dimensions: 8 });
}
