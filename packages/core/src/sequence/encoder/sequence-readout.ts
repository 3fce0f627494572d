import { Matrix } from "ml-matrix";
import { attend } from "../../attention/attend.ts";
import type { AttendInputs } from "../../attention/inputs.ts";
import type { Neighborhood } from "../../attention/neighborhood/neighborhood.ts";
import { sequenceStarts } from "../../attention/neighborhood/sequence-starts.ts";
import { sequences } from "../../attention/neighborhood/sequences.ts";
import { dot } from "../../attention/score/dot.ts";
import { checkChoice } from "../../check-options.ts";
import { OptionError } from "../../errors.ts";
import { uniform } from "../../nn/initialize.ts";
import { Linear, type ParameterOptions } from "../../nn/linear.ts";
import { Module } from "../../nn/module.ts";
import { parameter, tensor } from "../../tensor/create.ts";
import { multiply, tanh } from "../../tensor/elementwise.ts";
import { reshape } from "../../tensor/reshape.ts";
import { segmentSum } from "../../tensor/rows.ts";
import { broadcastTo } from "../../tensor/sum.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { splitByLengths } from "../tokens/packed-batch.ts";
import type { EncodedSequences } from "./sequence-encoder.ts";

/**
 * How the elements of a sequence become one vector:
 *
 * - `"attention"`: their weighted sum, {@link SequenceAttentionReadout};
 * - `"mean"`: their mean;
 * - `"last"`: what the encoder ended with.
 */
export type SequenceReadoutName = "attention" | "mean" | "last";

/** What a read-out gives with its weights. */
export interface SequenceReadoutAttention {
  /** `[sequences, width]`. */
  readonly output: Tensor;
  /** Of each sequence how much each element counts, `[1, length]`: a row that sums to 1. */
  readonly weights: readonly Matrix[];
}

/** Makes one vector of each sequence: `[elements, width]` to `[sequences, width]`. */
export abstract class SequenceReadout extends Module {
  /** `[sequences, width]`. */
  abstract forward(encoded: EncodedSequences): Tensor;

  /** @throws OptionError `no-attention` where the elements have no learned weights. */
  detailed(_encoded: EncodedSequences): SequenceReadoutAttention {
    throw new OptionError(
      "no-attention",
      'SequenceReadout: got a read-out without attention; expected readout: "attention", because the weights were asked for.',
    );
  }
}

/** @throws OptionError `out-of-range` for a choice that there is not. */
export function readoutOf(choice: SequenceReadoutName, width: number, options: ParameterOptions): SequenceReadout {
  checkChoice("SequenceReadout", "readout", choice, [
    "attention",
    "mean",
    "last",
  ] satisfies readonly SequenceReadoutName[]);
  if (choice === "attention") return new SequenceAttentionReadout(width, options);
  return choice === "mean" ? new MeanReadout() : new LastReadout();
}

/**
 * Attention over the elements of a sequence by a learned query (Yang et al., "Hierarchical attention networks for document classification",
 * NAACL 2016, eq. 5 to 7): the neighborhood of a sequence are its elements,
 *
 *     out_s = sum over i in s of softmax_i(dot(u, tanh(W x_i + b))) * x_i
 */
export class SequenceAttentionReadout extends SequenceReadout {
  /** `W` and `b`, `[width]` to `[width]`. */
  readonly keyProjection: Linear;
  /** `u`, `[1, 1, width]`, at first uniform in ± 1 / sqrt(width). */
  readonly query: Tensor;

  constructor(width: number, { random, engine }: ParameterOptions) {
    super();
    this.keyProjection = new Linear(width, width, { random, engine });
    const shape = [1, 1, width];
    this.query = parameter(uniform(random, shape, 1 / Math.sqrt(width)), shape, { engine });
  }

  forward(encoded: EncodedSequences): Tensor {
    const { neighborhood, inputs } = this.#prepare(encoded);
    return flat(attend(neighborhood, inputs, { score: dot(), parameters: {} }));
  }

  override detailed(encoded: EncodedSequences): SequenceReadoutAttention {
    const { neighborhood, inputs } = this.#prepare(encoded);
    const { output, weights } = attend.detailed(neighborhood, inputs, { score: dot(), parameters: {} });
    const ofSequences = splitByLengths(weights.dataSync(), encoded.lengths);
    return { output: flat(output), weights: ofSequences.map((own) => Matrix.rowVector(own)) };
  }

  #prepare({ elements, lengths }: EncodedSequences): {
    readonly neighborhood: Neighborhood;
    readonly inputs: AttendInputs;
  } {
    const [count = 0, width = 0] = elements.shape;
    const perElement = [count, 1, width];
    return {
      neighborhood: sequences(new Uint32Array(lengths.length).fill(1), { senders: lengths }),
      inputs: {
        query: broadcastTo(this.query, [lengths.length, 1, width]),
        key: reshape(tanh(this.keyProjection.forward(elements)), perElement),
        value: reshape(elements, perElement),
      },
    };
  }
}

class MeanReadout extends SequenceReadout {
  forward({ elements, lengths }: EncodedSequences): Tensor {
    const offsets = sequenceStarts("SequenceReadout", lengths);
    const shares = tensor(
      Float64Array.from(lengths, (length) => 1 / length),
      [lengths.length, 1],
      { engine: elements.engine },
    );
    return multiply(segmentSum(elements, { offsets, permutation: undefined }), shares);
  }
}

class LastReadout extends SequenceReadout {
  forward({ last }: EncodedSequences): Tensor {
    return last;
  }
}

/** One head's `[sequences, 1, width]` as `[sequences, width]`. */
function flat(x: Tensor): Tensor {
  const [count = 0, , width = 0] = x.shape;
  return reshape(x, [count, width]);
}
