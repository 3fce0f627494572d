import {
  checkOptionNames,
  crossEntropy,
  DataError,
  OptionError,
  type Random,
  scope,
  type Tensor,
  type Training,
} from "@vicinal/core";
import { graphBatches } from "../batch/batch-graphs.ts";
import type { GraphBatch } from "../batch/graph-batch.ts";
import type { GraphCollection } from "../batch/graph-collection.ts";
import { predictedClasses } from "../metrics/predicted-classes.ts";
import type { GraphInputs } from "../models/graph-model.ts";
import type { GraphToSequence } from "../models/graph-to-sequence/graph-to-sequence.ts";
import { refuseEmpty } from "../models/graph-to-sequence/refuse-empty.ts";
import type { TrainingTask, Validation } from "../train/fit.ts";
import { graphInputs } from "./graphs/graph-inputs.ts";

/** What a {@link GraphToSequenceTask} trains on, and how. */
export interface GraphToSequenceTaskOptions {
  /** The graphs. What a model reads of them is what `graphInputs` makes of their batches. */
  readonly collection: GraphCollection;
  /** The target of each graph of the collection, in its order, without begin and end. */
  readonly targets: readonly ArrayLike<number>[];
  /** The numbers of the graphs to train on, one or more. Default: all that are not for validation. */
  readonly train?: ArrayLike<number>;
  /** The numbers of the graphs that decide when to stop, and which epoch was best, any count of them. Default: none. */
  readonly validation?: ArrayLike<number>;
  /** Count of graphs in a batch. Default 32. */
  readonly batchSize?: number;
  /** The share of each training target that is spread evenly over all tokens. Default 0. */
  readonly labelSmoothing?: number;
}

const optionNames = [
  "collection",
  "targets",
  "train",
  "validation",
  "batchSize",
  "labelSmoothing",
] as const satisfies readonly (keyof GraphToSequenceTaskOptions)[];

/**
 * Learns to write the targets of graphs, under teacher forcing, batch by batch in an order that is drawn anew in each epoch. The loss of the
 * validation is that of its tokens, and its metric the share of its graphs whose target the greedy answer is, exactly.
 */
export class GraphToSequenceTask implements TrainingTask {
  /** Batches of an epoch. */
  readonly stepsPerEpoch: number;
  readonly #model: GraphToSequence;
  readonly #collection: GraphCollection;
  readonly #targets: readonly ArrayLike<number>[];
  readonly #train: ArrayLike<number>;
  readonly #validation: readonly GraphBatch[];
  readonly #batchSize: number;
  readonly #labelSmoothing: number;
  #running: Generator<GraphBatch, void, undefined> | undefined;

  /**
   * @throws OptionError `unknown-option`, or `out-of-range` for a batch size or a smoothing that cannot be; ShapeError `shapes-differ` unless there
   * is a target for each graph; DataError `no-graphs` to train on, `empty-graph` for one that is trained on or validated with,
   * or `index-out-of-range` for a graph that there is not or a token that the model does not know.
   */
  constructor(model: GraphToSequence, options: GraphToSequenceTaskOptions) {
    checkOptionNames("GraphToSequenceTask", options, optionNames);
    const { collection, targets, validation = [], batchSize = 32, labelSmoothing = 0 } = options;
    const { train = othersThan(validation, collection.size) } = options;
    model.writer.targets(targets, collection.size);
    if (train.length === 0) {
      throw new DataError("no-graphs", "GraphToSequenceTask: got no graphs to train on; expected at least one.");
    }
    if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
      throw new OptionError(
        "out-of-range",
        `GraphToSequenceTask: got labelSmoothing ${labelSmoothing}; expected a number from 0, below 1.`,
      );
    }
    this.#model = model;
    this.#collection = collection;
    this.#targets = targets;
    this.#train = train;
    this.#batchSize = batchSize;
    this.#labelSmoothing = labelSmoothing;
    for (const batch of this.#epoch(train)) refuseEmptyMember(batch);
    this.#validation = [...this.#epoch(validation)];
    this.#validation.forEach(refuseEmptyMember);
    this.stepsPerEpoch = Math.ceil(train.length / batchSize);
  }

  /** The loss of the next batch, one number. */
  trainingLoss(training: Training): Tensor {
    const batch = this.#nextBatch(training);
    return this.#model.loss(this.#inputsOf(batch), this.#targetsOf(batch), {
      training,
      labelSmoothing: this.#labelSmoothing,
    });
  }

  /** Undefined without graphs for validation. */
  validate(): Validation | undefined {
    if (this.#validation.length === 0) return undefined;
    const { end } = this.#model.writer;
    let [loss, tokens, exact, graphs] = [0, 0, 0, 0];
    for (const batch of this.#validation) {
      const targets = this.#targetsOf(batch);
      const truths = targets.map((target) => [...Array.from(target), end]);
      const truth = truths.flat();
      tokens += truth.length;
      graphs += truths.length;
      scope(() => {
        const logits = this.#model.forward(this.#inputsOf(batch), targets);
        loss += crossEntropy(logits, truth).item() * truth.length;
        exact += countExact(predictedClasses(logits.dataSync(), logits.shape[1]!), truths);
      });
    }
    return { loss: loss / tokens, metric: exact / graphs };
  }

  #nextBatch({ random }: Training): GraphBatch {
    const next = this.#running?.next();
    if (next !== undefined && next.done !== true) return next.value;
    this.#running = this.#epoch(this.#train, random);
    return this.#nextBatch({ random });
  }

  #epoch(members: ArrayLike<number>, random?: Random): Generator<GraphBatch, void, undefined> {
    return graphBatches(this.#collection, { size: this.#batchSize, members, random });
  }

  #inputsOf(batch: GraphBatch): GraphInputs {
    return graphInputs(batch, this.#model.writer.output.weight.engine);
  }

  #targetsOf({ members }: GraphBatch): ArrayLike<number>[] {
    return Array.from(members, (member) => this.#targets[member]!);
  }
}

function othersThan(members: ArrayLike<number>, count: number): number[] {
  const taken = new Set(Array.from(members));
  return Array.from({ length: count }, (_, member) => member).filter((member) => !taken.has(member));
}

function refuseEmptyMember({ nodeCounts, members }: GraphBatch): void {
  refuseEmpty("GraphToSequenceTask", nodeCounts, (graph) => members[graph]!);
}

/** How many of the sequences a greedy search would write: those whose every token is the most probable after the true ones before it. */
function countExact(mostProbable: Int32Array, truths: readonly (readonly number[])[]): number {
  let start = 0;
  return truths.filter((truth) => {
    const written = mostProbable.subarray(start, start + truth.length);
    start += truth.length;
    return truth.every((token, t) => token === written[t]);
  }).length;
}
