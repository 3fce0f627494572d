import { readMusae } from "../formats/musae.ts";
import type { CatalogEntry } from "./entry.ts";
import { TWITCH_FEATURES, twitchFiles } from "./twitch-files.ts";

export const twitchEs: CatalogEntry = {
  name: "twitch-es",
  title: "Twitch streamers, ES (MUSAE): uses explicit language or not",
  metric: "roc-auc",
  nodes: 4648,
  directed: false,
  classNames: ["not mature", "mature"],
  splitsFrom: "collection",
  splitsHow: "Random, stratified by class, 60/20/20 %, seeds 0-4. Not published splits.",
  published: [],
  source: {
    repository: "https://github.com/benedekrozemberczki/datasets",
    commit: "dd4394c41c929dfd93688458be1a4f113e4f9e39",
    licence: "MIT",
  },
  citation: [
    "Rozemberczki, Allen, Sarkar, Multi-scale Attributed Node Embedding, Journal of Complex Networks 9(2), 2021 (arXiv 1909.13021)",
  ],
  files: [
    {
      path: "twitch/ES/ES_edges.csv",
      bytes: 563757,
      sha256: "17801d2cc45fc4909a431ce7a190c0565d4af87b0548ca7705cf2bef7da4c884",
    },
    {
      path: "twitch/ES/ES_features.json",
      bytes: 545028,
      sha256: "598a610ef7e0469c5ad800c11f7ad89797e6a27d7d66b670782a5516cc344725",
    },
    {
      path: "twitch/ES/ES_target.csv",
      bytes: 165932,
      sha256: "f843427bae58289100e78c6c211fa4a1ae0d5fbf2c665841df9e390b00dcffb5",
    },
  ],
  fingerprint: "da51d3f3d9b04f698a7b96ca94a5a17e00ba779d02c9068f2e8e843f143ad188",
  read: (files) => readMusae("twitch-es", twitchFiles("ES", files), 4648, TWITCH_FEATURES),
};
