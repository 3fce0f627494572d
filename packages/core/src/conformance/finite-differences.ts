import { backward } from "../tensor/backward.ts";
import { tensor } from "../tensor/create.ts";
import { multiply } from "../tensor/elementwise.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** How a gradient compares with finite differences. */
export interface GradientCheck {
  /**
   * The largest difference, relative to the largest magnitude of either gradient; where both (nearly) vanish, to the smallest magnitude that
   * a difference of rounded losses shows to six digits.
   */
  readonly relativeError: number;
}

/** A loss, one number, in which every element of `x`, of any shape, has a weight of its own, so that no two errors cancel. */
export function unevenSum(x: Tensor): Tensor {
  const weights = Float64Array.from({ length: x.size }, (_, k) => Math.sin(1 + k * 1.7));
  return sum(multiply(x, tensor(weights, x.shape, { engine: x.engine })));
}

/**
 * Compares the gradients of `loss` with central finite differences (fourth order), element by element. For float64 engines: with a
 * smooth loss the relative error is below 1e-6.
 *
 * @param loss Computes a one-element tensor from the current values of `parameters`; called many times.
 * @param parameters Leaves that require a gradient; their values are changed and restored.
 */
export function checkGradients(
  loss: () => Tensor,
  parameters: Readonly<Record<string, Tensor>>,
  step = 1e-3,
): Record<string, GradientCheck> {
  for (const parameter of Object.values(parameters)) parameter.grad = undefined;
  scope(() => backward(loss()));
  const lossValue = (): number => scope(() => loss().item());
  const smallestVisible = (50 * Number.EPSILON * Math.max(1, Math.abs(lossValue()))) / (step * 1e-6);
  const checks: Record<string, GradientCheck> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const analytic = parameter.grad?.dataSync() ?? new Float64Array(parameter.size);
    const values = parameter.dataSync();
    const numeric = values.map((value, k) => {
      const at = (distance: number): number => {
        values[k] = value + distance;
        parameter.engine.write(parameter.buffer, values);
        return lossValue();
      };
      const slope = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * step);
      values[k] = value;
      parameter.engine.write(parameter.buffer, values);
      return slope;
    });
    const scale = Math.max(smallestVisible, ...analytic.map(Math.abs), ...numeric.map(Math.abs));
    let worst = 0;
    numeric.forEach((slope, k) => {
      worst = Math.max(worst, Math.abs(slope - analytic[k]!));
    });
    checks[name] = { relativeError: worst / scale };
  }
  return checks;
}
