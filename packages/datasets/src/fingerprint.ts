import { createHash } from "node:crypto";
import type { NodeDataset } from "./dataset.ts";

/** SHA-256 over the arrays of a data set: equal for two forms of loading exactly when they give the same graph. */
export function fingerprint({ nodes, edges, features, labels, labelSets, splits }: FingerprintedParts): string {
  const hash = createHash("sha256");
  const add = (name: string, array: NodeJS.TypedArray | undefined) => {
    hash.update(`${name} ${array?.byteLength ?? "none"}\n`);
    if (array !== undefined) hash.update(array);
  };
  hash.update(`nodes ${nodes} features ${features?.kind} ${features?.columns}\n`);
  add("sources", edges.sources);
  add("targets", edges.targets);
  if (features?.kind === "csr") {
    add("indptr", features.indptr);
    add("indices", features.indices);
  }
  add("values", features?.values);
  add("labels", labels);
  add("label sets", labelSets);
  for (const split of splits) {
    add("train", split.train);
    add("validation", split.validation);
    add("test", split.test);
  }
  return hash.digest("hex");
}

type FingerprintedParts = Pick<NodeDataset, "nodes" | "edges" | "features" | "labels" | "labelSets" | "splits">;
