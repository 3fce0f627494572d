import { SparseTensor, type Tensor } from "@vicinal/core";
import { checkGradients, unevenSum } from "@vicinal/core/testing";
import { describe, expect, it } from "vitest";
import { contextOf, graphLayers } from "../testing/graph-layers.ts";
import { edges, graph, numbers, reference, sparseFeatures } from "../testing/layer-examples.ts";
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

describe.each(graphLayers.filter(({ takesSparse }) => takesSparse))(
  "the gradients of $name agree with finite differences",
  (example) => {
    it("from sparse features", () => {
      const layer = example.make({ inputs: sparseFeatures.columns });
      const x = SparseTensor.from(sparseFeatures, { engine: reference });
      const context = contextOf(example, 6, edges.length);
      expectGradients(layer, context, () => layer.forward(x, graph, context));
    });
  },
);
