import { checkCounts, checkPositive } from "../../check-options.ts";
import type { Engine } from "../../engine/engine.ts";
import { checkOptionNames, DataError, OptionError } from "../../errors.ts";
import { portableCos, portablePower, portableSin } from "../../portable-math.ts";
import { tensor } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** Options of {@link sinusoidal}. */
export interface SinusoidalOptions {
  /** The wavelengths grow from 2 pi to `base` * 2 pi. Default 10000. */
  readonly base?: number;
  /** Where the numbers live. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
}

/**
 * Sinusoidal positions (Vaswani et al., 2017, "Attention is all you need", section 3.5), to be added to elements:
 *
 * ```math
 * \mathrm{PE}_{p,\,2i} = \sin\frac{p}{\mathrm{base}^{2i / \mathrm{width}}}, \qquad \mathrm{PE}_{p,\,2i+1} = \cos\frac{p}{\mathrm{base}^{2i / \mathrm{width}}}
 * ```
 *
 * An odd width ends with a sine whose cosine is left out. The code that the authors published has all sines before all cosines; this is the
 * formula of the paper. Nothing is learned, and no gradient flows.
 *
 * @param positions `[count]`, finite numbers, or a count: the positions 0 to count - 1.
 * @param width Channels of an element.
 * @returns `[count, width]`.
 * @throws OptionError `out-of-range` for a count or a width that is no whole number, a width of 0, or a base that is not positive; DataError
 * `not-a-position` for one that is not finite.
 */
export function sinusoidal(
  positions: number | ArrayLike<number>,
  width: number,
  options: SinusoidalOptions = {},
): Tensor {
  checkOptionNames("sinusoidal", options, ["base", "engine"]);
  const { base = 10000, engine } = options;
  checkCounts("sinusoidal", { width });
  if (typeof positions === "number" && !(Number.isSafeInteger(positions) && positions >= 0)) {
    throw new OptionError(
      "out-of-range",
      `sinusoidal: got the count ${positions}; expected a whole number, 0 or more, or the position of each element.`,
    );
  }
  const frequencies = geometricFrequencies("sinusoidal", width, base);
  const list = typeof positions === "number" ? Uint32Array.from({ length: positions }, (_, k) => k) : positions;
  checkFinite("sinusoidal", list);
  const values = new Float64Array(list.length * width);
  for (let p = 0; p < list.length; p++) {
    for (let c = 0; c < width; c++) {
      const angle = list[p]! * frequencies[c >> 1]!;
      values[p * width + c] = c % 2 === 0 ? portableSin(angle) : portableCos(angle);
    }
  }
  return tensor(values, [list.length, width], { engine });
}

/**
 * Radians by which each pair of channels turns from one position to the next: `base^(-2i / width)` for the pairs `i`.
 *
 * @throws OptionError `out-of-range` unless the base is positive.
 */
export function geometricFrequencies(where: string, width: number, base: number): Float64Array {
  checkPositive(where, "the base", base);
  return Float64Array.from({ length: Math.ceil(width / 2) }, (_, i) => portablePower(base, (-2 * i) / width));
}

/** @throws DataError `not-a-position` naming the first that is not finite. */
export function checkFinite(where: string, positions: ArrayLike<number>): void {
  for (let k = 0; k < positions.length; k++) {
    if (Number.isFinite(positions[k])) continue;
    throw new DataError(
      "not-a-position",
      `${where}: got the position ${positions[k]} for element ${k}; expected finite numbers.`,
    );
  }
}
