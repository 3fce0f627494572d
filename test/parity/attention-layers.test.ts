import {
  backward,
  createReferenceEngine,
  createWasmEngine,
  type Engine,
  multiply,
  Random,
  SparseNeighborhood,
  sum,
  type Tensor,
  tensor,
} from "@vicinal/core";
import { type AttentionConv, GATConv, GATv2Conv, type LayerInput } from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { assign, expectClose, fromFixture, gradientOf, tolerance } from "./comparison.ts";
import { type GATOptions, type GATv2Options, type LayerCase, layerCases } from "./fixtures.ts";

/** How our parameters are called in PyTorch Geometric's files. */
type Names = Readonly<Record<string, (layer: AttentionConv) => Tensor | undefined>>;

const engines: readonly Engine[] = [createReferenceEngine(), createWasmEngine()];

function parametersOf(layer: AttentionConv): Map<string, Tensor> {
  const names: Names = {
    bias: (l) => l.bias,
    "res.weight": (l) => l.residual?.weight,
    "lin_edge.weight": (l) => l.linearEdge?.weight,
  };
  const found = new Map<string, Tensor>();
  for (const [name, get] of Object.entries(names)) {
    const parameter = get(layer);
    if (parameter !== undefined) found.set(name, parameter);
  }
  const add = (name: string, parameter: Tensor | undefined): void => {
    if (parameter !== undefined) found.set(name, parameter);
  };
  if (layer instanceof GATConv) {
    const bipartite = layer.linearTarget !== undefined;
    add(bipartite ? "lin_src.weight" : "lin.weight", layer.linear.weight);
    add("lin_dst.weight", layer.linearTarget?.weight);
    add("att_src", layer.attSource);
    add("att_dst", layer.attTarget);
    add("att_edge", layer.attEdge);
  } else if (layer instanceof GATv2Conv) {
    add("lin_l.weight", layer.linearSource.weight);
    add("lin_l.bias", layer.linearSource.bias);
    add("lin_r.weight", layer.linearTarget.weight);
    add("lin_r.bias", layer.linearTarget.bias);
    add("att", layer.att);
  }
  return found;
}

function check(layer: AttentionConv, fixture: LayerCase<GATOptions>, engine: Engine): void {
  const { graph, inputs, parameters, output, attention, upstream, gradients } = fixture;
  const close = tolerance[engine.precision];
  const ours = parametersOf(layer);
  expect([...ours.keys()].sort()).toEqual(Object.keys(parameters).sort());
  for (const [name, parameter] of ours) assign(parameter, parameters[name]!);

  const [senderCount, receiverCount] = typeof graph.nodes === "number" ? [graph.nodes, graph.nodes] : graph.nodes;
  const neighborhood = SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.from(graph.sources),
    receivers: Uint32Array.from(graph.targets),
    senderCount,
    receiverCount,
  });
  const x = fromFixture(inputs.x, engine);
  const xTarget = inputs.xTarget === null ? undefined : fromFixture(inputs.xTarget, engine);
  const edgeFeatures = inputs.edgeAttr === null ? undefined : fromFixture(inputs.edgeAttr, engine);
  const input: LayerInput = typeof graph.nodes === "number" ? x : [x, xTarget];

  const result = layer.forward(input, neighborhood, { edgeFeatures });
  expect(result.shape).toEqual(output.shape);
  expectClose("output", result.dataSync(), output.data, close.output);

  backward(sum(multiply(result, tensor(upstream.data, upstream.shape, { engine }))));
  expectClose("gradient of x", gradientOf(x), gradients.inputs.x.data, close.gradient);
  if (xTarget && gradients.inputs.xTarget) {
    expectClose("gradient of xTarget", gradientOf(xTarget), gradients.inputs.xTarget.data, close.gradient);
  }
  if (edgeFeatures && gradients.inputs.edgeAttr) {
    expectClose("gradient of edgeAttr", gradientOf(edgeFeatures), gradients.inputs.edgeAttr.data, close.gradient);
  }
  // A gradient that vanishes by cancellation, like that of att_dst where every logit is on one side of the kink, is a sum of terms as large
  // as the other gradients: float32 leaves their rounding.
  const least = 0.01 * Math.max(...Object.values(gradients.parameters).flatMap(({ data }) => data.map(Math.abs)));
  for (const [name, gradient] of Object.entries(gradients.parameters)) {
    expectClose(`gradient of ${name}`, gradientOf(ours.get(name)!), gradient.data, close.gradient, least);
  }

  const detailed = layer.detailed(input, neighborhood, { edgeFeatures });
  expectClose("output with attention", detailed.output.dataSync(), output.data, close.output);
  if (attention !== null) expectAttention(detailed.attention, attention, layer.heads, close.output);
}

/** PyTorch Geometric keeps the order of its edge list, we group by receiver: compared edge by edge, repeated edges in order. */
function expectAttention(
  ours: ReturnType<AttentionConv["detailed"]>["attention"],
  theirs: NonNullable<LayerCase<GATOptions>["attention"]>,
  heads: number,
  relative: number,
): void {
  const { neighborhood, weights } = ours;
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

function optionsOf(options: GATOptions, engine: Engine) {
  const { heads, concat, negativeSlope, addSelfLoops, edgeDim, fillValue, bias, residual } = options;
  return {
    random: new Random(1),
    engine,
    heads,
    concat,
    negativeSlope,
    addSelfLoops,
    ...(edgeDim !== null && { edgeDim }),
    fillValue,
    bias,
    residual,
  };
}

for (const engine of engines) {
  describe(`PyTorch Geometric's numbers on the ${engine.name} engine`, () => {
    describe("GATConv", () => {
      for (const fixture of layerCases.GATConv()) {
        it(fixture.name, () => {
          const { options } = fixture;
          check(new GATConv(options.inChannels, options.outChannels, optionsOf(options, engine)), fixture, engine);
        });
      }
    });

    describe("GATv2Conv", () => {
      for (const fixture of layerCases.GATv2Conv()) {
        it(fixture.name, () => {
          const options: GATv2Options = fixture.options;
          const { shareWeights } = options;
          const layer = new GATv2Conv(options.inChannels, options.outChannels, {
            ...optionsOf(options, engine),
            shareWeights,
          });
          check(layer, fixture, engine);
        });
      }
    });
  });
}
