import type { Matrix } from "ml-matrix";
import { Module, type Training } from "../../nn/module.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { Continuation } from "../generation/token-writer.ts";

/** What targets are written from: of each source its elements, and what stands for it as a whole. */
export interface EncodedSources {
  /** What is attended to, `[elements, memory]`, one source after the other. */
  readonly elements: Tensor;
  /** What a recurrent decoder starts from, `[sources, summary]`, such as the last state of a recurrent encoder. A transformer does not read it. */
  readonly summary: Tensor;
  /** Count of elements of each source. */
  readonly lengths: Uint32Array;
}

/** What writes target sequences from encoded sources. Target `b` belongs to source `b`. */
export abstract class TargetDecoder extends Module {
  /** Width of what tokens are predicted from. */
  abstract readonly outputs: number;
  /** Count of elements that it can read of one target. */
  abstract readonly capacity: number;

  /** All targets with their elements `x` given (teacher forcing), packed: `[elements, width]` to `[elements, outputs]`, the length of each target given. */
  abstract forward(x: Tensor, sources: EncodedSources, lengths: Uint32Array, training?: Training): Tensor;

  /** A row for each source, nothing read yet. */
  abstract begin(sources: EncodedSources): Continuation;

  /** For each target how much each of its elements attends to each of its source, `[target length, source length]`. */
  abstract align(x: Tensor, sources: EncodedSources, lengths: Uint32Array): Matrix[];
}
