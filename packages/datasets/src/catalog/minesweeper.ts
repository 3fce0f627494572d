import { readHeterophilous } from "../formats/heterophilous.ts";
import type { CatalogEntry } from "./entry.ts";

export const minesweeper: CatalogEntry = {
  name: "minesweeper",
  title: "Minesweeper grid (heterophilous, synthetic)",
  metric: "roc-auc",
  nodes: 10000,
  directed: false,
  classNames: ["no mine", "mine"],
  splitsFrom: "published",
  splitsHow: "The 10 published splits (50/25/25 %) that come with the data.",
  published: [
    {
      model: "ResNet (no graph)",
      value: 50.89,
      std: 1.39,
      protocol: "10 published splits, mean over splits",
      source: "notebooks/results.ipynb of the source repository; table 4 of the paper",
    },
    {
      model: "GCN",
      value: 89.75,
      std: 0.52,
      protocol: "10 published splits, mean over splits",
      source: "notebooks/results.ipynb of the source repository; table 4 of the paper",
    },
    {
      model: "SAGE",
      value: 93.51,
      std: 0.57,
      protocol: "10 published splits, mean over splits",
      source: "notebooks/results.ipynb of the source repository; table 4 of the paper",
    },
    {
      model: "GAT",
      value: 92.01,
      std: 0.68,
      protocol: "10 published splits, mean over splits",
      source: "notebooks/results.ipynb of the source repository; table 4 of the paper",
    },
    {
      model: "GAT-sep",
      value: 93.91,
      std: 0.35,
      protocol: "10 published splits, mean over splits",
      source: "notebooks/results.ipynb of the source repository; table 4 of the paper",
    },
    {
      model: "GT",
      value: 91.85,
      std: 0.76,
      protocol: "10 published splits, mean over splits",
      source: "notebooks/results.ipynb of the source repository; table 4 of the paper",
    },
  ],
  source: {
    repository: "https://github.com/yandex-research/heterophilous-graphs",
    commit: "a431395582e929d88271309716bea4fe24ce6318",
    licence: "MIT",
  },
  citation: [
    "Platonov et al., A Critical Look at the Evaluation of GNNs under Heterophily: Are We Really Making Progress?, ICLR 2023",
  ],
  files: [
    {
      path: "data/minesweeper.npz",
      bytes: 135045,
      sha256: "e664c8dacf1e8ac466c2c09ed4b237bd2c5541f47a6eae9c6092cb87f16412b3",
    },
  ],
  fingerprint: "8959ebff52503502ab861cca12720d3b62938c5bb53f5bd377dcdc3ed346e9bc",
  read: (files) => readHeterophilous("minesweeper", files.bytes("minesweeper.npz"), "dense"),
};
