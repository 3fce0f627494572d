import type { FeatureMatrix } from "@vicinal/core";
import type { NodeDataset, Split } from "../dataset.ts";

/** The published files of one data set by name, without their folders. */
export interface PublishedFiles {
  /** @throws Error for a name that is not among the files of the data set. */
  bytes(name: string): Uint8Array;
}

/** What the files of a publisher hold: the arrays of a `NodeDataset`. Names and figures come from the catalog. */
export interface PublishedArrays {
  readonly edges: NodeDataset["edges"];
  readonly features: FeatureMatrix | undefined;
  readonly labels: Int32Array;
  readonly splits: readonly Split[];
}
