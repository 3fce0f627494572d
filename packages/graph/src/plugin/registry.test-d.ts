/**
 * What must compile, and what must not: checked by `tsc -p test/tsconfig.json`, never run. Each `@ts-expect-error` is an error if the line below it
 * compiles.
 */

import {
  corePlugin,
  createRegistry,
  definePlugin,
  defineScore,
  namedNormalizer,
  namedScore,
  nameIn,
  type Random,
  type Registry,
} from "@vicinal/core";
import type { GATv2Conv } from "../layers/gatv2.ts";
import type { GraphLayer } from "../layers/graph-layer.ts";
import { namedLayer } from "../models/attention-layer-by-name.ts";
import { GAT } from "../models/gat.ts";
import { GIN } from "../models/gin.ts";
import { GPS } from "../models/gps.ts";
import { GraphNetwork } from "../models/graph-network.ts";
import { GraphTransformer } from "../models/graph-transformer.ts";
import { SumReadout } from "../readout/pool.ts";
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
  new GAT(3, 2, { random, layer: nameIn(some, "layers", "anything"), registry: some });
  // @ts-expect-error: a text that nothing says is the name of a layer
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

const own = definePlugin({
  name: "vicinal-own",
  version: "1.0.0",
  scores: {
    steep: ({ by }: { readonly by: number }) =>
      defineScore("steep", { parameters: {}, score: ({ query, key }) => query.dot(key).multiply(by) }),
  },
  layers: {
    slow: ({ slope: _, ...options }: Parameters<typeof graphPlugin.layers.gat>[0] & { readonly slope?: number }) =>
      graphPlugin.layers.gat(options),
    needy: ({ edges: _, ...options }: Parameters<typeof graphPlugin.layers.gat>[0] & { readonly edges: string }) =>
      graphPlugin.layers.gat(options),
  },
  readouts: { total: ({ inputs }: { readonly inputs: number }) => new SumReadout(inputs) },
});
const plugged = createRegistry([corePlugin, graphPlugin, own]);

export function layersOfModelsAreNamedAndTheirOptionsChecked(): void {
  new GAT(3, 2, { random, layer: "gatv2" });
  new GAT(3, 2, { random, ...namedLayer(plugged, "slow", { slope: 0.1 }) });
  new GPS(3, 2, { random, ...namedLayer(plugged, "slow") });
  new GPS(3, 2, { random, layer: "none" });
  new GraphTransformer(3, 2, { random, ...namedLayer(plugged, "needy", { edges: "km" }) });
  new GraphNetwork(3, 2, { random, layer: nameIn(plugged, "layers", "slow"), registry: plugged });
  // @ts-expect-error: no such layer is built in
  new GAT(3, 2, { random, layer: "anything" });
  // @ts-expect-error: no such layer is built in
  new GPS(3, 2, { random, layer: "gni" });
  // @ts-expect-error: no such layer is built in
  new GraphTransformer(3, 2, { random, layer: "gatv3" });
  // @ts-expect-error: no such layer is built in
  new GraphNetwork(3, 2, { random, layer: "gcn" });
  // @ts-expect-error: a name of a plug-in that nothing says its registry has
  new GAT(3, 2, { random, layer: "slow", registry: plugged });
  // @ts-expect-error: no plug-in has such a layer
  namedLayer(plugged, "slo");
  // @ts-expect-error: no such option of the layer
  namedLayer(plugged, "slow", { slop: 0.1 });
  // @ts-expect-error: the slope is a number
  namedLayer(plugged, "slow", { slope: "0.1" });
  // @ts-expect-error: the model says how many heads there are
  namedLayer(plugged, "slow", { heads: 2 });
  // @ts-expect-error: the layer needs `edges`
  namedLayer(plugged, "needy");
  // @ts-expect-error: a score, and no layer
  new GAT(3, 2, { random, layer: nameIn(plugged, "scores", "steep"), registry: plugged });
}

export function readOutsAndMechanismsAreNamedToo(): void {
  new GIN(3, 2, { random, readout: "set2set" });
  new GIN(3, 2, { random, readout: nameIn(plugged, "readouts", "total"), registry: plugged });
  // @ts-expect-error: no such read-out is built in
  new GIN(3, 2, { random, readout: "total" });
  // @ts-expect-error: no such read-out is built in
  new GraphNetwork(3, 2, { random, readout: "median" });
  // @ts-expect-error: no plug-in has such a read-out
  nameIn(plugged, "readouts", "sun");
  // @ts-expect-error: no such norm
  new GraphNetwork(3, 2, { random, norm: "group" });
  const widths = { inputs: 3, outputs: 8, random };
  plugged.layer("score", {
    ...widths,
    ...namedScore(plugged, "steep", { by: 2 }),
    ...namedNormalizer(plugged, "relu"),
  });
  plugged.layer("score", { ...widths, score: "cosine", normalizer: "softmax", normalizerOptions: { temperature: 2 } });
  // @ts-expect-error: no such score is built in
  plugged.layer("score", { ...widths, score: "dott" });
  // @ts-expect-error: no such normalizer is built in
  plugged.layer("score", { ...widths, score: "dot", normalizer: "softmaxx" });
  // @ts-expect-error: no such option of the normalizer
  plugged.layer("score", { ...widths, score: "dot", normalizer: "softmax", normalizerOptions: { temprature: 2 } });
  // @ts-expect-error: no such option of the score
  plugged.layer("score", { ...widths, score: "additive", scoreOptions: { slope: 0.1 } });
  // @ts-expect-error: the score needs `by`
  namedScore(plugged, "steep");
  // @ts-expect-error: no such option of the score
  namedScore(plugged, "steep", { by: 1, to: 2 });
  // @ts-expect-error: no plug-in has such a normalizer
  namedNormalizer(plugged, "sofmax");
}
