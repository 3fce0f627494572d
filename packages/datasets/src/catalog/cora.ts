import { readPlanetoid } from "../formats/planetoid.ts";
import type { CatalogEntry } from "./entry.ts";

export const cora: CatalogEntry = {
  name: "cora",
  title: "Cora citation network (Planetoid)",
  metric: "accuracy",
  nodes: 2708,
  directed: false,
  classNames: [
    "Theory",
    "Reinforcement_Learning",
    "Genetic_Algorithms",
    "Neural_Networks",
    "Probabilistic_Methods",
    "Case_Based",
    "Rule_Learning",
  ],
  splitsFrom: "published",
  splitsHow:
    "The public Planetoid split: the first 140 rows of the source (20 per class) for training, the next 500 rows for validation, the 1000 nodes of test.index for testing.",
  published: [
    {
      model: "MLP",
      value: 55.1,
      std: undefined,
      protocol: "public split",
      source: "Velickovic et al., Graph Attention Networks, ICLR 2018, table 2",
    },
    {
      model: "GCN",
      value: 81.5,
      std: undefined,
      protocol: "public split, best published by Kipf and Welling 2017",
      source: "Velickovic et al., Graph Attention Networks, ICLR 2018, table 2",
    },
    {
      model: "GAT",
      value: 83,
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
      path: "data/ind.cora.allx",
      bytes: 257305,
      sha256: "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
    },
    {
      path: "data/ind.cora.ally",
      bytes: 47959,
      sha256: "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
    },
    {
      path: "data/ind.cora.graph",
      bytes: 59847,
      sha256: "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
    },
    {
      path: "data/ind.cora.test.index",
      bytes: 5000,
      sha256: "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
    },
    {
      path: "data/ind.cora.tx",
      bytes: 148025,
      sha256: "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
    },
    {
      path: "data/ind.cora.ty",
      bytes: 28135,
      sha256: "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
    },
    {
      path: "data/ind.cora.x",
      bytes: 22119,
      sha256: "23cfa55d91c6f624233f5eb7b6e3f141f1bd2b2ae39608a63cf5d084bb27baab",
    },
    {
      path: "data/ind.cora.y",
      bytes: 4054,
      sha256: "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
    },
  ],
  fingerprint: "2abb0e11e66c485e2484ceab343044b06c5396412c29ead1e3cceea5c7a3b7ff",
  read: (files) => readPlanetoid("cora", files),
};
