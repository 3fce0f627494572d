import type { MusaeFiles } from "../formats/musae.ts";
import type { PublishedFiles } from "../formats/published-form.ts";

/** The three files of a Twitch network, which are called after its language. */
export function twitchFiles(language: "ES" | "PTBR", files: PublishedFiles): MusaeFiles {
  return {
    edges: files.bytes(`${language}_edges.csv`),
    target: files.bytes(`${language}_target.csv`),
    features: files.bytes(`${language}_features.json`),
    ends: ["from", "to"],
    node: "new_id",
    label: "mature",
    classOf: new Map([
      ["False", 0],
      ["True", 1],
    ]),
  };
}

/** The Twitch networks share one feature space, so that a model trained on one can be applied to another. */
export const TWITCH_FEATURES = 3170;
