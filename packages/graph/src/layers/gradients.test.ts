import { Random, SparseTensor, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import {
  edgeDim,
  edges,
  fills,
  graph,
  type LayerOptions,
  layers,
  narrowing,
  numbers,
  reference,
  sparseFeatures,
  widening,
  width,
} from "../testing/layer-examples.ts";
import type { AttentionConv } from "./attention-conv.ts";

function expectGradients(layer: AttentionConv, leaves: Readonly<Record<string, Tensor>>, forward: () => Tensor): void {
  const parameters = Object.fromEntries(layer.namedParameters());
  // Biases are 0 at first, and a node without features then lies on the kink of the leaky ReLU.
  for (const [name, bias] of Object.entries(parameters).filter(([name]) => name.endsWith("bias"))) {
    bias.engine.write(bias.buffer, numbers(bias.shape, name.length).dataSync());
  }
  const all = { ...parameters, ...leaves };
  const checks = checkGradients(() => unevenSum(forward()), all, 1e-5);
  for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
}

describe.each(Object.entries(layers))(
  "the gradients of %s agree with finite differences by every parameter and input",
  (_, make) => {
    const cases: Readonly<Record<string, LayerOptions>> = {
      "with one head": {},
      "with heads side by side": { heads: 2 },
      "with averaged heads, without bias": { heads: 3, concat: false, bias: false },
      "with another slope and a residual": { heads: 2, negativeSlope: 0.5, residual: true },
      "with averaged heads and a residual": { heads: 2, concat: false, residual: true },
      "without self-loops": { heads: 2, addSelfLoops: false },
      "with edge features, without self-loops": { edgeDim, addSelfLoops: false },
      ...Object.fromEntries(
        fills.map((fillValue) => [`with edge features, loops by ${fillValue}`, { edgeDim, fillValue }]),
      ),
    };
    for (const [what, options] of Object.entries(cases)) {
      it(what, () => {
        const layer = make(width, options);
        const x = numbers([6, width], 14);
        const edgeFeatures = options.edgeDim === undefined ? undefined : numbers([edges.length, edgeDim], 3);
        expectGradients(layer, { x, ...(edgeFeatures && { edgeFeatures }) }, () =>
          layer.forward(x, graph, { edgeFeatures }),
        );
      });
    }

    for (const [what, neighborhood] of [
      ["more receivers than senders", widening],
      ["more senders than receivers", narrowing],
    ] as const) {
      for (const fillValue of fills) {
        it(`from senders to other receivers, ${what}, loops by ${fillValue}`, () => {
          const layer = make([width, 2], { heads: 2, edgeDim, fillValue, residual: true });
          const senders = numbers([neighborhood.senders, width], 4);
          const receivers = numbers([neighborhood.receivers, 2], 5);
          const edgeFeatures = numbers([neighborhood.edges, edgeDim], 6);
          expectGradients(layer, { senders, receivers, edgeFeatures }, () =>
            layer.forward([senders, receivers], neighborhood, { edgeFeatures }),
          );
        });
      }
    }

    it("while dropping weights", () => {
      const layer = make(width, { heads: 2, dropout: 0.5 });
      const x = numbers([6, width], 7);
      expectGradients(layer, { x }, () => layer.forward(x, graph, { training: { random: new Random(8) } }));
    });

    it("from sparse features", () => {
      const layer = make(4, { heads: 2, residual: true });
      const x = SparseTensor.from(sparseFeatures, { engine: reference });
      expectGradients(layer, {}, () => layer.forward(x, graph));
    });
  },
);

describe("the gradients of GATConv without features of the receivers", () => {
  it("agree with finite differences", () => {
    const layer = layers.GATConv([width, 2], { heads: 2 });
    const senders = numbers([3, width], 1);
    expectGradients(layer, { senders }, () => layer.forward([senders, undefined], widening));
  });
});

describe("the gradients of GATv2Conv with one projection for both sides", () => {
  it("agree with finite differences, of both uses together", () => {
    const layer = layers.GATv2Conv(width, { heads: 2, shareWeights: true });
    const x = numbers([6, width], 1);
    expectGradients(layer, { x }, () => layer.forward(x, graph));

    const ofPair = layers.GATv2Conv([width, width], { shareWeights: true });
    const [senders, receivers] = [numbers([3, width], 1), numbers([5, width], 2)];
    expectGradients(ofPair, { senders, receivers }, () => ofPair.forward([senders, receivers], widening));
  });
});
