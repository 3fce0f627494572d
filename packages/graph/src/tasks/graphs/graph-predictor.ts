import { checkOptionNames, DataError, type Engine, scope, withoutGradient } from "@vicinal/core";
import { graphBatches } from "../../batch/batch-graphs.ts";
import { type GraphBatch, splitNodes } from "../../batch/graph-batch.ts";
import type { GraphCollection } from "../../batch/graph-collection.ts";
import type { GraphModel } from "../../models/graph-model.ts";
import { Turn } from "../../train/turn.ts";
import { answersOf, type GraphTaskKind } from "./graph-answers.ts";
import { checkWidths, type GraphWidths, graphInputs } from "./graph-inputs.ts";
import type { Standardization } from "./standardization.ts";

/** What a {@link GraphPredictor} is made of. */
export interface GraphPredictorParts {
  /** What was learned. */
  readonly task: GraphTaskKind;
  /** One network, or the members of an ensemble. */
  readonly models: readonly GraphModel[];
  /** Widths of what the networks read. */
  readonly widths: GraphWidths;
  /** Of the targets that were trained on, for regression. Default: the networks put out numbers in their unit. */
  readonly standardization?: Standardization | undefined;
  /** Where the networks are. Default: the shared `wasm` engine. */
  readonly engine?: Engine | undefined;
}

/** Options of {@link GraphPredictor.predict}. */
export interface PredictOptions {
  /** The numbers of the graphs to predict, any count of them. Default: all. */
  readonly members?: ArrayLike<number> | undefined;
  /** Count of graphs that are computed at once. Default 128. */
  readonly batchSize?: number;
  /** Aborts: the call rejects with the signal's reason. Default: none. */
  readonly signal?: AbortSignal | undefined;
}

/** What is predicted of graphs, in the order asked for. */
export interface GraphAnswers {
  /** Count of targets, or of classes. */
  readonly width: number;
  /** `[graphs * width]`: numbers in their unit, probabilities of classes, or the probability of each yes; the mean over the members of an ensemble. */
  readonly values: Float64Array;
  /** `[graphs * width]`: population standard deviation between the members of an ensemble, in the unit of the values; undefined for one network. */
  readonly uncertainty: Float64Array | undefined;
}

/** {@link GraphAnswers}, with what was attended to. */
export interface AttendedGraphAnswers extends GraphAnswers {
  /**
   * For each graph, how much each of its nodes counted in the read-out, `[nodes]`, summing to 1: the mean over heads and members. Undefined where
   * the read-out of a network does not attend.
   */
  readonly attention: readonly Float64Array[] | undefined;
}

const parts = ["task", "models", "widths", "standardization", "engine"];

/**
 * Trained networks with what it takes to answer for new graphs.
 *
 * @throws OptionError `unknown-option`; DataError `no-models`.
 */
export class GraphPredictor {
  /** What was learned. */
  readonly task: GraphTaskKind;
  /** One network, or the members of an ensemble. */
  readonly models: readonly GraphModel[];
  /** Widths of what the networks read. */
  readonly widths: GraphWidths;
  /** Of the targets, for regression. */
  readonly standardization: Standardization | undefined;
  /** Count of targets, or of classes. */
  readonly width: number;
  readonly #engine: Engine | undefined;

  constructor(given: GraphPredictorParts) {
    checkOptionNames("GraphPredictor", given, parts);
    const { task, models, widths, standardization, engine } = given;
    const [first] = models;
    if (first === undefined) {
      throw new DataError("no-models", "GraphPredictor: got no models; expected at least one that was trained.");
    }
    this.task = task;
    this.models = models;
    this.widths = widths;
    this.standardization = standardization;
    this.width = first.outputs;
    this.#engine = engine;
  }

  /**
   * Predicts graphs, batch by batch; other work gets its turn between batches.
   *
   * @throws DataError `mixed-widths` for graphs with other widths than those trained on, `index-out-of-range`; OptionError `unknown-option`,
   * `out-of-range`; the signal's reason.
   */
  async predict(collection: GraphCollection, options: PredictOptions = {}): Promise<GraphAnswers> {
    return this.#run(collection, options, (model, batch) => ({
      outputs: model.forward(graphInputs(batch, this.#engine)).dataSync(),
      attention: undefined,
    }));
  }

  /**
   * {@link GraphPredictor.predict}, with what was attended to.
   *
   * @throws As {@link GraphPredictor.predict}.
   */
  async detailed(collection: GraphCollection, options: PredictOptions = {}): Promise<AttendedGraphAnswers> {
    return this.#run(collection, options, (model, batch) => {
      const { output, attention } = model.detailed(graphInputs(batch, this.#engine));
      const { nodes } = attention;
      return {
        outputs: output.dataSync(),
        attention: nodes && meanOverHeads(nodes.dataSync(), nodes.shape[1] ?? 1),
      };
    });
  }

  async #run(
    collection: GraphCollection,
    options: PredictOptions,
    ask: (model: GraphModel, batch: GraphBatch) => Asked,
  ): Promise<AttendedGraphAnswers> {
    checkOptionNames("GraphPredictor.predict", options, ["members", "batchSize", "signal"]);
    const { members, batchSize: size = 128, signal } = options;
    checkWidths("GraphPredictor.predict", collection, this.widths);
    const { task, models, width, standardization } = this;
    const turn = new Turn();
    const means: Float64Array[] = [];
    const deviations: Float64Array[] = [];
    const attention: Float64Array[] = [];
    let attends = true;
    for (const batch of graphBatches(collection, { size, members })) {
      signal?.throwIfAborted();
      const asked = models.map((model) => withoutGradient(() => scope(() => ask(model, batch))));
      const answers = asked.map(({ outputs }) => answersOf(task, Float64Array.from(outputs), width, standardization));
      const mean = meanOf(answers);
      means.push(mean);
      deviations.push(deviationOf(answers, mean));
      const weights = asked.map((each) => each.attention).filter((each) => each !== undefined);
      attends &&= weights.length === models.length;
      if (attends) attention.push(...splitNodes(batch, meanOf(weights)));
      await turn.end();
    }
    return {
      width,
      values: joined(means),
      uncertainty: models.length > 1 ? joined(deviations) : undefined,
      attention: attends ? attention : undefined,
    };
  }
}

/** What one network says of a batch. */
interface Asked {
  readonly outputs: ArrayLike<number>;
  /** `[nodes]`. */
  readonly attention: Float64Array | undefined;
}

function meanOverHeads(weights: ArrayLike<number>, heads: number): Float64Array {
  const means = new Float64Array(weights.length / heads);
  for (let k = 0; k < weights.length; k++) means[Math.floor(k / heads)]! += weights[k]! / heads;
  return means;
}

function meanOf(lists: readonly Float64Array[]): Float64Array {
  return new Float64Array(lists[0]?.length ?? 0).map(
    (_, k) => lists.reduce((total, list) => total + list[k]!, 0) / lists.length,
  );
}

function deviationOf(lists: readonly Float64Array[], mean: Float64Array): Float64Array {
  return mean.map((center, k) =>
    Math.sqrt(lists.reduce((total, list) => total + (list[k]! - center) ** 2, 0) / lists.length),
  );
}

function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((total, list) => total + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
