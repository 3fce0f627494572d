import { createWasmEngine, type Engine, Random, SparseNeighborhood } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import {
  BasisRelationWeights,
  BatchNorm,
  BlockRelationWeights,
  FullRelationWeights,
  GATConv,
  GPSConv,
  type GraphTypes,
  HANConv,
  HGTConv,
  RGATConv,
  TypedNeighborhood,
} from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { orderedTypes } from "../../packages/graph/src/hetero/relation.ts";
import {
  assign,
  type Compared,
  type ComparedLeaf,
  expectClose,
  expectOutputAndGradients,
  expectResultsAndGradients,
  fromFixture,
  tolerance,
} from "./comparison.ts";
import type { FixtureTensor } from "./fixture-format.ts";
import { type GPSCase, type HANCase, type HGTCase, heteroCases, type RelationalCase } from "./hetero-fixtures.ts";
import { StateDict } from "./state-dict.ts";

const engines: readonly Engine[] = [createReferenceEngine(), createWasmEngine()];

/** The edges of a case among nodes that are both senders and receivers. */
function neighborhoodOf(graph: {
  readonly nodes: number;
  readonly sources: readonly number[];
  readonly targets: readonly number[];
}): SparseNeighborhood {
  return SparseNeighborhood.fromEdgeList({
    senders: Uint32Array.from(graph.sources),
    receivers: Uint32Array.from(graph.targets),
    senderCount: graph.nodes,
    receiverCount: graph.nodes,
  });
}

function optional<Name extends string, Value>(name: Name, value: Value | null): { readonly [N in Name]?: Value } {
  const entries: { [N in Name]?: Value } = {};
  if (value !== null) entries[name] = value;
  return entries;
}

/** Least magnitude that gradients are compared with: see StateDict. */
function leastOf(dict: StateDict): number {
  return Math.max(dict.least, Number.EPSILON);
}

function checkRelational(fixture: RelationalCase, engine: Engine): void {
  const { options, graph, inputs, gradients } = fixture;
  const { inChannels, outChannels, numRelations, numBases, numBlocks, mod, edgeDim, ...same } = options;
  const layer = new RGATConv(inChannels, outChannels, numRelations, {
    random: new Random(1),
    engine,
    ...same,
    ...optional("numBases", numBases),
    ...optional("numBlocks", numBlocks),
    ...optional("mod", mod),
    ...optional("edgeDim", edgeDim),
  });
  const dict = new StateDict(fixture);
  const { weight } = layer;
  if (weight instanceof BasisRelationWeights) {
    dict.write(weight.att, "att");
    dict.write(weight.basis, "basis");
  } else if (weight instanceof FullRelationWeights) {
    for (const [r, matrix] of weight.matrices.entries()) dict.write(matrix, "weight", r, numRelations);
  } else if (weight instanceof BlockRelationWeights) {
    for (const [r, blocks] of weight.blocks.entries()) dict.write(blocks, "weight", r, numRelations);
  }
  dict.write(layer.query, "q");
  dict.write(layer.key, "k");
  dict.write(layer.linearEdge?.weight, "lin_edge.weight");
  dict.write(layer.edge, "e");
  dict.write(layer.bias, "bias");
  dict.write(layer.sumScale, "w");
  for (const [k, key] of ["l1", "b1", "l2", "b2"].entries()) dict.write(layer.degreeScale?.[k], key);
  // PyTorch Geometric makes the parameters of every `mod`, and ours those of the one in use.
  const unused = dict.unread.filter((key) => !["w", "l1", "b1", "l2", "b2"].includes(key));
  expect(unused).toEqual([]);
  expect(layer.parameters()).toHaveLength(dict.leaves.length);

  const neighborhood = neighborhoodOf(graph);
  const x = fromFixture(inputs.x, engine);
  const edgeFeatures = inputs.edgeAttr === null ? undefined : fromFixture(inputs.edgeAttr, engine);
  const context = { edgeFeatures, edgeTypes: Uint32Array.from(graph.edgeTypes) };
  expectOutputAndGradients(
    layer.forward(x, neighborhood, context),
    fixture,
    [["x", x, gradients.inputs.x], ["edgeAttr", edgeFeatures, gradients.inputs.edgeAttr], ...dict.leaves],
    leastOf(dict),
  );

  const { output, attention } = layer.detailed(x, neighborhood, context);
  const close = tolerance[engine.precision].output;
  expectClose("output with attention", output.dataSync(), fixture.output.data, close);
  const columns = options.heads * options.dim;
  const weights = attention.weights.dataSync();
  const byEdge = new Array<number>(weights.length);
  for (const [p, e] of attention.edgeOf.entries()) {
    for (let h = 0; h < columns; h++) byEdge[e * columns + h] = weights[p * columns + h]!;
  }
  expectClose("attention", byEdge, fixture.weights.data, close);
}

