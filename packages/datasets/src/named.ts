import type { NodeDataset } from "./dataset.ts";
import type { LoadOptions } from "./download/fetch-files.ts";
import { load } from "./load.ts";

/** 2,708 papers on machine learning that cite each other, 7 subjects, 1,433 words. See `load`. */
export function cora(options?: LoadOptions): Promise<NodeDataset> {
  return load("cora", options);
}

/** 3,327 papers on computer science that cite each other, 6 subjects, 3,703 words. See `load`. */
export function citeseer(options?: LoadOptions): Promise<NodeDataset> {
  return load("citeseer", options);
}

/** 18,333 authors in computer science who wrote papers together, 15 fields, 6,805 keyword counts. See `load`. */
export function coauthorCs(options?: LoadOptions): Promise<NodeDataset> {
  return load("coauthor-cs", options);
}

/** 37,700 GitHub developers who follow each other: web or machine learning; 4,005 traits. See `load`. */
export function githubSocial(options?: LoadOptions): Promise<NodeDataset> {
  return load("github-social", options);
}

/** 7,624 LastFM users in Asia who follow each other, 18 countries, no features. See `load`. */
export function lastfmAsia(options?: LoadOptions): Promise<NodeDataset> {
  return load("lastfm-asia", options);
}

/** 4,648 Spanish-speaking Twitch streamers: explicit language or not; 3,170 traits. See `load`. */
export function twitchEs(options?: LoadOptions): Promise<NodeDataset> {
  return load("twitch-es", options);
}

/** 1,912 Portuguese-speaking Twitch streamers, with the traits and labels of `twitchEs`. See `load`. */
export function twitchPtbr(options?: LoadOptions): Promise<NodeDataset> {
  return load("twitch-ptbr", options);
}

/** A 100 x 100 grid with mines, where neighbors tend to differ; 7 features, ten splits. See `load`. */
export function minesweeper(options?: LoadOptions): Promise<NodeDataset> {
  return load("minesweeper", options);
}

/** 2,223 Wikipedia pages in 5 classes of traffic, without duplicates; neighbors tend to differ. See `load`. */
export function squirrelFiltered(options?: LoadOptions): Promise<NodeDataset> {
  return load("squirrel-filtered", options);
}
