import { checkChoice, checkCounts } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import { FeedForward, type FeedForwardOptions } from "../feed-forward.ts";
import type { ParameterOptions } from "../linear.ts";
import type { MultiHeadAttentionOptions } from "../multi-head-options.ts";
import { type Normalization, Residual } from "./residual.ts";

/** Options of {@link TransformerEncoderLayer} and {@link TransformerDecoderLayer}. */
export interface TransformerLayerOptions
  extends ParameterOptions,
    Pick<
      MultiHeadAttentionOptions,
      "heads" | "channels" | "valueChannels" | "keyValueHeads" | "bias" | "score" | "normalizer" | "rotary"
    >,
    Pick<FeedForwardOptions, "hidden" | "activation"> {
  /** Where to normalize. Default `"post"`, as PyTorch. */
  readonly normalization?: Normalization;
  /** Probability of dropout, on the output of each sublayer and on the hidden numbers of the feed-forward. Default 0; PyTorch's is 0.1. */
  readonly dropout?: number;
  /** Probability with which an attention weight is dropped. Default `dropout`. */
  readonly attentionDropout?: number;
  /** Added to the variance when normalizing. Default 1e-5. */
  readonly epsilon?: number;
}

/** The names of {@link TransformerLayerOptions}. */
export const layerOptionNames: readonly string[] = [
  "random",
  "engine",
  "heads",
  "channels",
  "valueChannels",
  "keyValueHeads",
  "bias",
  "score",
  "normalizer",
  "rotary",
  "hidden",
  "activation",
  "normalization",
  "dropout",
  "attentionDropout",
  "epsilon",
];

/** What the parts of a layer are made with: every option in the hands of the part that reads it. */
export interface LayerParts {
  /** Options of each attention, but for what turns queries and keys. */
  readonly attention: MultiHeadAttentionOptions;
  /** Makes the feed-forward. */
  readonly feedForward: () => FeedForward;
  /** Makes the path around a sublayer. */
  readonly residual: () => Residual;
}

/**
 * Sorts the options of a layer.
 *
 * @throws OptionError `unknown-option`, and `out-of-range` for a width or a place of normalization that cannot be.
 */
export function layerParts(
  where: string,
  width: number,
  options: TransformerLayerOptions,
  moreNames: readonly string[] = [],
): LayerParts {
  checkOptionNames(where, options, [...layerOptionNames, ...moreNames]);
  checkCounts(where, { width });
  const { random, engine, heads, channels, valueChannels, keyValueHeads, bias, score, normalizer } = options;
  const { hidden, activation, normalization = "post", dropout = 0, attentionDropout = dropout, epsilon } = options;
  checkChoice(where, "normalization", normalization, ["pre", "post"] satisfies readonly Normalization[]);
  return {
    attention: {
      random,
      engine,
      dropout: attentionDropout,
      heads,
      channels,
      valueChannels,
      keyValueHeads,
      bias,
      score,
      normalizer,
    },
    feedForward: () => new FeedForward(width, { random, engine, dropout, hidden, activation, bias }),
    residual: () => new Residual(width, { engine, normalization, dropout, epsilon }),
  };
}