function typedNeighborhood({ nodeTypes, nodes, relations }: HGTCase | HANCase): TypedNeighborhood {
  const counts = new Map(nodeTypes.map((type, t) => [type, nodes[t]!]));
  return new TypedNeighborhood({
    nodes: Object.fromEntries(counts),
    relations: relations.map(({ source, type, target, sources, targets }) => ({
      source,
      type,
      target,
      neighborhood: SparseNeighborhood.fromEdgeList({
        senders: Uint32Array.from(sources),
        receivers: Uint32Array.from(targets),
        senderCount: counts.get(source)!,
        receiverCount: counts.get(target)!,
      }),
    })),
  });
}

function checkTyped(layer: HGTConv | HANConv, fixture: HGTCase | HANCase, dict: StateDict, engine: Engine): void {
  expect(dict.unread).toEqual([]);
  expect(layer.parameters()).toHaveLength(dict.leaves.length);
  const graph = typedNeighborhood(fixture);
  const x = Object.fromEntries(
    Object.entries(fixture.inputs).map(([type, values]) => [type, fromFixture(values, engine)]),
  );
  const outputs = layer.forward(x, graph);
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(fixture.outputs).sort());
  const compared = Object.entries(fixture.outputs).map(
    ([type, expected]): Compared => ({
      name: type,
      result: outputs[type]!,
      expected,
      upstream: fixture.upstream[type]!,
    }),
  );
  const leaves = Object.entries(x).map(
    ([type, leaf]): ComparedLeaf => [`features of ${type}`, leaf, fixture.gradients.inputs[type]!],
  );
  expectResultsAndGradients(compared, [...leaves, ...dict.leaves], leastOf(dict));

  const detailed = layer.detailed(x, graph).output;
  for (const [type, { data }] of Object.entries(fixture.outputs)) {
    expectClose(`${type} with attention`, detailed[type]!.dataSync(), data, tolerance[engine.precision].output);
  }
}

/** The matrices of HGTConv's relations, which PyTorch Geometric keeps in rows `head * relations + relation`, as tensors by relation. */
function byRelation(
  tensors: Readonly<Record<string, FixtureTensor>>,
  relations: number,
): Readonly<Record<string, FixtureTensor>> {
  return Object.fromEntries(
    Object.entries(tensors).flatMap(([key, values]): [string, FixtureTensor][] => {
      if (key !== "k_rel.weight" && key !== "v_rel.weight") return [[key, values]];
      const [rows = 0, ...matrix] = values.shape;
      const size = values.data.length / rows;
      return Array.from({ length: relations }, (_, r) => {
        const own = Array.from({ length: rows / relations }, (_, head) => head * relations + r);
        const data = own.flatMap((row) => values.data.slice(row * size, (row + 1) * size));
        return [`${key}.${r}`, { shape: [own.length, ...matrix], data }];
      });
    }),
  );
}

function metadataOf({ nodeTypes, relations }: HGTCase | HANCase): GraphTypes {
  return { nodeTypes, relations: relations.map(({ source, type, target }) => ({ source, type, target })) };
}

function checkHgt(fixture: HGTCase, engine: Engine): void {
  const { inChannels, outChannels, heads } = fixture.options;
  const metadata = metadataOf(fixture);
  const layer = new HGTConv(inChannels, outChannels, { random: new Random(1), engine, heads, metadata });
  const { relations } = metadata;
  const dict = new StateDict({
    parameters: byRelation(fixture.parameters, relations.length),
    gradients: { parameters: byRelation(fixture.gradients.parameters, relations.length) },
  });
  for (const [t, type] of layer.nodeTypes.entries()) {
    for (const [part, linear] of [layer.linearKey[t]!, layer.linearQuery[t]!, layer.linearValue[t]!].entries()) {
      dict.write(linear.weight, `kqv_lin.lins.${type}.weight`, part, 3);
      dict.write(linear.bias, `kqv_lin.lins.${type}.bias`, part, 3);
    }
    dict.linear(layer.linearOut[t]!, `out_lin.lins.${type}.`);
    dict.write(layer.skip[t]!, `skip.${type}`);
  }
  for (const [r, { source, type, target }] of layer.relations.entries()) {
    const theirs = relations.findIndex((one) => one.source === source && one.type === type && one.target === target);
    dict.write(layer.keyTransform[r]!, `k_rel.weight.${theirs}`);
    dict.write(layer.valueTransform[r]!, `v_rel.weight.${theirs}`);
    dict.write(layer.prior[r]!, `p_rel.${source}__${type}__${target}`);
  }
  checkTyped(layer, fixture, dict, engine);
}

