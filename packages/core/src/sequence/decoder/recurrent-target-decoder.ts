import { Matrix } from "ml-matrix";
import { Linear, type ParameterOptions } from "../../nn/linear.ts";
import type { Training } from "../../nn/module.ts";
import type { AttentionDecoder } from "../../nn/recurrent/attention-decoder.ts";
import type { DecoderMemory } from "../../nn/recurrent/decoder-memory.ts";
import { type DecoderState, reorderState } from "../../nn/recurrent/decoder-state.ts";
import { tanh } from "../../tensor/elementwise.ts";
import { scope } from "../../tensor/scope.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { type Continuation, continuation } from "../generation/token-writer.ts";
import { splitByLengths } from "../tokens/packed-batch.ts";
import { type EncodedSources, TargetDecoder } from "./target-decoder.ts";

/** What a recurrent decoder carries for rows that are being written. */
interface WrittenState {
  readonly decoder: DecoderState;
  readonly memory: DecoderMemory;
  /** The source of each row. */
  readonly sequences: Uint32Array;
}

/**
 * An {@link AttentionDecoder} that starts from what stands for the source as a whole, by a learned bridge for each of its layers (Bahdanau, Cho
 * and Bengio, ICLR 2015, appendix A.2.2): `s_0 = tanh(W summary + b)`.
 */
export class RecurrentTargetDecoder extends TargetDecoder {
  readonly decoder: AttentionDecoder;
  /** For each layer of the decoder, from what stands for the source to its first state. */
  readonly bridge: readonly Linear[];
  readonly capacity = Number.POSITIVE_INFINITY;

  /**
   * @param decoder Whose memory is as wide as what the encoder makes.
   * @param summary Width of what stands for a source as a whole.
   */
  constructor(decoder: AttentionDecoder, summary: number, { random, engine }: ParameterOptions) {
    super();
    this.decoder = decoder;
    this.bridge = decoder.cells.map(() => new Linear(summary, decoder.hidden, { random, engine }));
  }

  get outputs(): number {
    return this.decoder.hidden;
  }

  forward(x: Tensor, sources: EncodedSources, lengths: Uint32Array, training?: Training): Tensor {
    const { decoder, memory } = this.#start(sources);
    return this.decoder.forward(x, memory, { lengths, state: decoder, training });
  }

  begin(sources: EncodedSources): Continuation {
    return continuation(
      {
        step: (x, state) => {
          const { decoder, memory, sequences } = state;
          const step = this.decoder.step(x, decoder, memory, { sequences });
          return { output: step.output, state: { ...state, decoder: step.state } };
        },
        select: ({ decoder, memory, sequences }, rows) => ({
          memory,
          decoder: reorderState(decoder, rows),
          sequences: rows.map((row) => sequences[row]!),
        }),
      },
      this.#start(sources),
    );
  }

  align(x: Tensor, sources: EncodedSources, lengths: Uint32Array): Matrix[] {
    const matrices = Array.from(lengths, (length, b) => Matrix.zeros(length, sources.lengths[b]!));
    const { decoder: start, memory } = this.#start(sources);
    let t = 0;
    this.decoder.walk(x, memory, { lengths, state: start }, (input, state, running) =>
      scope(() => {
        const step = this.decoder.step(input, state, memory, { sequences: running, weights: true });
        const columns = running.map((b) => sources.lengths[b]!);
        splitByLengths(step.weights!.dataSync(), columns).forEach((own, k) => {
          matrices[running[k]!]!.setRow(t, own);
        });
        t++;
        return step.state;
      }),
    );
    return matrices;
  }

  #start({ elements, summary, lengths }: EncodedSources): WrittenState {
    const hidden = this.bridge.map((bridge) => tanh(bridge.forward(summary)));
    return {
      decoder: this.decoder.start(lengths.length, hidden),
      memory: this.decoder.remember(elements, lengths),
      sequences: Uint32Array.from(lengths.keys()),
    };
  }
}
