import { type DatasetName, type DownloadProgress, load, toGraphology } from "@vicinal/datasets";
import type { LabeledGraph } from "@vicinal/example-graph-files";
import type { SplitPart } from "@vicinal/graph";

/**
 * A named data set with the first of its splits: from VICINAL_DATA or the cache, else downloaded.
 *
 * @throws DownloadError or DataError; see `load` of @vicinal/datasets.
 */
export async function readNamedDataSet(
  name: DatasetName,
  onProgress: (progress: DownloadProgress) => void,
): Promise<LabeledGraph> {
  const dataset = await load(name, { onProgress });
  const parts = new Map<string, SplitPart>();
  const split = dataset.splits[0];
  for (const part of ["train", "validation", "test"] as const) {
    for (const node of split?.[part] ?? []) parts.set(String(node), part);
  }
  const graph = toGraphology(dataset);
  return {
    title: dataset.title,
    graph,
    // Nodes that the split leaves out have labels too, but learning from them would be another task than the published one.
    label: (node) => (split === undefined || parts.has(node) ? graph.getNodeAttribute(node, "label") : undefined),
    metric: dataset.metric,
    ...(split === undefined ? {} : { split: (node) => parts.get(node) }),
    ...(dataset.features === undefined ? {} : { features: ["features"] }),
    nodeName: (node) => node,
  };
}
