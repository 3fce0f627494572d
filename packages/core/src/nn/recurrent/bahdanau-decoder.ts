import { additiveTanh } from "../../attention/score/additive-tanh.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import {
  AttentionDecoder,
  type AttentionDecoderOptions,
  type DecoderStep,
  type DecoderStepOptions,
  type DecoderWidths,
} from "./attention-decoder.ts";
import type { DecoderMemory } from "./decoder-memory.ts";
import type { DecoderState } from "./decoder-state.ts";

/**
 * The decoder of Bahdanau, Cho and Bengio (ICLR 2015, section 3.1): the state before the step looks for what matters, and what it finds is read
 * beside the input:
 *
 *     c_t = sum over j of softmax_j(dot(a, tanh(W s_(t-1) + U m_j))) * m_j
 *     s_t = GRU([x_t; c_t], s_(t-1))
 *
 * The output is `s_t`. Where the paper predicts the next token from the context and the input as well, through a maxout layer, it is the state
 * alone that carries them here. In layers, the query is the state of the last one, and the first one reads the context.
 */
export class BahdanauDecoder extends AttentionDecoder {
  /** @throws OptionError `unknown-option`, or `out-of-range` for a width, layers, dropout or `project`. */
  constructor(widths: DecoderWidths, options: AttentionDecoderOptions) {
    const { score = additiveTanh(), project = "both" } = options;
    super("BahdanauDecoder", widths, widths.memory ?? widths.hidden, { ...options, score, project });
  }

  step(input: Tensor, state: DecoderState, memory: DecoderMemory, options: DecoderStepOptions = {}): DecoderStep {
    const { context, ...rest } = this.read(state.hidden.at(-1)!, memory, options);
    const hidden = this.advance(input, context, state, options);
    return { state: { hidden }, output: hidden.at(-1)!, ...rest };
  }
}
