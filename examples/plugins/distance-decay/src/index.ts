import { definePlugin } from "@vicinal/core";
import { distanceDecayed } from "./distance-decayed.ts";

export { type DistanceDecayedOptions, distanceDecayed } from "./distance-decayed.ts";

/** Attention that fades with distance, by the name `distance-decayed`. */
export const distanceDecayPlugin = definePlugin({
  name: "@vicinal/example-plugin-distance-decay",
  version: "0.1.0",
  needs: { "@vicinal/core": "^0.1.0" },
  scores: { "distance-decayed": distanceDecayed },
});
