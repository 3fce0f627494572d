import { type Engine, SparseNeighborhood, type Tensor } from "@vicinal/core";
import type { AttentionLayer, GraphLayer, LayerAttention, LayerInput } from "@vicinal/graph";
import { expect } from "vitest";
import { expectClose, expectOutputAndGradients, fromFixture, tolerance } from "./comparison.ts";
import type { FixtureAttention, FixtureGraph, LayerCase } from "./fixtures.ts";
import { StateDict } from "./state-dict.ts";

/** A layer with the parameters of a file in it. */
export interface LoadedLayer<Layer extends GraphLayer> {
  readonly layer: Layer;
  readonly dict: StateDict;
}

/** Writes the parameters of a case into a layer. `unread` are the keys that ours has no parameter for. */
export function loaded<Layer extends GraphLayer>(
  layer: Layer,
  fixture: ConstructorParameters<typeof StateDict>[0],
  write: (layer: Layer, dict: StateDict) => void,
  unread: readonly string[] = [],
): LoadedLayer<Layer> {
  const dict = new StateDict(fixture);
  write(layer, dict);
  expect(dict.unread, "keys that no parameter of ours was written from").toEqual(unread);
  const written = new Set(dict.leaves.map(([, leaf]) => leaf));
  expect(layer.parameters().filter((parameter) => !written.has(parameter))).toEqual([]);
  return { layer, dict };
}

/** Holds when the layer gives the output, the attention if it has any, and the gradients of the file. */
export function expectLayer<Options>(
  { layer, dict }: LoadedLayer<GraphLayer | AttentionLayer>,
  fixture: LayerCase<Options>,
  engine: Engine,
): void {
  const { graph, inputs, output, attention, upstream, gradients } = fixture;
  const leafOf = (input: Parameters<typeof fromFixture>[0] | null): Tensor | undefined =>
    input === null ? undefined : fromFixture(input, engine);
  const x = fromFixture(inputs.x, engine);
  const xTarget = leafOf(inputs.xTarget);
  const context = {
    edgeFeatures: leafOf(inputs.edgeAttr),
    edgeWeights: leafOf(inputs.edgeWeight),
    initial: leafOf(inputs.x0),
  };
  const neighborhood = neighborhoodOf(graph);
  const input: LayerInput = typeof graph.nodes === "number" ? x : [x, xTarget];
  const leaves = [
    ["x", x, gradients.inputs.x],
    ["xTarget", xTarget, gradients.inputs.xTarget],
    ["edgeAttr", context.edgeFeatures, gradients.inputs.edgeAttr],
    ["edgeWeight", context.edgeWeights, gradients.inputs.edgeWeight],
    ["x0", context.initial, gradients.inputs.x0],
    ...dict.leaves,
  ] as const;
  const result = layer.forward(input, neighborhood, context);
  expectOutputAndGradients(result, { output, upstream }, leaves, Math.max(dict.least, Number.EPSILON));

  if (!("detailed" in layer)) return;
  const detailed = layer.detailed(input, neighborhood, context);
  const relative = tolerance[engine.precision].output;
  expectClose("output with attention", detailed.output.dataSync(), output.data, relative);
  if (attention !== null) expectAttention(detailed.attention, attention, relative);
}

/** The edges of a file. */
export function neighborhoodOf({ nodes, sources, targets }: FixtureGraph): SparseNeighborhood {
  const [senderCount, receiverCount] = typeof nodes === "number" ? [nodes, nodes] : nodes;
  const [senders, receivers] = [Uint32Array.from(sources), Uint32Array.from(targets)];
  return SparseNeighborhood.fromEdgeList({ senders, receivers, senderCount, receiverCount });
}

/** PyTorch Geometric keeps the order of its edge list, we group by receiver: compared edge by edge, repeated edges in order. */
function expectAttention(ours: LayerAttention, theirs: FixtureAttention, relative: number): void {
  const { neighborhood, weights } = ours;
  const [, heads = 1] = weights.shape;
  const values = weights.dataSync();
  const queues = new Map<string, number[]>();
  for (let p = 0; p < neighborhood.edges; p++) {
    const key = `${neighborhood.senderOf[p]} ${neighborhood.receiverOf[p]}`;
    queues.set(key, [...(queues.get(key) ?? []), p]);
  }
  const aligned = theirs.sources.flatMap((source, e) => {
    const p = queues.get(`${source} ${theirs.targets[e]}`)?.shift();
    expect(p, `edge ${source} to ${theirs.targets[e]}`).toBeDefined();
    return Array.from(values.slice(p! * heads, (p! + 1) * heads));
  });
  expect(neighborhood.edges).toBe(theirs.sources.length);
  expectClose("attention", aligned, theirs.weights.data, relative);
}
