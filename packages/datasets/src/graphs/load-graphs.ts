import { stat } from "node:fs/promises";
import { join } from "node:path";
import { checkOptionNames, OptionError } from "@vicinal/core";
import type { LoadOptions } from "../download/fetch-files.ts";
import { DownloadError } from "../errors.ts";
import type { GraphDataset } from "./graph-dataset.ts";
import { loadGraphFolder } from "./load-graph-folder.ts";

/** The sets of small graphs that {@link loadGraphs} knows. */
export type GraphDatasetName = "mutag";

/** The names of the sets of small graphs that {@link loadGraphs} knows. */
export const graphDatasetNames: readonly GraphDatasetName[] = ["mutag"];

/**
 * Loads a named set of small graphs from a folder of data sets: that of the option `folder`, else of the environment variable `VICINAL_DATA`. It is not
 * downloaded: no publisher offers it, at a fixed commit, in a form whose checksum is known.
 *
 * @throws OptionError `unknown-dataset` or `unknown-option`; DownloadError `no-download` where no folder has it; DataError as `loadGraphFolder`.
 */
export async function loadGraphs(
  name: GraphDatasetName,
  options: Pick<LoadOptions, "folder"> = {},
): Promise<GraphDataset> {
  checkOptionNames("loadGraphs", options, ["folder"]);
  if (!graphDatasetNames.includes(name)) {
    throw new OptionError(
      "unknown-dataset",
      `loadGraphs: got the data set "${name}"; expected one of ${graphDatasetNames.map((known) => `"${known}"`).join(", ")}. ` +
        "Data of your own is read with loadGraphFolder(path).",
    );
  }
  for (const root of [options.folder, process.env["VICINAL_DATA"]]) {
    if (!root) continue;
    const folder = join(root, name);
    const found = await stat(folder).catch(() => undefined);
    if (found?.isDirectory()) return loadGraphFolder(folder);
  }
  throw new DownloadError(
    "no-download",
    `${name}: no folder has it, and it cannot be downloaded from here. Put it into a folder "${name}", in the text format of the TU collection ` +
      '(https://chrsmrrs.github.io/datasets), and name the folder above it with the option "folder" or with VICINAL_DATA.',
  );
}

/** 188 nitro compounds, mutagenic or not, with 7 elements as kinds of nodes. See `loadGraphs`. */
export function mutag(options?: Pick<LoadOptions, "folder">): Promise<GraphDataset> {
  return loadGraphs("mutag", options);
}
