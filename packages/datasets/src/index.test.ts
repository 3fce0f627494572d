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
    "karateClub",
    "lastfmAsia",
    "load",
    "loadFolder",
    "minesweeper",
    "squirrelFiltered",
    "toGraphology",
    "twitchEs",
    "twitchPtbr",
  ]);
});
