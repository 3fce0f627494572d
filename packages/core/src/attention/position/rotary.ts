import type { FloatBuffer } from "../../engine/buffers.ts";
import { checkOptionNames, DataError, ShapeError } from "../../errors.ts";
import { expectShape } from "../../expect-shape.ts";
import { madeOnce } from "../../made-once.ts";
import { portableCos, portableSin } from "../../portable-math.ts";
import { record } from "../../tensor/record.ts";
import { rowMajorStrides, type Shape, stridesFor } from "../../tensor/shapes.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { checkFinite, geometricFrequencies } from "./sinusoidal.ts";

/** Options of {@link rotary}. */
export interface RotaryOptions {
  /** The slowest pair turns once in about `base` * 2 pi positions. Default 10000. */
  readonly base?: number;
}

/**
 * Rotary positions (Su et al., 2021, "RoFormer", equation 34), applied to queries and keys: each pair of channels `(2k, 2k + 1)` is turned by
 * its position times `base^(-2k / channels)` radians,
 *
 * ```math
 * \begin{aligned}
 * \mathrm{out}_{2k} &= x_{2k} \cos a - x_{2k+1} \sin a \\
 * \mathrm{out}_{2k+1} &= x_{2k} \sin a + x_{2k+1} \cos a
 * \end{aligned}
 * ```
 *
 * so that the inner product of a turned query and a turned key depends on the difference of their positions only. Pairs are neighbouring
 * channels, as in the paper; models in the layout of GPT-NeoX and Llama pair channel `k` with `k + channels / 2`.
 *
 * @param x `[elements, heads, channels]`.
 * @param positions One finite number for each element. The sines and cosines for a `Uint32Array`, such as that of {@link positionsOf}, are kept as
 * long as the array is, for the next layer and the next step: it must not be written to afterwards.
 * @returns The shape of `x`.
 * @throws ShapeError `shapes-differ` unless `x` has three dimensions and an even count of channels; DataError `wrong-length` unless there is
 * one position an element, `not-a-position` for one that is not finite; OptionError `out-of-range` for a base that is not positive.
 */
export function rotary(x: Tensor, positions: ArrayLike<number>, options: RotaryOptions = {}): Tensor {
  checkOptionNames("rotary", options, ["base"]);
  const { base = 10000 } = options;
  const [elements, , channels] = expectShape("rotary", "x", x, ["elements", "heads", "channels"]);
  if (channels % 2 !== 0) {
    throw new ShapeError(
      "shapes-differ",
      `rotary: got ${channels} channels; expected an even count, because channels are turned in pairs.`,
    );
  }
  if (positions.length !== elements) {
    throw new DataError(
      "wrong-length",
      `rotary: got ${positions.length} positions for ${elements} elements; expected one an element.`,
    );
  }
  return turn(x, rotationFor(positions, channels, base));
}

/** A turn of each pair of channels, `[elements, 1, channels]` all: a pair has its cosine twice, and its sine as it is and negated. */
interface Rotation {
  readonly shape: Shape;
  readonly cosines: Float64Array;
  /** What a channel adds to the other of its pair: `sin, -sin`. */
  readonly sines: Float64Array;
  /** The sines of the turn back. */
  readonly backSines: Float64Array;
}

/** By channels and base. On the host, where the garbage collector sees their size: generation has new positions in every step. */
const kept = new WeakMap<Uint32Array, Map<string, Rotation>>();

function rotationFor(positions: ArrayLike<number>, channels: number, base: number): Rotation {
  if (!(positions instanceof Uint32Array)) return rotationOf(positions, channels, base);
  const ofPositions = madeOnce(kept, positions, () => new Map<string, Rotation>());
  return madeOnce(ofPositions, `${channels} ${base}`, () => rotationOf(positions, channels, base));
}

function rotationOf(positions: ArrayLike<number>, channels: number, base: number): Rotation {
  const frequencies = geometricFrequencies("rotary", channels, base);
  checkFinite("rotary", positions);
  const size = positions.length * channels;
  const [cosines, sines] = [new Float64Array(size), new Float64Array(size)];
  for (let p = 0, c = 0; p < positions.length; p++) {
    for (const frequency of frequencies) {
      const angle = positions[p]! * frequency;
      const sine = portableSin(angle);
      cosines.fill(portableCos(angle), c, c + 2);
      sines[c++] = sine;
      sines[c++] = -sine;
    }
  }
  return { shape: [positions.length, 1, channels], cosines, sines, backSines: sines.map((sine) => -sine) };
}

/** One operation, so that training keeps nothing but the input and the output. */
function turn(x: Tensor, { shape: ofRotation, cosines, sines, backSines }: Rotation): Tensor {
  return record({
    name: "rotary",
    shape: x.shape,
    inputs: [x],
    forward: (out, engine) => {
      const { shape } = x;
      const strides = { shape, aStrides: rowMajorStrides(shape), bStrides: stridesFor(ofRotation, shape) };
      const times = (values: Float64Array, target: FloatBuffer): void => {
        const factors = engine.upload(values);
        engine.run("binary", { operation: "multiply", a: x.buffer, b: factors, out: target, ...strides });
        engine.free(factors);
      };
      times(cosines, out);
      const toOther = engine.allocate(x.size);
      times(sines, toOther);
      // Backwards within each pair: what a channel gives goes to the other.
      engine.run("stridedAdd", { x: toOther, out, shape: [x.size / 2, 2], strides: [2, -1], offset: 1 });
      engine.free(toOther);
    },
    backward: (gradient) => [turn(gradient, { shape: ofRotation, cosines, sines: backSines, backSines: sines })],
  });
}
