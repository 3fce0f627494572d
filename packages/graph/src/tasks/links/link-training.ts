import { binaryCrossEntropy, type Random, type SparseNeighborhood, type Tensor, type Training } from "@vicinal/core";
import { type Edges, neighborhoodOfEdges } from "../../convert/edge-list.ts";
import { bothLists, edgesAt, type LinkIndex } from "../../convert/link-index.ts";
import type { NodeFeatureTensor } from "../../layers/graph-layer.ts";
import { rocAuc } from "../../metrics/roc-auc.ts";
import type { TrainingTask, Validation } from "../../train/fit.ts";
import type { LinkModel } from "./link-model.ts";
import type { LinkParts } from "./link-parts.ts";
import { type NodePairs, nodePairs } from "./node-pairs.ts";
import { NonLinks } from "./non-links.ts";

/** How links are learned. */
export interface LinkTrainingOptions {
  /** Pairs without a link that are drawn for each link, anew in each epoch. */
  readonly negatives: number;
  /** The share of the training links that an epoch predicts; the others are its messages. With 0 all are both. */
  readonly disjointTrainRatio: number;
}

/**
 * Learns links by binary cross-entropy on training links and pairs drawn from those that are none, links and non-links counting alike. What
 * is to be predicted is no message: neither the held-out links, nor in each epoch the training links that it predicts.
 */
export class LinkTraining implements TrainingTask {
  readonly #model: LinkModel;
  readonly #features: NodeFeatureTensor | undefined;
  readonly #options: LinkTrainingOptions;
  readonly #train: LinkIndex;
  readonly #nonLinks: NonLinks;
  /** A link would give away the one that runs back: both are predicted in the same epochs. */
  readonly #pairs: NodePairs;
  readonly #messages: SparseNeighborhood;
  readonly #validation: { readonly pairs: Edges; readonly targets: Uint8Array } | undefined;

  /** @param random Draws what validation links are told from; the same in each epoch. */
  constructor(
    model: LinkModel,
    features: NodeFeatureTensor | undefined,
    parts: LinkParts,
    options: LinkTrainingOptions,
    random: Random,
  ) {
    this.#model = model;
    this.#features = features;
    this.#options = options;
    this.#train = parts.train;
    // Of all links these alone are known: what is held out must have no say in what is learned, not even by never being drawn.
    this.#nonLinks = new NonLinks(parts.train);
    this.#pairs = nodePairs(parts.train.links);
    this.#messages = messagesOf(parts.train);
    const count = parts.validation.sources.length;
    this.#validation =
      count === 0
        ? undefined
        : {
            pairs: bothLists(parts.validation, new NonLinks(parts.known).draw(count, random)),
            targets: new Uint8Array(2 * count).fill(1, 0, count),
          };
  }

  trainingLoss(training: Training): Tensor {
    const { messages, predicted } = this.#divide(training.random);
    const links = predicted.sources.length;
    const { negatives } = this.#options;
    const pairs = bothLists(predicted, this.#nonLinks.draw(links * negatives, training.random));
    const count = pairs.sources.length;
    return this.#loss(
      this.#logits(pairs, messages, training),
      new Uint8Array(count).fill(1, 0, links),
      new Float32Array(count).fill(1, 0, links).fill(1 / negatives, links),
    );
  }

  validate(): Validation | undefined {
    if (this.#validation === undefined) return undefined;
    const { pairs, targets } = this.#validation;
    const logits = this.#logits(pairs, this.#messages);
    return { loss: this.#loss(logits, targets).item(), metric: rocAuc(targets, logits.dataSync()) ?? 0 };
  }

  #loss(logits: Tensor, targets: Uint8Array, weights?: Float32Array): Tensor {
    return binaryCrossEntropy(logits, targets, weights === undefined ? {} : { weights });
  }

  #logits({ sources, targets }: Edges, messages: SparseNeighborhood, training?: Training): Tensor {
    const embeddings = this.#model.encode(this.#features, messages, { training });
    return this.#model.decoder.ofPairs(embeddings, sources, targets);
  }

  /** What an epoch predicts, and the messages that it predicts it from. */
  #divide(random: Random): { readonly messages: SparseNeighborhood; readonly predicted: Edges } {
    const { count, pairOf } = this.#pairs;
    const { links, nodes } = this.#train;
    const predictedPairs = Math.round(this.#options.disjointTrainRatio * count);
    if (predictedPairs === 0) return { messages: this.#messages, predicted: links };
    const order = random.shuffle(Uint32Array.from({ length: count }, (_, pair) => pair));
    const isPredicted = new Uint8Array(count);
    for (const pair of order.subarray(0, predictedPairs)) isPredicted[pair] = 1;
    const those = (wanted: number): Edges =>
      edgesAt(
        links,
        Uint32Array.from(pairOf.keys()).filter((k) => isPredicted[pairOf[k]!] === wanted),
      );
    return { messages: neighborhoodOfEdges(nodes, those(0)), predicted: those(1) };
  }
}

/** Messages run along links in both directions, also where a link has one: each node hears of all that it is linked with. */
export function messagesOf(index: LinkIndex): SparseNeighborhood {
  return index.directed ? neighborhoodOfEdges(index.nodes, index.links) : index.partners;
}
