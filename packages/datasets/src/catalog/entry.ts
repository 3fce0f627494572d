import type { NodeDataset } from "../dataset.ts";
import type { PublishedArrays, PublishedFiles } from "../formats/published-form.ts";

/** One file at its publisher's: `https://raw.githubusercontent.com/OWNER/NAME/COMMIT/PATH`. */
export interface PublishedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where the files of a named data set are published. */
export interface Publication {
  readonly name: string;
  readonly source: { readonly repository: string; readonly commit: string; readonly licence: string };
  readonly files: readonly PublishedFile[];
}

/** What is known of a named data set before anything is fetched: its figures, its files and how they are read. */
export interface CatalogEntry
  extends Publication,
    Omit<NodeDataset, "name" | "task" | "edges" | "features" | "labels" | "labelSets" | "splits" | "source"> {
  /** See `fingerprint`. */
  readonly fingerprint: string;
  /** Turns the published files into arrays; pure, and the only part that differs between publishers. */
  read(files: PublishedFiles): PublishedArrays;
}
