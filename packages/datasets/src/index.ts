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
export type { DownloadProgress, LoadOptions } from "./download/fetch-files.ts";
export { DownloadError } from "./errors.ts";
export { loadFolder } from "./folder/load-folder.ts";
export type { GraphDataset, SmallGraph } from "./graphs/graph-dataset.ts";
export { isGraphFolder, loadGraphFolder } from "./graphs/load-graph-folder.ts";
export { type GraphDatasetName, graphDatasetNames, loadGraphs, mutag } from "./graphs/load-graphs.ts";
export { type KarateClubMember, karateClub } from "./karate-club.ts";
export { load } from "./load.ts";
export { isMoleculeFolder, loadMoleculeFolder } from "./molecules/load-molecule-folder.ts";
export { loadMolecules } from "./molecules/load-molecules.ts";
export { type MoleculeDatasetName, moleculeDatasetNames } from "./molecules/molecule-catalog.ts";
export type { MoleculeDataset } from "./molecules/molecule-dataset.ts";
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
