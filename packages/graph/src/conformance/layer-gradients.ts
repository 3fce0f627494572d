import type { Tensor } from "@vicinal/core";
import { checkGradients, expectThat, unevenSum } from "@vicinal/core/testing";
import type { GraphLayer } from "../layers/graph-layer.ts";
import { numbers } from "./layer-bench.ts";

/** @throws Error unless the gradients of a layer, by its parameters and by `leaves`, are those of finite differences. */
export function expectGradients(
  layer: GraphLayer,
  leaves: Readonly<Record<string, Tensor>>,
  forward: (layer: GraphLayer) => Tensor,
): void {
  const parameters = Object.fromEntries(layer.namedParameters());
  // Biases are 0 at first, and a node without neighbors then lies on a kink.
  for (const [name, bias] of Object.entries(parameters)) {
    if (name.endsWith("bias")) bias.set(numbers(bias.shape, name.length, bias.engine).dataSync());
  }
  const checks = checkGradients(() => unevenSum(forward(layer)), { ...parameters, ...leaves }, 1e-5);
  for (const [name, { relativeError }] of Object.entries(checks)) {
    expectThat(
      relativeError < 1e-6,
      `the gradient by ${name} differs from finite differences by ${relativeError}; expected less than 1e-6`,
    );
  }
}
