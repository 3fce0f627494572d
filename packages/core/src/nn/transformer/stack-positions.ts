import { alibi } from "../../attention/position/alibi.ts";
import { type DistanceBuckets, logarithmicBuckets } from "../../attention/position/distance-buckets.ts";
import { LearnedPositions } from "../../attention/position/learned-positions.ts";
import type { PositionBias } from "../../attention/position/position-bias.ts";
import { RelativeBias } from "../../attention/position/relative-bias.ts";
import { sinusoidal } from "../../attention/position/sinusoidal.ts";
import { checkChoice, checkPositive } from "../../check-options.ts";
import { OptionError } from "../../errors.ts";
import { add } from "../../tensor/elementwise.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { ParameterOptions } from "../linear.ts";
import { Module } from "../module.ts";
import type { RotaryAttentionOptions } from "../multi-head-options.ts";

/**
 * What tells a transformer the order of its elements:
 *
 * - `"sinusoidal"` and `"learned"`: added to the elements before the first layer ({@link sinusoidal}, {@link LearnedPositions});
 * - `"rotary"`: queries and keys of self-attention are turned ({@link rotary});
 * - `"relative"` and `"alibi"`: added to the logits of self-attention, one table for all layers ({@link RelativeBias}, {@link alibi});
 * - `"none"`: the elements are a set, or bring their positions with them.
 */
export type PositionChoice = "sinusoidal" | "learned" | "rotary" | "relative" | "alibi" | "none";

/** How a stack of transformer layers knows the order of its elements. */
export interface StackPositionOptions {
  /** Default `"sinusoidal"`. */
  readonly positions?: PositionChoice;
  /** Count of positions that are learned: of the elements of the longest sequence. Default: none; needed by `"learned"`, read by no other. */
  readonly maximumLength?: number;
  /** How distances share what is learned by `"relative"`. Default {@link logarithmicBuckets}, causal where the stack is. */
  readonly distances?: DistanceBuckets;
  /** Base of the wave lengths of `"sinusoidal"` and `"rotary"`. Default 10,000. */
  readonly base?: number;
}

/** The names of {@link StackPositionOptions}. */
export const stackPositionNames: readonly string[] = ["positions", "maximumLength", "distances", "base"];

const choices: readonly string[] = [
  "sinusoidal",
  "learned",
  "rotary",
  "relative",
  "alibi",
  "none",
] satisfies readonly PositionChoice[];

/** What the positions of a stack depend on beside its options. */
export interface StackShape extends ParameterOptions {
  /** Width of the elements. */
  readonly width: number;
  /** Count of heads. */
  readonly heads: number;
  /** Whether elements attend to those before them only. */
  readonly causal: boolean;
}

/** The positions of a stack of transformer layers, shared by its layers. */
export class StackPositions extends Module {
  /** How the order is told. */
  readonly choice: PositionChoice;
  /** The table of `"learned"`; else undefined. */
  readonly learned: LearnedPositions | undefined;
  /** The table of `"relative"`; else undefined. */
  readonly relative: RelativeBias | undefined;
  /** Options of rotary attention; else undefined. */
  readonly rotary: RotaryAttentionOptions | undefined;
  readonly #width: number;
  readonly #heads: number;
  readonly #wave: RotaryAttentionOptions;

  /** @throws OptionError `out-of-range` for an unknown choice or a base that is not positive, `missing-input` for learned positions without a `maximumLength`. */
  constructor(where: string, options: StackPositionOptions, shape: StackShape) {
    super();
    const { positions = "sinusoidal", maximumLength, distances, base } = options;
    checkChoice(where, "positions", positions, choices);
    checkPositive(where, "the base", base ?? 1);
    const { width, heads, causal, random, engine } = shape;
    this.choice = positions;
    this.learned =
      positions === "learned"
        ? new LearnedPositions(neededLength(where, maximumLength), width, { random, engine })
        : undefined;
    this.relative =
      positions === "relative"
        ? new RelativeBias(heads, distances ?? logarithmicBuckets({ causal }), { random, engine })
        : undefined;
    this.#wave = base === undefined ? {} : { base };
    this.rotary = positions === "rotary" ? this.#wave : undefined;
    this.#width = width;
    this.#heads = heads;
  }

  /** Whether anything is added to the elements. */
  get isAdded(): boolean {
    return this.choice === "sinusoidal" || this.learned !== undefined;
  }

  /** The elements with what is added to them for their positions, one for each: `[elements, width]` to the same. */
  addTo(x: Tensor, positions: ArrayLike<number>): Tensor {
    if (this.learned !== undefined) return add(x, this.learned.forward(positions));
    if (this.choice !== "sinusoidal") return x;
    return add(x, sinusoidal(positions, this.#width, { ...this.#wave, engine: x.engine }));
  }

  /** What is added to the logits of self-attention: `receivers` is the position of each receiver, `senders` of each sender. */
  bias(receivers: ArrayLike<number>, senders: ArrayLike<number> = receivers): readonly PositionBias[] {
    if (this.relative !== undefined) return [this.relative.bias({ receivers, senders })];
    return this.choice === "alibi" ? [alibi({ heads: this.#heads, receivers, senders })] : [];
  }
}

function neededLength(where: string, maximumLength: number | undefined): number {
  if (maximumLength !== undefined) return maximumLength;
  throw new OptionError(
    "missing-input",
    `${where}: got learned positions without a maximumLength; expected the length of the longest sequence, because each position is a row ` +
      "of a table.",
  );
}
