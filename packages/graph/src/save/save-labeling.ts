import { checkOptionNames, DataError, writeModels } from "@vicinal/core";
import type { FeatureEncoder } from "../convert/features.ts";
import type { EdgeGetter } from "../convert/getter.ts";
import { isLayered, type LayeredModel } from "../models/layered-model.ts";
import type { NodeModel } from "../models/node-model.ts";

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

/** What {@link saveNodeLabeling} writes. */
export interface NodeLabelingToSave {
  /** A network that is made of layers, such as a `GAT` or a `GraphTransformer`. */
  readonly model: NodeModel;
  /** What makes features of attributes. */
  readonly encoder: FeatureEncoder;
  /** The labels, in the order of the network's outputs; those that were not learned follow. */
  readonly classes: readonly string[];
  /** How many of them were learned: the outputs of the network. Default: all. */
  readonly learned?: number;
  /** How the weight of an edge was read; a getter is not saved, and must be given again. Default: the network reads no weights of edges. */
  readonly edgeWeight?: EdgeGetter<number> | undefined;
  /** Whether each row of features was divided by its sum. Default false. */
  readonly normalizeFeatures?: boolean;
  /** How the network was trained, as plain data, for whoever looks at the file. Default: nothing. */
  readonly training?: object;
}

/**
 * A file of a network of one's own that labels nodes, as `save` of `labelNodes.detailed` writes it and `loadNodeLabeling` reads it.
 *
 * @throws DataError `cannot-save`; OptionError `unknown-option`.
 */
export async function saveNodeLabeling(labeling: NodeLabelingToSave): Promise<Uint8Array<ArrayBuffer>> {
  checkOptionNames("saveNodeLabeling", labeling, [
    "model",
    "encoder",
    "classes",
    "learned",
    "edgeWeight",
    "normalizeFeatures",
    "training",
  ]);
  const { model, encoder, classes, learned = classes.length } = labeling;
  const { edgeWeight, normalizeFeatures = false, training = {} } = labeling;
  if (!isLayered(model)) {
    throw new DataError(
      "cannot-save",
      "saveNodeLabeling: got a network that is not made of layers; expected one such as a GAT, which nodes can be asked of a chunk after the other.",
    );
  }
  return saveLabeling({
    purpose: "labels of nodes",
    model,
    encoder,
    edgeWeight,
    normalizeFeatures,
    names: classes,
    learned,
    training,
  });
}
