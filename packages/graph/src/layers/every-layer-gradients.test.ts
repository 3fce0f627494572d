import { Random, SparseTensor, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { contextOf, graphLayers } from "../testing/graph-layers.ts";
import {
  edges,
  graph,
  narrowing,
  numbers,
  reference,
  sparseFeatures,
  widening,
  width,
} from "../testing/layer-examples.ts";
import type { GraphLayer } from "./graph-layer.ts";

function expectGradients(layer: GraphLayer, leaves: Readonly<Record<string, Tensor>>, forward: () => Tensor): void {
  const parameters = Object.fromEntries(layer.namedParameters());
  // Biases are 0 at first, and a node without neighbors then lies on a kink.
  for (const [name, bias] of Object.entries(parameters).filter(([name]) => name.endsWith("bias"))) {
    bias.engine.write(bias.buffer, numbers(bias.shape, name.length).dataSync());
  }
  const checks = checkGradients(() => unevenSum(forward()), { ...parameters, ...leaves }, 1e-5);
  for (const [name, { relativeError }] of Object.entries(checks)) expect(relativeError, name).toBeLessThan(1e-6);
}

describe.each(graphLayers)("the gradients of $name agree with finite differences", (example) => {
  it("by every parameter and input", () => {
    const layer = example.make({});
    const x = numbers([6, width], 14);
    const context = contextOf(example, 6, edges.length);
    expectGradients(layer, { x, ...context }, () => layer.forward(x, graph, context));
  });

  if (example.drops) {
    it("while dropping", () => {
      const layer = example.make({});
      const x = numbers([6, width], 7);
      const context = contextOf(example, 6, edges.length);
      expectGradients(layer, { x, ...context }, () =>
        layer.forward(x, graph, { ...context, training: { random: new Random(8) } }),
      );
    });
  }

  if (example.sides !== "one") {
    for (const [what, neighborhood] of [
      ["more receivers than senders", widening],
      ["more senders than receivers", narrowing],
    ] as const) {
      it(`from senders to other receivers, ${what}`, () => {
        const receiverWidth = example.sides === "two" ? 2 : width;
        const layer = example.make({ inputs: [width, receiverWidth] });
        const senders = numbers([neighborhood.senders, width], 4);
        const receivers = numbers([neighborhood.receivers, receiverWidth], 5);
        const context = contextOf(example, neighborhood.senders, neighborhood.edges);
        expectGradients(layer, { senders, receivers, ...context }, () =>
          layer.forward([senders, receivers], neighborhood, context),
        );
      });
    }
  }

  if (example.takesSparse) {
    it("from sparse features", () => {
      const layer = example.make({ inputs: sparseFeatures.columns });
      const x = SparseTensor.from(sparseFeatures, { engine: reference });
      const context = contextOf(example, 6, edges.length);
      expectGradients(layer, context, () => layer.forward(x, graph, context));
    });
  }
});
