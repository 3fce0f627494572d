import type { Matrix } from "ml-matrix";
import { Module, type Training } from "../../nn/module.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { EncodedSequences } from "../encoder/sequence-encoder.ts";
import type { Continuation } from "../generation/token-writer.ts";

/** What writes target sequences from encoded sources. Target `b` belongs to source `b`. */
export abstract class TargetDecoder extends Module {
  /** Width of what tokens are predicted from. */
  abstract readonly outputs: number;
  /** Count of elements that it can read of one target. */
  abstract readonly capacity: number;

  /** All targets with their elements `x` given (teacher forcing), packed: `[elements, width]` to `[elements, outputs]`. */
  abstract forward(x: Tensor, sources: EncodedSequences, lengths: Uint32Array, training?: Training): Tensor;

  /** A row for each source, nothing read yet. */
  abstract begin(sources: EncodedSequences): Continuation;

  /** For each target how much each of its elements attends to each of its source, `[target length, source length]`. */
  abstract align(x: Tensor, sources: EncodedSequences, lengths: Uint32Array): Matrix[];
}
