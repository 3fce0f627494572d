/**
 * Named real data sets for graph learning: downloaded with checksum and cached, or read from a folder.
 *
 * @packageDocumentation
 */

export { type DatasetName, datasetNames } from "./catalog/catalog.ts";
export type {
  DatasetSource,
  Metric,
  NodeDataset,
  PublishedResult,
  Split,
  SplitsFrom,
} from "./dataset.ts";
export { DownloadError } from "./errors.ts";
export { loadFolder } from "./folder/load-folder.ts";
export { type KarateClubMember, karateClub } from "./karate-club.ts";
export { type DownloadProgress, type LoadOptions, load } from "./load.ts";
export {
  citeseer,
  coauthorCs,
  cora,
  githubSocial,
  lastfmAsia,
  minesweeper,
  squirrelFiltered,
  twitchEs,
  twitchPtbr,
} from "./named.ts";
export { type DatasetNode, toGraphology } from "./to-graphology.ts";
