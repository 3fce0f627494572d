import { DataError, writeModels } from "@vicinal/core";
import type { FeatureEncoder } from "../convert/features.ts";
import type { EdgeGetter } from "../convert/getter.ts";
import type { LayeredModel } from "../models/layered-model.ts";

/** Which nodes are labelled: each with one label, or with any number of them. */
export type LabelingPurpose = "labels of nodes" | "sets of labels of nodes";

/** What is written of a labeling. */
export interface LabelingToSave {
  readonly purpose: LabelingPurpose;
  readonly model: LayeredModel;
  /** What makes features of attributes; undefined for a network that was trained without features. */
  readonly encoder: FeatureEncoder | undefined;
  readonly edgeWeight: EdgeGetter<number> | undefined;
  /** Whether each row of features was divided by its sum. */
  readonly normalizeFeatures: boolean;
  /** The labels, those that were learned first. */
  readonly names: readonly string[];
  /** How many of them were learned. */
  readonly learned: number;
  /** What only one of the purposes has. */
  readonly more?: object;
  /** How the network was trained, for whoever looks at the file. */
  readonly training: object;
}

/**
 * A file with all that it takes to label other graphs.
 *
 * @throws DataError `no-features` for a network that was trained without features, and so knows no nodes but its own; `cannot-save`.
 */
export async function saveLabeling(labeling: LabelingToSave): Promise<Uint8Array<ArrayBuffer>> {
  const { purpose, model, encoder, edgeWeight, normalizeFeatures, names, learned, more = {}, training } = labeling;
  if (encoder === undefined) {
    throw new DataError(
      "no-features",
      "save: the network was trained without features; expected one with features. It learned every node by itself, so there is nothing that carries over to " +
        "another graph.",
    );
  }
  return writeModels({
    purpose,
    models: [model],
    details: {
      features: encoder.fitted,
      edgeWeight:
        edgeWeight === undefined ? "none" : typeof edgeWeight === "string" ? { attribute: edgeWeight } : "function",
      normalizeFeatures,
      names,
      learned,
      more,
    },
    training,
  });
}
