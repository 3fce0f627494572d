import { readMusae } from "../formats/musae.ts";
import type { CatalogEntry } from "./entry.ts";
import { TWITCH_FEATURES, twitchFiles } from "./twitch-files.ts";

export const twitchPtbr: CatalogEntry = {
  name: "twitch-ptbr",
  title: "Twitch streamers, PTBR (MUSAE): uses explicit language or not",
  metric: "roc-auc",
  nodes: 1912,
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
      path: "twitch/PTBR/PTBR_edges.csv",
      bytes: 275216,
      sha256: "b72d93a3c8a82883771a2f3822fce229885fa0d40367fb105c0535fb36c773b9",
    },
    {
      path: "twitch/PTBR/PTBR_features.json",
      bytes: 229854,
      sha256: "12ba6c60ce009b1bec8fd5ad110539775d14a2b96011df19ba9f72ad1393a406",
    },
    {
      path: "twitch/PTBR/PTBR_target.csv",
      bytes: 67878,
      sha256: "ecba7d1287e72ae7c3f42c922be475283288c0c67346245c72109690460444bd",
    },
  ],
  fingerprint: "7916b883655dc098d4f148b8c31740c958e557010dbc2f4a19f9ee1684fcd37c",
  read: (files) => readMusae("twitch-ptbr", twitchFiles("PTBR", files), 1912, TWITCH_FEATURES),
};
