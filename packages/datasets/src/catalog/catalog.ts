import { citeseer } from "./citeseer.ts";
import { coauthorCs } from "./coauthor-cs.ts";
import { cora } from "./cora.ts";
import type { CatalogEntry } from "./entry.ts";
import { githubSocial } from "./github-social.ts";
import { lastfmAsia } from "./lastfm-asia.ts";
import { minesweeper } from "./minesweeper.ts";
import { squirrelFiltered } from "./squirrel-filtered.ts";
import { twitchEs } from "./twitch-es.ts";
import { twitchPtbr } from "./twitch-ptbr.ts";

/** The data sets that `load` knows. */
export type DatasetName =
  | "cora"
  | "citeseer"
  | "coauthor-cs"
  | "github-social"
  | "lastfm-asia"
  | "twitch-es"
  | "twitch-ptbr"
  | "minesweeper"
  | "squirrel-filtered";

export const catalog: { readonly [Name in DatasetName]: CatalogEntry } = {
  cora,
  citeseer,
  "coauthor-cs": coauthorCs,
  "github-social": githubSocial,
  "lastfm-asia": lastfmAsia,
  "twitch-es": twitchEs,
  "twitch-ptbr": twitchPtbr,
  minesweeper,
  "squirrel-filtered": squirrelFiltered,
};

/** The names of the data sets that `load` knows. */
export const datasetNames: readonly DatasetName[] = [
  "cora",
  "citeseer",
  "coauthor-cs",
  "github-social",
  "lastfm-asia",
  "twitch-es",
  "twitch-ptbr",
  "minesweeper",
  "squirrel-filtered",
];
