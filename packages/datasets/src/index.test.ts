import { expect, it } from "vitest";
import * as datasets from "./index.ts";

it("exports these names and no others", () => {
  expect(Object.keys(datasets).sort()).toEqual([
    "DownloadError",
    "citeseer",
    "coauthorCs",
    "cora",
    "datasetNames",
    "githubSocial",
    "graphDatasetNames",
    "isGraphFolder",
    "isMoleculeFolder",
    "karateClub",
    "lastfmAsia",
    "load",
    "loadFolder",
    "loadGraphFolder",
    "loadGraphs",
    "loadMoleculeFolder",
    "loadMolecules",
    "minesweeper",
    "moleculeDatasetNames",
    "mutag",
    "squirrelFiltered",
    "toGraphology",
    "twitchEs",
    "twitchPtbr",
  ]);
});
