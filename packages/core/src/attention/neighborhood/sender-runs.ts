import type { Expression } from "../../expression/expression.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { attendDense, type DenseInputs, type DenseOptions } from "../dense.ts";
import { type DotForm, dotForm } from "../dot-form.ts";

/**
 * Where each receiver attends to a run of senders: receiver `i` to the senders from `starts[i]` to `ends[i] - 1`. Attention over them can be computed
 * in tiles; what that takes comes with them, so that a program without runs is bundled without it.
 */
export class SenderRuns {
  /** `[receivers]`. */
  readonly starts: Uint32Array;
  /** `[receivers]`, none below its start. */
  readonly ends: Uint32Array;

  constructor(starts: Uint32Array, ends: Uint32Array) {
    this.starts = starts;
    this.ends = ends;
  }

  /** A score as the inner product that {@link SenderRuns.attend} takes; undefined if it is none. */
  formOf(score: Expression): DotForm | undefined {
    return dotForm(score);
  }

  /**
   * Softmax attention by an inner product over the runs, in tiles: nothing of receivers x senders numbers is made.
   *
   * @returns `[receivers, heads, valueChannels]`.
   * @throws ShapeError `shapes-differ` naming the input; OptionError `out-of-range` for a dropout probability; EngineError `kernel-arguments`
   * for a run that ends after the last sender.
   */
  attend(inputs: DenseInputs, options: DenseOptions): Tensor {
    return attendDense(this, inputs, options);
  }
}
