import { gather, gatherND, scatterND, type Tensor, tensor1d, tensor2d } from "@tensorflow/tfjs-core";

/**
 * How rows are fetched: by `tf.gather`, which is made for it but computes the place of each number by itself in the wasm backend, or by
 * `tf.gatherND`, which copies whole rows and takes a tenth of the time.
 */
export type Fetch = "gather" | "gatherND";

/** Sums of rows by group. TensorFlow.js has a kernel for it, but not for its wasm backend, so rows are scattered, which adds those that meet. */
export class RowGroups {
  readonly #index: Tensor;
  readonly #target: Tensor;
  readonly #groups: number;
  readonly #fetch: Fetch;

  constructor(groupOf: Uint32Array, groups: number, fetch: Fetch) {
    const index = Int32Array.from(groupOf);
    this.#index = tensor1d(index, "int32");
    this.#target = tensor2d(index, [index.length, 1], "int32");
    this.#groups = groups;
    this.#fetch = fetch;
  }

  /** For each group the sum of its rows. */
  sumRows(rows: Tensor): Tensor {
    return scatterND(this.#target, rows, [this.#groups, ...rows.shape.slice(1)]);
  }

  /** For each row that of its group: the gradient of {@link sumRows}, and the other way round. */
  rowsOf(groups: Tensor): Tensor {
    return this.#fetch === "gather" ? gather(groups, this.#index) : gatherND(groups, this.#target);
  }
}
