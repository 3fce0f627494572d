import { DataError, type Engine, type FeatureMatrix } from "@vicinal/core";
import { normalizeRows } from "../convert/normalize-rows.ts";
import type { LayeredModel } from "../models/layered-model.ts";
import { attentionInChunks, type HostAttention } from "../sample/attention-in-chunks.ts";
import { defaultChunks } from "../sample/chunked-inference.ts";
import { inferInChunks } from "../sample/infer-in-chunks.ts";
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

  /** The probabilities for features that are prepared as those of training. */
  async answer(
    data: PreparedInputs,
    { inChunks, signal }: { readonly inChunks: boolean; readonly signal?: AbortSignal | undefined },
  ): Promise<Float32Array | Float64Array> {
    const { neighborhood, features, edgeFeatures } = data;
    const { values } = await inferInChunks(this.#model, neighborhood, features, {
      ...this.#chunksFor(data, inChunks),
      edgeFeatures,
      engine: this.#engine,
      signal,
    });
    return this.#targets.probabilities(values);
  }

  /** The attention of the last layer. */
  attention(data: PreparedInputs, inChunks: boolean): HostAttention {
    const { neighborhood, features, edgeFeatures } = data;
    const chunks = this.#chunksFor(data, inChunks);
    return attentionInChunks(this.#model, features, { neighborhood, edgeFeatures, engine: this.#engine, ...chunks });
  }

  /** What was trained on at once is answered for at once: no row is computed twice. */
  #chunksFor({ neighborhood }: PreparedInputs, inChunks: boolean): { chunkSize: number; chunkEdges: number } {
    if (inChunks) return defaultChunks;
    return { chunkSize: Math.max(1, neighborhood.receivers), chunkEdges: Math.max(1, neighborhood.edges) };
  }
}

function columnsDiffer(where: string, what: string, got: number | undefined, trained: number | undefined): DataError {
  return new DataError(
    "columns-differ",
    `${where}: got ${got ?? "no"} columns of ${what}; expected ${trained ?? "none"}, as the network was trained with. Encode other graphs with ` +
      "the encoder that was fitted on the first.",
  );
}
