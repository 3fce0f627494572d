import type { Neighborhood } from "../attention/neighborhood/neighborhood.ts";
import type { Normalizer } from "../attention/normalize/normalizer.ts";
import type { PositionBias } from "../attention/position/position-bias.ts";
import { scaledDot } from "../attention/score/scaled-dot.ts";
import type { Score } from "../attention/score/score.ts";
import { checkCounts, checkPositive } from "../check-options.ts";
import { checkOptionNames, OptionError } from "../errors.ts";
import { checkProbability } from "../tensor/dropout.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { KeyValue } from "./key-value.ts";
import type { ParameterOptions } from "./linear.ts";
import type { Training } from "./module.ts";

/** Options of {@link MultiHeadAttention}. */
export interface MultiHeadAttentionOptions extends ParameterOptions {
  /** Count of heads that attend side by side. Default 1. */
  readonly heads?: number | undefined;
  /** Width of query and key for each head. Default `width / heads`. */
  readonly channels?: number | undefined;
  /** Width of value for each head. Default `channels`. */
  readonly valueChannels?: number | undefined;
  /**
   * Count of key/value heads; `heads` is a multiple of it, and each of them serves `heads / keyValueHeads` query heads in a row. 1 is
   * multi-query attention. Default `heads`.
   */
  readonly keyValueHeads?: number | undefined;
  /** Width of what is attended to. Default `width`. */
  readonly keyInputs?: number;
  /** Width of what values are made from. Default `keyInputs`. */
  readonly valueInputs?: number;
  /** Width of the output. Default `width`. */
  readonly outputs?: number;
  /** Whether the projections add a learned vector. Default true. */
  readonly bias?: boolean | undefined;
  /** Its parameters are learned by the module, `scoreParameters.<name>`. Default {@link scaledDot}. */
  readonly score?: Score | undefined;
  /** Default: softmax. */
  readonly normalizer?: Normalizer | undefined;
  /** Probability with which a weight is dropped while training. Default 0. */
  readonly dropout?: number;
  /** Whether queries and keys are turned by their positions, {@link rotary}, with its base if given. Default false. */
  readonly rotary?: boolean | RotaryAttentionOptions;
}

/** How the queries and keys of a {@link MultiHeadAttention} are turned by their positions. */
export interface RotaryAttentionOptions {
  /** Base of the wave lengths. Default 10,000. */
  readonly base?: number;
}

const optionNames = [
  "random",
  "engine",
  "heads",
  "channels",
  "valueChannels",
  "keyValueHeads",
  "keyInputs",
  "valueInputs",
  "outputs",
  "bias",
  "score",
  "normalizer",
  "dropout",
  "rotary",
];

/** What {@link MultiHeadAttention.remember} reads beside the elements. */
export interface RememberContext {
  /** What values are made from, `[senders, valueInputs]`. Default: what keys are made from. */
  readonly valueMemory?: Tensor | undefined;
  /** The position of each element; needed by rotary attention and read by no other. */
  readonly positions?: ArrayLike<number> | undefined;
}

/** What {@link MultiHeadAttention.forward} reads beside the elements that attend. */
export interface MultiHeadAttentionContext {
  /** Who attends to whom. */
  readonly neighborhood: Neighborhood;
  /** What is attended to, `[senders, keyInputs]`, or remembered. Default: the elements that attend, which is self-attention. */
  readonly memory?: Tensor | KeyValue | undefined;
  /** What values are made from, `[senders, valueInputs]`. Default: `memory`. */
  readonly valueMemory?: Tensor | undefined;
  /** Terms added to the logits, by where the two of a pair stand. Default: none. */
  readonly bias?: readonly PositionBias[] | undefined;
  /** Of each pair, where the score declares it: `[edges, heads, channels]` or `[edges, heads]`. */
  readonly edge?: Tensor | undefined;
  /** The position of each receiver; needed by rotary attention and read by no other. */
  readonly positions?: ArrayLike<number> | undefined;
  /** The position of each element of `memory`; needed by rotary attention to a memory that is not remembered, and read by no other. */
  readonly memoryPositions?: ArrayLike<number> | undefined;
  /** Given while training: where dropout and sampling draw their seed. */
  readonly training?: Training | undefined;
}

/** The shape of a {@link MultiHeadAttention}: its options with their defaults, checked. */
export interface MultiHeadShape {
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly channels: number;
  readonly valueChannels: number;
  readonly keyInputs: number;
  readonly valueInputs: number;
  readonly outputs: number;
  readonly dropout: number;
  readonly score: Score;
  readonly rotary: RotaryAttentionOptions | undefined;
}

const where = "MultiHeadAttention";

/** Fills in the defaults and refuses what cannot be. */
export function multiHeadShape(width: number, options: MultiHeadAttentionOptions): MultiHeadShape {
  checkOptionNames(where, options, optionNames);
  const { heads = 1, keyInputs = width, outputs = width, dropout = 0, score = scaledDot() } = options;
  const { valueInputs = keyInputs, keyValueHeads = heads } = options;
  checkCounts(where, { width, heads, keyValueHeads, keyInputs, valueInputs, outputs });
  const { channels = dividedAmong(heads, width) } = options;
  const { valueChannels = channels } = options;
  checkCounts(where, { channels, valueChannels });
  if (heads % keyValueHeads !== 0) {
    throw new OptionError(
      "out-of-range",
      `${where}: got ${heads} heads and ${keyValueHeads} key/value heads; expected heads that are a multiple of the key/value heads.`,
    );
  }
  checkProbability(where, dropout);
  const rotary = rotaryOptions(options.rotary, channels);
  return {
    heads,
    keyValueHeads,
    channels,
    valueChannels,
    keyInputs,
    valueInputs,
    outputs,
    dropout,
    score,
    rotary,
  };
}

function dividedAmong(heads: number, width: number): number {
  if (width % heads === 0) return width / heads;
  throw new OptionError(
    "out-of-range",
    `${where}: got ${heads} heads for the width ${width}; expected heads that divide it. Or say the width of a head: \`channels\`.`,
  );
}

function rotaryOptions(
  given: boolean | RotaryAttentionOptions | undefined,
  channels: number,
): RotaryAttentionOptions | undefined {
  if (given === undefined || given === false) return undefined;
  const options = given === true ? {} : given;
  checkOptionNames(`${where}.rotary`, options, ["base"]);
  checkPositive(where, "the base", options.base ?? 1);
  if (channels % 2 === 0) return options;
  throw new OptionError(
    "out-of-range",
    `${where}: got ${channels} channels for each head; expected an even count, because rotary attention turns pairs of them.`,
  );
}
