import { crossEntropy, type Tensor, type Training } from "@vicinal/core";
import type { NodeFeatureTensor, NodeModel, TrainingTask, Validation } from "@vicinal/graph";
import { keptFeatures } from "./kept-features.ts";
import { nodesOf, type ReadLabels } from "./labels.ts";
import type { NetworkInputs } from "./network.ts";
import { answersOf, shareRight } from "./predictions.ts";
import type { EpochPoint, Predictions } from "./protocol.ts";

/**
 * What `fit` trains: the labels that are known, by cross-entropy. Beside what decides which epoch was best it measures the other parts too, and keeps the
 * last answer for whoever watches.
 */
export class WatchedLearning implements TrainingTask {
  readonly #model: NodeModel;
  readonly #inputs: NetworkInputs;
  readonly #labels: ReadLabels;
  readonly #x: NodeFeatureTensor;
  readonly #targets: { readonly train: Int32Array; readonly validation: Int32Array };
  readonly #nodes: { readonly train: Uint32Array; readonly validation: Uint32Array; readonly test: Uint32Array };
  #logits: Float32Array | Float64Array = new Float32Array();
  #validationLoss: number | undefined;

  constructor(model: NodeModel, inputs: NetworkInputs, labels: ReadLabels) {
    this.#model = model;
    this.#inputs = inputs;
    this.#labels = labels;
    this.#x = keptFeatures(inputs);
    this.#nodes = {
      train: nodesOf(labels, "train"),
      validation: nodesOf(labels, "validation"),
      test: nodesOf(labels, "test"),
    };
    this.#targets = {
      train: targetsOf(this.#nodes.train, labels.known),
      validation: targetsOf(this.#nodes.validation, labels.known),
    };
  }

  trainingLoss(training: Training): Tensor {
    return crossEntropy(this.#forward(training), this.#targets.train);
  }

  validate(): Validation | undefined {
    const logits = this.#forward();
    this.#logits = logits.dataSync();
    if (this.#nodes.validation.length === 0) return undefined;
    this.#validationLoss = crossEntropy(logits, this.#targets.validation).item();
    return { loss: this.#validationLoss, metric: this.accuracyOf("validation") ?? 0 };
  }

  /** What was measured after the last step. */
  point(epoch: number, loss: number): EpochPoint {
    return {
      epoch,
      loss,
      validationLoss: this.#validationLoss ?? null,
      trainAccuracy: this.accuracyOf("train") ?? 0,
      validationAccuracy: this.accuracyOf("validation"),
      testAccuracy: this.accuracyOf("test"),
    };
  }

  /** The answer for every node after the last step. */
  predictions(): Predictions {
    return answersOf(this.#logits, this.#labels.learned);
  }

  accuracyOf(part: "train" | "validation" | "test"): number | null {
    return shareRight(this.#logits, this.#labels, this.#nodes[part]);
  }

  #forward(training?: Training): Tensor {
    return this.#model.forward(this.#x, this.#inputs.converted.neighborhood, { training });
  }
}

function targetsOf(nodes: Uint32Array, known: Int32Array): Int32Array {
  const targets = new Int32Array(known.length).fill(-1);
  for (const i of nodes) targets[i] = known[i]!;
  return targets;
}