function checkHan(fixture: HANCase, engine: Engine): void {
  const { inChannels, outChannels, heads, negativeSlope } = fixture.options;
  const metadata = metadataOf(fixture);
  const layer = new HANConv(inChannels, outChannels, { random: new Random(1), engine, heads, negativeSlope, metadata });
  const dict = new StateDict(fixture);
  for (const [t, type] of layer.nodeTypes.entries()) dict.linear(layer.projection[t]!, `proj.${type}.`);
  for (const [r, { source, type, target }] of layer.relations.entries()) {
    dict.write(layer.attSource[r]!, `lin_src.${source}__${type}__${target}`);
    dict.write(layer.attTarget[r]!, `lin_dst.${source}__${type}__${target}`);
  }
  dict.linear(layer.semanticKey, "k_lin.");
  dict.write(layer.semanticQuery, "q");
  checkTyped(layer, fixture, dict, engine);
}

function checkGps(fixture: GPSCase, engine: Engine): void {
  const { options, graph, inputs, gradients, lengths, training, parameters, running } = fixture;
  const { channels, conv: convOptions, ...same } = options;
  const random = new Random(1);
  const conv =
    convOptions === null
      ? undefined
      : new GATConv(channels, channels / convOptions.heads, {
          random,
          engine,
          heads: convOptions.heads,
          ...optional("edgeDim", convOptions.edgeDim),
        });
  const layer = new GPSConv(channels, conv, { random, engine, ...same });
  const dict = new StateDict(fixture);
  if (conv !== undefined) {
    dict.write(conv.linear.weight, "conv.lin.weight");
    dict.write(conv.attSource, "conv.att_src");
    dict.write(conv.attTarget, "conv.att_dst");
    dict.write(conv.attEdge, "conv.att_edge");
    dict.write(conv.linearEdge?.weight, "conv.lin_edge.weight");
    dict.write(conv.bias, "conv.bias");
  }
  dict.attention(layer.attention, "attn.");
  dict.linear(layer.mlp.expand, "mlp.0.");
  dict.linear(layer.mlp.contract, "mlp.3.");
  const norms = { norm1: layer.norm1, norm2: layer.norm2, norm3: layer.norm3 };
  for (const [name, norm] of Object.entries(norms)) {
    const prefix = norm instanceof BatchNorm ? `${name}.module.` : `${name}.`;
    dict.write(norm?.weight, `${prefix}weight`);
    dict.write(norm?.bias, `${prefix}bias`);
    if (!(norm instanceof BatchNorm)) continue;
    assign(norm.runningMean, parameters[`${prefix}running_mean`]!);
    assign(norm.runningVariance, parameters[`${prefix}running_var`]!);
  }
  // Without a conv PyTorch Geometric's norm1 takes no part.
  const unread = dict.unread.filter((key) => !key.includes("running_") && !(conv === undefined && /norm1/.test(key)));
  expect(unread).toEqual([]);
  expect(layer.parameters()).toHaveLength(dict.leaves.length);

  const neighborhood = neighborhoodOf(graph);
  const x = fromFixture(inputs.x, engine);
  const edgeFeatures = inputs.edgeAttr === null ? undefined : fromFixture(inputs.edgeAttr, engine);
  const context = { edgeFeatures, lengths, ...(training && { training: { random: new Random(1) } }) };
  const result = layer.forward(x, neighborhood, context);
  const state = layer.namedState();
  for (const [key, { data }] of Object.entries(running)) {
    const [name = "", , which] = key.split(".");
    if (conv === undefined && name === "norm1") continue;
    const ours = state.get(`${name}.${which === "running_mean" ? "runningMean" : "runningVariance"}`)!;
    expectClose(key, ours.dataSync(), data, tolerance[engine.precision].output);
  }
  expectOutputAndGradients(
    result,
    fixture,
    [["x", x, gradients.inputs.x], ["edgeAttr", edgeFeatures, gradients.inputs.edgeAttr], ...dict.leaves],
    leastOf(dict),
  );
  const detailed = layer.detailed(x, neighborhood, context).output;
  expectClose("output with attention", detailed.dataSync(), fixture.output.data, tolerance[engine.precision].output);
}

for (const engine of engines) {
  describe(`PyTorch Geometric's numbers on the ${engine.name} engine`, () => {
    describe("RGATConv", () => {
      for (const fixture of heteroCases.RGATConv()) it(fixture.name, () => checkRelational(fixture, engine));
    });
    describe("HGTConv", () => {
      for (const fixture of heteroCases.HGTConv()) it(fixture.name, () => checkHgt(fixture, engine));
    });
    describe("HANConv", () => {
      for (const fixture of heteroCases.HANConv()) it(fixture.name, () => checkHan(fixture, engine));
    });
    describe("GPSConv", () => {
      for (const fixture of heteroCases.GPSConv()) it(fixture.name, () => checkGps(fixture, engine));
    });
  });
}

it("the files name types in another order than ours, so that numbers taken for names would show", () => {
  const fixtures = heteroCases.HGTConv().filter(({ nodeTypes }) => nodeTypes.length > 1);
  for (const fixture of fixtures) {
    const metadata = metadataOf(fixture);
    expect(orderedTypes("test", metadata)).not.toEqual(metadata);
  }
});
