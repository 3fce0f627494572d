import { numberedClasses } from "../class-names.ts";
import { readMusae } from "../formats/musae.ts";
import type { CatalogEntry } from "./entry.ts";

export const lastfmAsia: CatalogEntry = {
  name: "lastfm-asia",
  title: "LastFM Asia social network: country of the user",
  metric: "accuracy",
  nodes: 7624,
  directed: false,
  classNames: numberedClasses(18),
  splitsFrom: "collection",
  splitsHow: "Random, stratified by class, 60/20/20 %, seeds 0-4. Not published splits.",
  published: [],
  source: {
    repository: "https://github.com/benedekrozemberczki/datasets",
    commit: "dd4394c41c929dfd93688458be1a4f113e4f9e39",
    licence: "MIT",
  },
  citation: ["Rozemberczki, Sarkar, Characteristic Functions on Graphs, CIKM 2020 (arXiv 2005.07959)"],
  files: [
    {
      path: "lasftm_asia/lastfm_asia_edges.csv",
      bytes: 270447,
      sha256: "548eacff61bff564ab5007831fa4a7a30e1a3956075ffd24e43310ed33555842",
    },
    {
      path: "lasftm_asia/lastfm_asia_target.csv",
      bytes: 56482,
      sha256: "91f19215f6eca8321feec038bd32900cf13fd4f7e041a9976cf202807c72ac16",
    },
  ],
  fingerprint: "d094cbed9455789932a67958bd19876eecc8aef26386cab6e65b9ae5aa596475",
  read: (files) =>
    readMusae(
      "lastfm-asia",
      {
        edges: files.bytes("lastfm_asia_edges.csv"),
        target: files.bytes("lastfm_asia_target.csv"),
        features: undefined,
        ends: ["node_1", "node_2"],
        node: "id",
        label: "target",
        classOf: undefined,
      },
      7624,
      0,
    ),
};
