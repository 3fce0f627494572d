import { readPlanetoid } from "../formats/planetoid.ts";
import type { CatalogEntry } from "./entry.ts";

export const citeseer: CatalogEntry = {
  name: "citeseer",
  title: "Citeseer citation network (Planetoid)",
  metric: "accuracy",
  nodes: 3327,
  directed: false,
  classNames: ["AI", "ML", "IR", "DB", "Agents", "HCI"],
  splitsFrom: "published",
  splitsHow:
    "The public Planetoid split: the first 120 rows of the source (20 per class) for training, the next 500 rows for validation, the 1000 nodes of test.index for testing.",
  published: [
    {
      model: "MLP",
      value: 46.5,
      std: undefined,
      protocol: "public split",
      source: "Velickovic et al., Graph Attention Networks, ICLR 2018, table 2",
    },
    {
      model: "GCN",
      value: 70.3,
      std: undefined,
      protocol: "public split, best published by Kipf and Welling 2017",
      source: "Velickovic et al., Graph Attention Networks, ICLR 2018, table 2",
    },
    {
      model: "GAT",
      value: 72.5,
      std: 0.7,
      protocol: "public split, mean of 100 runs",
      source: "Velickovic et al., Graph Attention Networks, ICLR 2018, table 2",
    },
  ],
  source: {
    repository: "https://github.com/kimiyoung/planetoid",
    commit: "af6abf468a772cc055bec88c52e4d6f51b7c37e3",
    licence: "MIT (licence file of the repository)",
  },
  citation: [
    "Sen et al., Collective Classification in Network Data, AI Magazine 29(3), 2008",
    "Yang, Cohen, Salakhutdinov, Revisiting Semi-Supervised Learning with Graph Embeddings, ICML 2016",
  ],
  files: [
    {
      path: "data/ind.citeseer.allx",
      bytes: 595021,
      sha256: "2ac30345d95c9ec933a817ee0bdd6a5f077f8c184a20e696910192d534414668",
    },
    {
      path: "data/ind.citeseer.ally",
      bytes: 55623,
      sha256: "f704b2d986dde6c2669934de1f3ae5696a6cf9455c0f6b2646a2d135ea0a1c95",
    },
    {
      path: "data/ind.citeseer.graph",
      bytes: 61987,
      sha256: "d79a4ef9d3e7169aee8946145f6b7306e35bc79bffad26346cfb94e10e9912a7",
    },
    {
      path: "data/ind.citeseer.test.index",
      bytes: 5000,
      sha256: "2af990671580b6b2df5d158d1038f8292e30c9cd821b5453f399659b25b723d4",
    },
    {
      path: "data/ind.citeseer.tx",
      bytes: 260321,
      sha256: "539a8906a2da97628d212f2fdd668c109a8b3f0d36574b59e5d3fd5b5303da21",
    },
    {
      path: "data/ind.citeseer.ty",
      bytes: 24135,
      sha256: "55e5bd1ba1e733a04598753ad1a8d57957f4b8f89e74519f41f4f4938767e4ce",
    },
    {
      path: "data/ind.citeseer.x",
      bytes: 31087,
      sha256: "d20de19150741e555de0ed037195630fc194114ebc7fd72ced62810148aa22f6",
    },
    {
      path: "data/ind.citeseer.y",
      bytes: 3014,
      sha256: "8ba87e515d8e3ee3cf52f6d2c5b86aa73f11ecad825a808455209ec26cd54924",
    },
  ],
  fingerprint: "c3495edb2cf87d203559bd915cafe58e98b94c3723c1e2f578e1df2ac87fe863",
  read: (files) => readPlanetoid("citeseer", files),
};
