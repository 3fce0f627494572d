import { checkOptionNames, OptionError } from "../errors.ts";
import { add, square } from "../tensor/elementwise.ts";
import { withoutGradient } from "../tensor/record.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";

/** Options of {@link clipGradients}. */
export interface ClipOptions {
  /** The norm that the gradients are scaled down to where theirs is larger. */
  readonly maximumNorm: number;
}

/**
 * Scales the gradients of all parameters, of any shape, by one factor, `min(1, maximumNorm / (norm + 1e-6))`, where `norm` is the length of all gradients as one
 * vector (Pascanu, Mikolov and Bengio, ICML 2013), as `torch.nn.utils.clip_grad_norm_`. Between `backward()` and the optimiser's step; it waits
 * for the engine. Parameters without a gradient do not count.
 *
 * @returns The norm before scaling. Where it is not a finite number the gradients are useless, and so are they after: skip the step.
 * @throws OptionError `out-of-range` unless the maximum is a positive number, or `unknown-option`; EngineError `mixed-engines`,
 * or `no-synchronous-read` on an engine that cannot read at once.
 */
export function clipGradients(parameters: readonly Tensor[], options: ClipOptions): number {
  checkOptionNames("clipGradients", options, ["maximumNorm"]);
  const { maximumNorm } = options;
  if (!(maximumNorm > 0)) {
    throw new OptionError(
      "out-of-range",
      `clipGradients: got maximumNorm ${maximumNorm}; expected a positive number. Skip the step to leave parameters where they are.`,
    );
  }
  const gradients = parameters.flatMap(({ grad }) => (grad === undefined ? [] : [grad]));
  if (gradients.length === 0) return 0;
  const norm = Math.sqrt(
    withoutGradient(() =>
      scope(() =>
        gradients
          .map((gradient) => sum(square(gradient)))
          .reduce(add)
          .item(),
      ),
    ),
  );
  const scale = maximumNorm / (norm + 1e-6);
  // Written so that NaN passes on.
  if (scale >= 1) return norm;
  for (const { engine, buffer } of gradients) engine.run("affine", { x: buffer, out: buffer, scale, shift: 0 });
  return norm;
}
