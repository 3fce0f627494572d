import {
  architectureOf,
  checkOptionNames,
  type DenseMatrix,
  type SparseNeighborhood,
  writeModels,
} from "@vicinal/core";
import type { FeatureEncoder } from "../convert/features.ts";
import type { EdgeGetter } from "../convert/getter.ts";
import type { GraphPredictor } from "../tasks/graphs/graph-predictor.ts";
import type { GraphTargets } from "../tasks/graphs/read-graph-targets.ts";

/** What the files of graph predictors are for. */
export const graphPurposes = { predictor: "a predictor of graphs", predictions: "predictions of graphs" } as const;

/** Options of {@link saveGraphPredictor}. */
export interface SaveGraphPredictorOptions {
  /** How the networks were trained, as plain data, for whoever looks at the file. Default: nothing. */
  readonly training?: object;
}

/** What is written of a task that predicts graphs. */
export interface PredictionsToSave {
  readonly predictor: GraphPredictor;
  readonly targets: Omit<GraphTargets, "values">;
  readonly encoder: FeatureEncoder | undefined;
  readonly edgeFeatures: EdgeGetter<number | ArrayLike<number>> | undefined;
  readonly encode: ((neighborhood: SparseNeighborhood, graph: number) => DenseMatrix) | undefined;
  readonly training: object;
}

/**
 * A file with a predictor of graphs, which {@link loadGraphPredictor} reads: its networks, all of an ensemble, and the scale of the targets.
 *
 * @throws DataError `cannot-save` for a network that a function made and nothing is known of; OptionError `unknown-option`.
 */
export async function saveGraphPredictor(
  predictor: GraphPredictor,
  options: SaveGraphPredictorOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkOptionNames("saveGraphPredictor", options, ["training"]);
  return writeModels({
    purpose: graphPurposes.predictor,
    models: predictor.models,
    details: { predictor: detailsOf(predictor) },
    ...options,
  });
}

/** A file with all that it takes to predict other graphs. @throws DataError `cannot-save`. */
export async function savePredictions(predictions: PredictionsToSave): Promise<Uint8Array<ArrayBuffer>> {
  const { predictor, targets, encoder, edgeFeatures, encode, training } = predictions;
  const isMade = encode !== undefined && architectureOf(encode) !== undefined;
  return writeModels({
    purpose: graphPurposes.predictions,
    models: predictor.models,
    made: isMade ? { encode } : {},
    details: {
      predictor: detailsOf(predictor),
      targets: targets.names,
      isList: targets.isList,
      classes: targets.classes,
      features: encoder === undefined ? null : encoder.fitted,
      edgeFeatures:
        edgeFeatures === undefined
          ? "none"
          : typeof edgeFeatures === "string"
            ? { attribute: edgeFeatures }
            : "function",
      encode: encode === undefined ? "none" : isMade ? "made" : "function",
    },
    training,
  });
}

function detailsOf({ task, widths, standardization }: GraphPredictor): object {
  return { task, inputs: widths.inputs, edgeDim: widths.edgeDim ?? null, standardization: standardization ?? null };
}
