import { dot } from "../../attention/score/dot.ts";
import { concatenate } from "../../tensor/arrange.ts";
import { tanh } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Linear } from "../linear.ts";
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
 * The decoder of Luong, Pham and Manning (EMNLP 2015, eq. 5 to 8) with global attention and input feeding: the state after the step looks for
 * what matters, and what comes of it is read by the next step beside its input:
 *
 *     h_t = GRU([x_t; h~_(t-1)], h_(t-1))
 *     c_t = sum over j of softmax_j(dot(h_t, W_a m_j)) * m_j
 *     h~_t = tanh(W_c [c_t; h_t])
 *
 * The output is the attentional state `h~_t`, zeros before the first step. The score is their "general"; their "dot" is `project: "none"`. They
 * use long short-term memory where this uses gated recurrent units. In layers, the query is the state of the last one.
 */
export class LuongDecoder extends AttentionDecoder {
  /** `W_c`, `[memoryWidth + hidden]` to `[hidden]`, without a bias. */
  readonly outputProjection: Linear;

  /** @throws OptionError `unknown-option`, or `out-of-range` for a width, layers, dropout or `project`. */
  constructor(widths: DecoderWidths, options: AttentionDecoderOptions) {
    const { score = dot(), project = "key" } = options;
    super("LuongDecoder", widths, widths.hidden, { ...options, score, project });
    this.outputProjection = new Linear(this.memoryWidth + this.hidden, this.hidden, { ...options, bias: false });
  }

  override start(rows: number, hidden?: readonly Tensor[]): DecoderState {
    return { ...super.start(rows, hidden), fed: this.zeros(rows) };
  }

  step(input: Tensor, state: DecoderState, memory: DecoderMemory, options: DecoderStepOptions = {}): DecoderStep {
    const hidden = this.advance(input, state.fed ?? this.zeros(input.shape[0] ?? 0), state, options);
    const { context, ...rest } = this.read(hidden.at(-1)!, memory, options);
    const output = tanh(this.outputProjection.forward(concatenate([context, hidden.at(-1)!], 1)));
    return { state: { hidden, fed: output }, output, ...rest };
  }
}
