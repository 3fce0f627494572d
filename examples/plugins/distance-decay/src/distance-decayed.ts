import { checkOptionNames, defineScore, OptionError, type Score } from "@vicinal/core";

/** Options of {@link distanceDecayed}. */
export interface DistanceDecayedOptions {
  /** What distances are divided by: where softmax would otherwise have to learn how large they are. Default 1, in the unit of the distances. */
  readonly scale?: number;
}

/**
 * Scaled dot attention that fades with the distance between the two, each head at a rate of its own:
 *
 *     score_ij = dot(query_i, key_j) / sqrt(channels) - softplus(decay) * distance_ij / scale
 *
 * Under softmax a sender counts `exp(-rate * distance)` of what it would count nearby: the linear bias of ALiBi (Press, Smith and Lewis, 2022), with
 * distances of a graph's edges in place of positions and rates that are learned. `edge` is the distance, `[edges, heads]`; `decay` is `[heads]`.
 *
 * @throws OptionError `out-of-range` unless the scale is positive; `unknown-option`.
 */
export function distanceDecayed(options: DistanceDecayedOptions = {}): Score<{ decay: "scalar" }> {
  checkOptionNames("distanceDecayed", options, ["scale"]);
  const { scale = 1 } = options;
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new OptionError("out-of-range", `distanceDecayed: got the scale ${scale}; expected a positive number.`);
  }
  return defineScore("distance-decayed", {
    parameters: { decay: "scalar" },
    edge: "scalar",
    score: ({ query, key, edge, decay }, { channels }) =>
      query
        .dot(key)
        .multiply(1 / Math.sqrt(channels))
        .subtract(
          decay
            .softplus()
            .multiply(edge)
            .multiply(1 / scale),
        ),
  });
}
