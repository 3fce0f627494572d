import { createWasmEngine, type Engine, Random, tanh } from "@vicinal/core";
import { createReferenceEngine } from "@vicinal/core/reference";
import {
  AGNNConv,
  FAConv,
  GCNConv,
  GINConv,
  GINEConv,
  type IsomorphismConv,
  Perceptron,
  ResGatedGraphConv,
  SAGEConv,
  SuperGATConv,
  TransformerConv,
} from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { expectClose, expectResultsAndGradients, fromFixture, tolerance } from "./comparison.ts";
import { attentionLossCases, type LayerCase, layerCases } from "./fixtures.ts";
import { expectLayer, type LoadedLayer, loaded, neighborhoodOf } from "./layer-comparison.ts";
import type { StateDict } from "./state-dict.ts";

/** The cases of a layer, with what makes ours of one. */
type Suite = readonly [name: string, run: (engine: Engine) => void];

function suite<Options, Layer extends Parameters<typeof expectLayer>[0]>(
  name: string,
  cases: readonly LayerCase<Options>[],
  load: (fixture: LayerCase<Options>, engine: Engine) => Layer,
): Suite {
  return [
    name,
    (engine) => {
      for (const fixture of cases) it(fixture.name, () => expectLayer(load(fixture, engine), fixture, engine));
    },
  ];
}

/** What every constructor takes; an option that is null there is left out here. */
function shared<Options extends object>(engine: Engine, options: Options) {
  return { random: new Random(1), engine, ...options };
}

function edgeDimOf({ edgeDim }: { readonly edgeDim: number | null }): { readonly edgeDim?: number } {
  return edgeDim === null ? {} : { edgeDim };
}

function writeSuperGat(layer: SuperGATConv, dict: StateDict): void {
  dict.linear(layer.linear, "lin.");
  dict.write(layer.attLeft, "att_l");
  dict.write(layer.attRight, "att_r");
  dict.write(layer.bias, "bias");
}

function writeIsomorphism({ network, eps }: IsomorphismConv, dict: StateDict): void {
  if (!(network instanceof Perceptron)) throw new Error("expected a perceptron");
  for (const [k, linear] of network.linears.entries()) dict.linear(linear, `nn.${2 * k}.`);
  if (eps.requiresGrad) dict.write(eps, "eps");
}

