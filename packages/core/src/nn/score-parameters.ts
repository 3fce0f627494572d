import { type HeadShape, parameterShape, type Score } from "../attention/score/score.ts";
import { parameter } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { glorotUniform } from "./initialize.ts";
import type { ParameterOptions } from "./linear.ts";
import { Module } from "./module.ts";

/**
 * The learned parameters of a score as fields of its names. First values: ones for one number a head, such as a temperature; Glorot's for
 * vectors, with the fans `heads` and `channels` as PyTorch Geometric's attention layers, and for the matrices of the heads.
 */
export class ScoreParameters extends Module {
  readonly #byName: Readonly<Record<string, Tensor>>;

  /** @param score Whose parameters they are. */
  constructor(score: Score, shape: HeadShape, { random, engine }: ParameterOptions) {
    super();
    const { heads, channels } = shape;
    this.#byName = Object.fromEntries(
      Object.entries(score.parameters).map(([name, rank]) => {
        const lengths = parameterShape(rank, shape);
        const first =
          rank === "scalar"
            ? new Float32Array(heads).fill(1)
            : glorotUniform(random, lengths, rank === "vector" ? heads : channels, channels);
        return [name, parameter(first, lengths, { engine })];
      }),
    );
    Object.assign(this, this.#byName);
  }

  /** The parameters by name, each of its own shape, as {@link attend} takes them. Static, so that a parameter of any name can stand beside it. */
  static of(parameters: ScoreParameters): Readonly<Record<string, Tensor>> {
    return parameters.#byName;
  }
}
