import { checkChoice } from "../../check-options.ts";
import type { ParameterOptions } from "../../nn/linear.ts";
import type { AttentionDecoderOptions } from "../../nn/recurrent/attention-decoder.ts";
import { BahdanauDecoder } from "../../nn/recurrent/bahdanau-decoder.ts";
import { LuongDecoder } from "../../nn/recurrent/luong-decoder.ts";
import { TransformerDecoder, type TransformerDecoderOptions } from "../../nn/transformer/decoder.ts";
import { AttendingTargetDecoder } from "./attending-target-decoder.ts";
import { RecurrentTargetDecoder } from "./recurrent-target-decoder.ts";
import type { TargetDecoder } from "./target-decoder.ts";

/** A {@link BahdanauDecoder} or a {@link LuongDecoder} that writes the targets. */
export interface RecurrentDecoderChoice extends Omit<AttentionDecoderOptions, keyof ParameterOptions> {
  /** Whose recurrent decoder. */
  readonly kind: "bahdanau" | "luong";
  /** Width of the states. */
  readonly hidden: number;
}

/** A {@link TransformerDecoder} that writes the targets, as wide as the vectors of the tokens. */
export interface TransformerDecoderChoice
  extends Omit<TransformerDecoderOptions, keyof ParameterOptions | "memoryWidth"> {
  /** A transformer's decoder. */
  readonly kind: "transformer";
}

/** What writes the targets of a model. */
export type TargetDecoderChoice = RecurrentDecoderChoice | TransformerDecoderChoice;

/** What a decoder is made for. */
export interface TargetDecoderShape extends ParameterOptions {
  /** Width of the vectors of the target's tokens. */
  readonly width: number;
  /** Width of what the encoder makes of an element. */
  readonly memory: number;
  /** Width of what the encoder makes of a source as a whole. */
  readonly summary: number;
}

/**
 * The decoder of a choice.
 *
 * @throws OptionError `unknown-option`, `out-of-range` or `missing-input`, as the decoder that is chosen.
 */
export function targetDecoder(
  choice: TargetDecoderChoice,
  { width, memory, summary, random, engine }: TargetDecoderShape,
): TargetDecoder {
  checkChoice("TargetDecoder", "kind", choice.kind, ["bahdanau", "luong", "transformer"]);
  if (choice.kind === "transformer") {
    const { kind, ...options } = choice;
    return new AttendingTargetDecoder(
      new TransformerDecoder(width, { ...options, memoryWidth: memory, random, engine }),
    );
  }
  const { kind, hidden, ...options } = choice;
  const Decoder = kind === "bahdanau" ? BahdanauDecoder : LuongDecoder;
  const decoder = new Decoder({ inputs: width, hidden, memory }, { ...options, random, engine });
  return new RecurrentTargetDecoder(decoder, summary, { random, engine });
}
