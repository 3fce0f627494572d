import { FileError, type JsonObject, jsonField } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import type { FeatureEncoder } from "../convert/features.ts";
import type { NodeModel } from "../models/node-model.ts";
import { classTargets } from "../tasks/class-targets.ts";
import { labelSetTargets } from "../tasks/label-set-targets.ts";
import { labelsOf } from "../tasks/labeling-of.ts";
import { labelSetsOf } from "../tasks/multi-labeling-of.ts";
import type { GraphLabelSets, GraphLabels } from "../tasks/node-labeling.ts";
import { isNumbers } from "./json-values.ts";
import { type LoadLabelingOptions, loadLabeling } from "./load-labeling-file.ts";

/** A network out of a file, which labels nodes. */
export interface LoadedNodeLabeling {
  /** The network. */
  readonly model: NodeModel;
  /** The labels: those that were learned, sorted, then those that were not. Probabilities are in this order. */
  readonly classes: readonly string[];
  /** How many of `classes` were learned: the first ones, and the outputs of the network. */
  readonly learned: number;
  /** Makes features of attributes, as those that the network was trained on were made. */
  readonly encoder: FeatureEncoder;
  /** Whether the network reads weights of edges. */
  readonly readsEdgeWeight: boolean;
  /** Whether each row of features is divided by its sum before the network reads it. */
  readonly normalizeFeatures: boolean;
  /** How the network was trained. */
  readonly training: JsonObject;
  /**
   * Labels a graph: its attributes become features as those of the first graph did. See `label` of `labelNodes.detailed`.
   *
   * @throws DataError `not-a-graph`, and for features or weights that cannot be used.
   */
  label(graph: AbstractGraph): Promise<GraphLabels>;
}

/** A network out of a file, which says which labels nodes carry. */
export interface LoadedMultiLabeling {
  /** The network. */
  readonly model: NodeModel;
  /** The labels: those that were learned, sorted, then those that were not. Probabilities are in this order. */
  readonly labelNames: readonly string[];
  /** How the network was trained. */
  readonly training: JsonObject;
  /** Labels a graph. @throws As {@link LoadedNodeLabeling.label}. */
  label(graph: AbstractGraph): Promise<GraphLabelSets>;
}

const nothing = new Int32Array();

/**
 * Loads what `save` of `labelNodes.detailed` wrote: the network, and the way from attributes to features and from numbers to labels. Given the same graph,
 * it answers with the same bits.
 *
 * ```ts
 * const trained = await labelNodes.detailed(graph, { label: "club", features: ["age"] });
 * const bytes = await trained.save();
 * const { labels } = await loadNodeLabeling(bytes).label(another);
 * ```
 *
 * Any bytes may be given: everything is checked before anything is built.
 *
 * @throws FileError and PluginError as `readModels`; FileError `invalid-configuration`; OptionError `missing-getter`, `unused-getter`, `missing-input`,
 * `unexpected-input`, `unknown-option`.
 */
export function loadNodeLabeling(bytes: Uint8Array, options: LoadLabelingOptions = {}): LoadedNodeLabeling {
  const loaded = loadLabeling("loadNodeLabeling", "labels of nodes", bytes, options, (classes) =>
    classTargets(nothing, classes, () => 0),
  );
  const { model, names, learned, encoder, readsEdgeWeight, normalizeFeatures, training, predict } = loaded;
  return {
    model,
    classes: names,
    learned,
    encoder,
    readsEdgeWeight,
    normalizeFeatures,
    training,
    async label(graph) {
      const { read, probabilities } = await predict(graph);
      return labelsOf(probabilities, read.converted.nodes, { classes: names, learned });
    },
  };
}

/**
 * Loads what `save` of `multiLabelNodes.detailed` wrote. See {@link loadNodeLabeling}.
 *
 * @throws As {@link loadNodeLabeling}; FileError `invalid-configuration` for thresholds that do not fit the labels.
 */
export function loadMultiLabeling(bytes: Uint8Array, options: LoadLabelingOptions = {}): LoadedMultiLabeling {
  const where = "loadMultiLabeling";
  const loaded = loadLabeling(where, "sets of labels of nodes", bytes, options, (labels) =>
    labelSetTargets(new Uint8Array(), labels, () => 0),
  );
  const { model, names, learned, more, training, predict } = loaded;
  const thresholds = Float64Array.from(jsonField(where, more, "thresholds", isNumbers, "a list of numbers"));
  if (thresholds.length !== learned || thresholds.some((each) => !(each >= 0 && each <= 1))) {
    throw new FileError(
      "invalid-configuration",
      `${where}: got ${thresholds.length} thresholds; expected one between 0 and 1 for each of ${learned} labels.`,
    );
  }
  return {
    model,
    labelNames: names,
    training,
    async label(graph) {
      const { read, probabilities } = await predict(graph);
      return labelSetsOf(probabilities, read.converted.nodes, { names, learned }, thresholds);
    },
  };
}
