import { checkCounts } from "../../check-options.ts";
import { checkOptionNames } from "../../errors.ts";
import type { ParameterOptions } from "../../nn/linear.ts";
import { Module } from "../../nn/module.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import type { DistanceBuckets } from "./distance-buckets.ts";
import { normalTable } from "./normal-table.ts";
import { PositionBias } from "./position-bias.ts";
import { positionLookup, type SidePositions } from "./positions.ts";

/**
 * A learned number for each distance and head, added to the logits (Raffel et al., 2020, section 2.1): `table[bucket(position_j -
 * position_i), h]`. The buckets are {@link clippedBuckets} or {@link logarithmicBuckets}. T5 shares one such table among all layers.
 */
export class RelativeBias extends Module {
  /** Count of heads. */
  readonly heads: number;
  /** How distances share the rows of the table. */
  readonly distances: DistanceBuckets;
  /** `[buckets, heads]`, at first normally distributed with deviation 0.02. */
  readonly weight: Tensor;

  #ofElements: PositionBias | undefined;

  /** @throws OptionError `out-of-range` unless `heads` is a positive whole number; `unknown-option`. */
  constructor(heads: number, distances: DistanceBuckets, options: ParameterOptions) {
    super();
    checkOptionNames("RelativeBias", options, ["random", "engine"]);
    checkCounts("RelativeBias", { heads });
    this.heads = heads;
    this.distances = distances;
    this.weight = normalTable([distances.buckets, heads], options);
  }

  /**
   * The term for elements that stand at these positions, by default at their numbers. Keep it for as long as the positions are the same:
   * which row each pair of a neighborhood reads is then computed once.
   *
   * @throws DataError `not-a-position` for one that is no whole number.
   */
  bias(positions: SidePositions = {}): PositionBias {
    checkOptionNames("RelativeBias.bias", positions, ["receivers", "senders"]);
    const { receivers, senders } = positions;
    if (receivers !== undefined || senders !== undefined) return this.#biasOf(positions);
    this.#ofElements ??= this.#biasOf({});
    return this.#ofElements;
  }

  #biasOf({ receivers, senders }: SidePositions): PositionBias {
    const { distances, weight } = this;
    const receiverPosition = positionLookup("RelativeBias", "receiver", receivers);
    const senderPosition = positionLookup("RelativeBias", "sender", senders);
    return new PositionBias({
      name: `relative, ${distances.name}`,
      buckets: distances.buckets,
      bucketOf: (receiver, sender) => distances.bucketOf(senderPosition(sender) - receiverPosition(receiver)),
      table: () => weight,
    });
  }
}
