import { DataError, type Engine, type FeatureMatrix, scope, tensor, withoutGradient } from "@vicinal/core";
import { featureTensor } from "../convert/feature-tensor.ts";
import { normalizeRows } from "../convert/normalize-rows.ts";
import type { LayerContext, NodeFeatureTensor } from "../layers/graph-layer.ts";
import type { LayeredModel } from "../models/layered-model.ts";
import type { HostAttention } from "../sample/attention-in-chunks.ts";
import { checkNodeInputs } from "./check-node-data.ts";
import type { NodeInputs, NodeTargets } from "./node-targets.ts";

/** What a predictor must know of how its model was trained. */
export interface PredictorOptions {
  /** What errors begin with. */
  readonly where: string;
  /** What was trained on, as it was given. */
  readonly data: Pick<NodeInputs, "features" | "edgeFeatures">;
  /** Whether each row of features is divided by its sum. */
  readonly normalizeFeatures: boolean;
  readonly engine: Engine | undefined;
}

/** {@link NodeInputs} that certainly have features. */
type PreparedInputs = NodeInputs & { readonly features: FeatureMatrix };

/** Answers for nodes by a trained model. */
export class NodePredictor {
  readonly #model: LayeredModel;
  readonly #targets: NodeTargets;
  readonly #where: string;
  readonly #columns: number | undefined;
  readonly #edgeColumns: number | undefined;
  readonly #normalizeFeatures: boolean;
  readonly #engine: Engine | undefined;

  constructor(model: LayeredModel, targets: NodeTargets, options: PredictorOptions) {
    this.#model = model;
    this.#targets = targets;
    this.#where = options.where;
    this.#columns = options.data.features?.columns;
    this.#edgeColumns = options.data.edgeFeatures?.columns;
    this.#normalizeFeatures = options.normalizeFeatures;
    this.#engine = options.engine;
  }

  /** The probabilities for data that were not trained on. */
  async predict({ neighborhood, features, edgeFeatures }: NodeInputs): Promise<Float32Array | Float64Array> {
    const where = `${this.#where}, predict`;
    if (this.#columns === undefined) {
      throw new DataError(
        "no-features",
        `${where}: the network was trained without features; expected one with features. It learned every node by itself, so nothing carries ` +
          "over to other nodes.",
      );
    }
    if (features === undefined || features.columns !== this.#columns) {
      throw columnsDiffer(where, "features", features?.columns, this.#columns);
    }
    if (edgeFeatures?.columns !== this.#edgeColumns) {
      throw columnsDiffer(where, "edge features", edgeFeatures?.columns, this.#edgeColumns);
    }
    checkNodeInputs(where, { neighborhood, features, edgeFeatures });
    const prepared = this.#normalizeFeatures ? normalizeRows(features) : features;
    return this.answer({ neighborhood, features: prepared, edgeFeatures }, { inChunks: true });
  }

  /** The probabilities for features that are prepared as those of training: computed in chunks, or at once if it was trained at once. */
  async answer(
    data: PreparedInputs,
    { inChunks, signal }: { readonly inChunks: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<Float32Array | Float64Array> {
    const { neighborhood, features, edgeFeatures } = data;
    if (!inChunks) {
      signal?.throwIfAborted();
      const logits = withoutGradient(() =>
        scope(() => {
          const { x, context } = this.#onEngine(data);
          return this.#model.forward(x, neighborhood, context).dataSync();
        }),
      );
      return this.#targets.probabilities(logits);
    }
    const { inferInChunks } = await import("../on-demand.ts");
    const engine = this.#engine;
    const { values } = await inferInChunks(this.#model, neighborhood, features, { edgeFeatures, engine, signal });
    return this.#targets.probabilities(values);
  }

  /** The attention of the last layer, computed at once. */
  attention(data: PreparedInputs): HostAttention {
    return withoutGradient(() =>
      scope(() => {
        const { x, context } = this.#onEngine(data);
        const { neighborhood, edgeOf, weights } = this.#model.detailed(x, data.neighborhood, context).attention;
        return { neighborhood, edgeOf, heads: weights.shape[1] ?? 1, weights: weights.dataSync() };
      }),
    );
  }

  #onEngine({ features, edgeFeatures }: PreparedInputs): { x: NodeFeatureTensor; context: LayerContext } {
    const on = { engine: this.#engine };
    const ofEdges = edgeFeatures && tensor(edgeFeatures.values, [edgeFeatures.rows, edgeFeatures.columns], on);
    return { x: featureTensor(features, on), context: { edgeFeatures: ofEdges } };
  }
}

function columnsDiffer(where: string, what: string, got: number | undefined, trained: number | undefined): DataError {
  return new DataError(
    "columns-differ",
    `${where}: got ${got ?? "no"} columns of ${what}; expected ${trained ?? "none"}, as the network was trained with. Encode other graphs with ` +
      "the encoder that was fitted on the first.",
  );
}
