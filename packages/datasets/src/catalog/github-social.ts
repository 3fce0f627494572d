import { readMusae } from "../formats/musae.ts";
import { openZip } from "../formats/zip.ts";
import type { CatalogEntry } from "./entry.ts";

export const githubSocial: CatalogEntry = {
  name: "github-social",
  title: "GitHub developers (MUSAE): web or machine-learning developer",
  metric: "accuracy",
  nodes: 37700,
  directed: false,
  classNames: ["web", "machine learning"],
  splitsFrom: "collection",
  splitsHow: "Random, stratified by class, 60/20/20 %, seeds 0-4. Not published splits.",
  published: [],
  source: {
    repository: "https://github.com/bkamins/JuliaForDataAnalysis",
    commit: "08c75a6a767b48532d08451b031ff915922fc89e",
    licence:
      "MIT (licence file of that repository); the same files were published under MIT at https://github.com/benedekrozemberczki/datasets (git_web_ml), and at https://snap.stanford.edu/data/github-social.html",
  },
  citation: [
    "Rozemberczki, Allen, Sarkar, Multi-scale Attributed Node Embedding, Journal of Complex Networks 9(2), 2021 (arXiv 1909.13021)",
  ],
  files: [
    {
      path: "git_web_ml.zip",
      bytes: 2396031,
      sha256: "56c0c1c2c460dc4c7bf89357b1fec020f45e2ecebab81d131d073b10e28ec031",
    },
  ],
  fingerprint: "112ef5ac0f70ca72175a2c64eba9cfa626be4f88b33a2c6101b6676e5c7dc486",
  read(files) {
    const members = openZip("github-social", files.bytes("git_web_ml.zip"));
    return readMusae(
      "github-social",
      {
        edges: members.bytes("git_web_ml/musae_git_edges.csv"),
        target: members.bytes("git_web_ml/musae_git_target.csv"),
        features: members.bytes("git_web_ml/musae_git_features.json"),
        ends: ["id_1", "id_2"],
        node: "id",
        label: "ml_target",
        classOf: undefined,
      },
      37700,
      4005,
    );
  },
};
