import { readSparseGraph } from "../formats/sparse-graph.ts";
import type { CatalogEntry } from "./entry.ts";

export const coauthorCs: CatalogEntry = {
  name: "coauthor-cs",
  title: "Coauthor CS co-authorship network",
  metric: "accuracy",
  nodes: 18333,
  directed: false,
  classNames: [
    "bioinformatics",
    "machine_learning",
    "computer_vision",
    "NLP",
    "graphics",
    "networks",
    "security",
    "databases",
    "data_mining",
    "game_theory",
    "HCI",
    "information_theory",
    "medical_informatics",
    "robotics",
    "theoretical_cs",
  ],
  splitsFrom: "collection",
  splitsHow:
    "After the protocol of Shchur et al. 2018: per class 20 random nodes for training, 30 for validation, the rest for testing, seeds 0-4.",
  published: [
    {
      model: "GCN",
      value: 91.1,
      std: 0.5,
      protocol: "20 train / 30 validation per class, rest test; 100 random splits x 20 runs, largest component",
      source: "Shchur et al., Pitfalls of Graph Neural Network Evaluation, 2018, table 1",
    },
    {
      model: "GAT",
      value: 90.5,
      std: 0.6,
      protocol: "20 train / 30 validation per class, rest test; 100 random splits x 20 runs, largest component",
      source: "Shchur et al., Pitfalls of Graph Neural Network Evaluation, 2018, table 1",
    },
  ],
  source: {
    repository: "https://github.com/EdisonLeeeee/GraphData",
    commit: "f8022c26b917346f2a461ffec0ec5ae24b36de68",
    licence: "MIT (licence file of that repository; the rights of the original data lie with its authors)",
  },
  citation: [
    "Shchur et al., Pitfalls of Graph Neural Network Evaluation, R2L workshop at NeurIPS 2018 (data from the Microsoft Academic Graph, KDD Cup 2016)",
  ],
  files: [
    {
      path: "datasets/coauthor_cs.npz",
      bytes: 2800548,
      sha256: "7b7b51bf270d341f1c4231834c58a526bb04db003fd76a6d2f51ad7d252005ed",
    },
  ],
  fingerprint: "7152551e33562ae60086975c0efe20bfa3415e65cf5803d417acc4f7d46ab031",
  read: (files) => readSparseGraph("coauthor-cs", files.bytes("coauthor_cs.npz")),
};
