import { numberedClasses } from "../class-names.ts";
import { readHeterophilous } from "../formats/heterophilous.ts";
import type { CatalogEntry } from "./entry.ts";

export const squirrelFiltered: CatalogEntry = {
  name: "squirrel-filtered",
  title: "Squirrel Wikipedia pages without duplicates (heterophilous)",
  metric: "accuracy",
  nodes: 2223,
  directed: false,
  classNames: numberedClasses(5),
  splitsFrom: "published",
  splitsHow: "The 10 splits that come with the data file.",
  published: [
    {
      model: "GCN",
      value: 39.47,
      std: 1.47,
      protocol: "10 published splits, mean over splits",
      source:
        "Platonov et al., A Critical Look at the Evaluation of GNNs under Heterophily: Are We Really Making Progress?, ICLR 2023, table 2",
    },
    {
      model: "GAT",
      value: 35.62,
      std: 2.06,
      protocol: "10 published splits, mean over splits",
      source:
        "Platonov et al., A Critical Look at the Evaluation of GNNs under Heterophily: Are We Really Making Progress?, ICLR 2023, table 2",
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
    // Git calls this content the blob a59f6d2e0dc1f11b8e503c426e86f53124c21eb1.
    {
      path: "data/squirrel_filtered.npz",
      bytes: 208215,
      sha256: "f06370ffb3116c5de8b7a600005400b2293c025e0ce2f6916d8201a825505ac7",
    },
  ],
  fingerprint: "83caf6a25655cebedf55ff171a79e72f7dfbe30b050c277ade97481d9d4d46bf",
  read: (files) => readHeterophilous("squirrel-filtered", files.bytes("squirrel_filtered.npz"), "csr"),
};
