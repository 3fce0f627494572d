import { divide } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** `logits / temperature`. */
export function tempered(logits: Tensor, temperature: number): Tensor {
  return temperature === 1 ? logits : divide(logits, temperature);
}
