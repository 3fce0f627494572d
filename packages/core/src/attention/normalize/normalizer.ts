import type { Tensor } from "../../tensor/tensor.ts";
import type { SparseNeighborhood } from "../neighborhood/sparse.ts";

/** The third of the four choices: how relevance becomes weight. */
export interface Normalizer {
  /** The name of the family, such as `"softmax"`: engines with a fused kernel look at it. */
  readonly name: string;
  /** Numbers that engines with a fused kernel need, such as the temperature. */
  readonly options: Readonly<Record<string, number>>;
  /** Weights from logits, both `[edges, heads]` in the order of the neighborhood. */
  normalize(logits: Tensor, neighborhood: SparseNeighborhood): Tensor;
}
