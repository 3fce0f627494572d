import { Random, scope } from "@vicinal/core";
import { describe, expect, it, vi } from "vitest";
import { communityEdges, matchingEdges, pairsOf } from "../../testing/linked-communities.ts";
import { LinkModel } from "./link-model.ts";
import { type LinkData, linkParts } from "./link-parts.ts";
import { LinkTraining, type LinkTrainingOptions } from "./link-training.ts";
import { splitLinks } from "./split-links.ts";

function trainingOn(data: LinkData, options: LinkTrainingOptions) {
  const random = new Random(1);
  const model = new LinkModel({
    random,
    nodes: data.nodes,
    features: 0,
    directed: data.directed ?? false,
    dimensions: 8,
    decoder: "dot",
    nodeVectors: true,
    layer: "gat",
    layers: 2,
    heads: 2,
    hidden: 8,
    dropout: 0,
    residual: false,
    normalize: false,
  });
  const parts = linkParts(data);
  const encode = vi.spyOn(model, "encode");
  const decode = vi.spyOn(model.decoder, "ofPairs");
  return { task: new LinkTraining(model, undefined, parts, options, random), parts, encode, decode, random };
}

const edges = matchingEdges(40, 6, 2);
const held = { testFraction: 0.2, validationFraction: 0.2 };

/** Of each message and pair the two nodes, whatever their order. */
const keyOf = ([a, b]: readonly [number, number]): string => `${Math.min(a, b)} ${Math.max(a, b)}`;

/** What the last call of the model was given. */
function seen({ encode, decode }: Pick<ReturnType<typeof trainingOn>, "encode" | "decode">) {
  const { senderOf, receiverOf } = encode.mock.lastCall![1];
  const [, sources, targets] = decode.mock.lastCall!;
  return {
    messages: new Set(Array.from(senderOf, (sender, p) => keyOf([sender, receiverOf[p]!]))),
    asked: pairsOf({ sources, targets }),
  };
}

describe("LinkTraining", () => {
  it.each([
    [false, 0.5],
    [true, 0.5],
    [true, 0.9],
  ])("never predicts a link from itself, nor from one that runs back: directed %s, ratio %d", (directed, ratio) => {
    const both = {
      sources: Uint32Array.of(...edges.sources, ...edges.targets),
      targets: Uint32Array.of(...edges.targets, ...edges.sources),
    };
    const listed = directed ? both : edges;
    const run = trainingOn(
      { nodes: 40, edges: listed, directed, split: splitLinks(listed, held) },
      { negatives: 1, disjointTrainRatio: ratio },
    );
    const train = new Set(pairsOf(run.parts.train.links).map(keyOf));
    for (let epoch = 0; epoch < 5; epoch++) {
      scope(() => void run.task.trainingLoss({ random: run.random }));
      const { messages, asked } = seen(run);
      const predicted = asked.slice(0, asked.length / 2);
      expect(new Set(predicted.map(keyOf)).size).toBe(Math.round(ratio * train.size));
      for (const pair of predicted) {
        expect(train).toContain(keyOf(pair));
        expect(messages).not.toContain(keyOf(pair));
      }
      expect(messages.size + new Set(predicted.map(keyOf)).size).toBe(train.size);
    }
  });

  it("predicts others in each epoch, and draws other pairs without a link", () => {
    const run = trainingOn({ nodes: 40, edges, split: splitLinks(edges) }, { negatives: 2, disjointTrainRatio: 0.5 });
    const epochs = [0, 1].map(() => {
      scope(() => void run.task.trainingLoss({ random: run.random }));
      return seen(run).asked;
    });
    const third = epochs[0]!.length / 3;
    expect(epochs[0]!.slice(0, third)).not.toEqual(epochs[1]!.slice(0, third));
    expect(epochs[0]!.slice(third)).not.toEqual(epochs[1]!.slice(third));
    for (const pair of epochs.flatMap((asked) => asked.slice(third))) expect(run.parts.train.has(...pair)).toBe(false);
  });

  it("with a ratio of 0 predicts every training link, from all of them", () => {
    const run = trainingOn(
      { nodes: 40, edges, split: splitLinks(edges, held) },
      { negatives: 1, disjointTrainRatio: 0 },
    );
    scope(() => void run.task.trainingLoss({ random: run.random }));
    const { messages, asked } = seen(run);
    expect(asked.slice(0, asked.length / 2)).toEqual(pairsOf(run.parts.train.links));
    expect(messages).toEqual(new Set(pairsOf(run.parts.train.links).map(keyOf)));
  });

  it("validates on validation links, which are no messages, and as many pairs without a link; the same each time", () => {
    const run = trainingOn(
      { nodes: 40, edges, split: splitLinks(edges, held) },
      { negatives: 1, disjointTrainRatio: 0.5 },
    );
    const first = scope(() => run.task.validate());
    const { messages, asked } = seen(run);
    const links = pairsOf(run.parts.validation);
    expect(asked.slice(0, links.length)).toEqual(links);
    expect(asked).toHaveLength(2 * links.length);
    for (const pair of asked.slice(links.length)) expect(run.parts.known.has(...pair)).toBe(false);
    expect(messages).toEqual(new Set(pairsOf(run.parts.train.links).map(keyOf)));
    expect(scope(() => run.task.validate())).toEqual(first);
  });

  it("has nothing to validate on where nothing is held out", () => {
    const few = communityEdges(2, 5, 2, 0);
    const run = trainingOn(
      { nodes: 10, edges: few, split: splitLinks(few) },
      { negatives: 1, disjointTrainRatio: 0.5 },
    );
    expect(run.task.validate()).toBeUndefined();
  });

  it("counts pairs without a link as much as links, however many are drawn", () => {
    // At the first step all logits are near 0, where each half of the loss is log 2.
    const losses = [1, 5].map((negatives) => {
      const run = trainingOn({ nodes: 40, edges, split: splitLinks(edges) }, { negatives, disjointTrainRatio: 0.5 });
      return scope(() => run.task.trainingLoss({ random: run.random }).item());
    });
    for (const loss of losses) expect(loss).toBeCloseTo(Math.LN2, 2);
  });
});