const suites: readonly Suite[] = [
  suite("TransformerConv", layerCases.TransformerConv(), (fixture, engine) => {
    const { inChannels, outChannels, heads, concat, beta, bias, rootWeight, ...rest } = fixture.options;
    const options = { heads, concat, beta, bias, rootWeight, ...edgeDimOf(rest) };
    const layer = new TransformerConv(inChannels, outChannels, shared(engine, options));
    // PyTorch Geometric makes the projection of the receiver's own part even where it takes no part.
    const unread = rootWeight ? [] : ["lin_skip.weight", ...(bias ? ["lin_skip.bias"] : [])];
    const write = (ours: TransformerConv, dict: StateDict): void => {
      dict.linear(ours.linearKey, "lin_key.");
      dict.linear(ours.linearQuery, "lin_query.");
      dict.linear(ours.linearValue, "lin_value.");
      dict.write(ours.linearEdge?.weight, "lin_edge.weight");
      if (ours.linearSkip !== undefined) dict.linear(ours.linearSkip, "lin_skip.");
      dict.write(ours.linearBeta?.weight, "lin_beta.weight");
    };
    return loaded(layer, fixture, write, unread);
  }),

  suite("AGNNConv", layerCases.AGNNConv(), (fixture, engine) => {
    const { requiresGrad } = fixture.options;
    const layer = new AGNNConv(fixture.inputs.x.shape[1]!, { engine, ...fixture.options });
    const write = (ours: AGNNConv, dict: StateDict): void => {
      if (requiresGrad) dict.write(ours.beta, "beta");
    };
    return loaded(layer, fixture, write, requiresGrad ? [] : ["beta"]);
  }),

  suite("FAConv", layerCases.FAConv(), (fixture, engine) => {
    const { channels, eps, normalize, addSelfLoops } = fixture.options;
    // There self-loops are an option that is ignored without normalization.
    const options = { eps, normalize, ...(normalize && { addSelfLoops }) };
    return loaded(new FAConv(channels, shared(engine, options)), fixture, (ours, dict) => {
      dict.linear(ours.attLeft, "att_l.");
      dict.linear(ours.attRight, "att_r.");
    });
  }),

  suite("SuperGATConv", layerCases.SuperGATConv(), (fixture, engine) => {
    const { inChannels, outChannels, dropout: _none, ...options } = fixture.options;
    return loaded(new SuperGATConv(inChannels, outChannels, shared(engine, options)), fixture, writeSuperGat);
  }),

  suite("ResGatedGraphConv", layerCases.ResGatedGraphConv(), (fixture, engine) => {
    const { inChannels, outChannels, act, rootWeight, bias, ...rest } = fixture.options;
    const options = { rootWeight, bias, ...edgeDimOf(rest), ...(act === "tanh" && { act: tanh }) };
    const layer = new ResGatedGraphConv(inChannels, outChannels, shared(engine, options));
    return loaded(layer, fixture, (ours, dict) => {
      dict.linear(ours.linearKey, "lin_key.");
      dict.linear(ours.linearQuery, "lin_query.");
      dict.linear(ours.linearValue, "lin_value.");
      if (ours.linearSkip !== undefined) dict.linear(ours.linearSkip, "lin_skip.");
      dict.write(ours.bias, "bias");
    });
  }),

  suite("GCNConv", layerCases.GCNConv(), (fixture, engine) => loadGcn(fixture, engine)),

  suite("SAGEConv", layerCases.SAGEConv(), (fixture, engine) => {
    const { inChannels, outChannels, ...options } = fixture.options;
    const layer = new SAGEConv(inChannels, outChannels, shared(engine, options));
    return loaded(layer, fixture, (ours, dict) => {
      if (ours.linear !== undefined) dict.linear(ours.linear, "lin.");
      dict.linear(ours.linearLeft, "lin_l.");
      if (ours.linearRight !== undefined) dict.linear(ours.linearRight, "lin_r.");
    });
  }),

  suite("GINConv", layerCases.GINConv(), (fixture, engine) => {
    const { nn, eps, trainEps } = fixture.options;
    const layer = new GINConv(new Perceptron(nn, shared(engine, {})), { engine, eps, trainEps });
    return loaded(layer, fixture, writeIsomorphism, trainEps ? [] : ["eps"]);
  }),

  suite("GINEConv", layerCases.GINEConv(), (fixture, engine) => {
    const { nn, eps, trainEps, ...rest } = fixture.options;
    const network = new Perceptron(nn, shared(engine, {}));
    const layer = new GINEConv(network, shared(engine, { eps, trainEps, ...edgeDimOf(rest) }));
    const write = (ours: GINEConv, dict: StateDict): void => {
      writeIsomorphism(ours, dict);
      if (ours.linear !== undefined) dict.linear(ours.linear, "lin.");
    };
    return loaded(layer, fixture, write, trainEps ? [] : ["eps"]);
  }),
];

type GcnCase = ReturnType<typeof layerCases.GCNConv>[number];

function loadGcn(fixture: GcnCase, engine: Engine): LoadedLayer<GCNConv> {
  const { inChannels, outChannels, ...options } = fixture.options;
  return loaded(new GCNConv(inChannels, outChannels, shared(engine, options)), fixture, (ours, dict) => {
    dict.linear(ours.linear, "lin.");
    dict.write(ours.bias, "bias");
  });
}

for (const engine of [createReferenceEngine(), createWasmEngine()]) {
  describe(`PyTorch Geometric's numbers on the ${engine.name} engine`, () => {
    for (const [name, run] of suites) describe(name, () => run(engine));

    it("GCNConv counts added loops twice without edge weights too, as PyTorch Geometric does with weights of 1", () => {
      const fixture = layerCases.GCNConv().find(({ name }) => name === "improved, edge weights of 1")!;
      const { layer } = loadGcn(fixture, engine);
      const output = layer.forward(fromFixture(fixture.inputs.x, engine), neighborhoodOf(fixture.graph));
      expectClose("output", output.dataSync(), fixture.output.data, tolerance[engine.precision].output);
    });

    describe("the attention loss of SuperGATConv", () => {
      for (const fixture of attentionLossCases()) {
        it(fixture.name, () => {
          const { options, graph, negatives, inputs, loss, gradients } = fixture;
          const { layer, dict } = loaded(new SuperGATConv(3, 2, shared(engine, options)), fixture, writeSuperGat);
          const x = fromFixture(inputs.x, engine);
          const pairs = {
            senders: Uint32Array.from(negatives.sources),
            receivers: Uint32Array.from(negatives.targets),
          };
          const result = layer.attentionLoss(x, neighborhoodOf(graph), { negatives: pairs });
          expect(result.shape).toEqual([]);
          const one = { shape: [], data: [1] };
          expectResultsAndGradients(
            [{ name: "loss", result, expected: { shape: [], data: [loss] }, upstream: one }],
            [["x", x, gradients.inputs.x], ...dict.leaves],
            dict.least,
          );
        });
      }
    });
  });
}
