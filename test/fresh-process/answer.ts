import { loadModel, SequenceClassifier } from "@vicinal/core";
import {
  builtInRegistry,
  loadGraphPredictions,
  loadGraphPredictor,
  loadLinkPrediction,
  loadMultiLabeling,
  loadNodeLabeling,
} from "@vicinal/graph";
import { moleculeCollection } from "@vicinal/molecules";
import { UndirectedGraph } from "graphology";
import * as z from "zod";

/** What a file is asked. */
export type Question = "labels" | "label sets" | "links" | "embeddings" | "graphs" | "molecules" | "words";

/** What is asked about, as it lies on a disk: a graph or several as graphology exports them, SMILES, or words. */
export type RawInput = unknown;

const texts = z.array(z.string());
const graphData = z.object({
  attributes: z.record(z.string(), z.unknown()),
  nodes: z.array(z.any()),
  edges: z.array(z.any()),
});

function graphOf(input: RawInput): UndirectedGraph {
  const graph = new UndirectedGraph();
  graph.import(graphData.parse(input));
  return graph;
}

/** The answer of a model, by its file and the raw input alone, as text that tells every bit of a number. */
export async function answerOf(question: Question, file: Uint8Array, input: RawInput): Promise<string> {
  return inFull(await answer(question, file, input));
}

/** JSON with typed arrays as lists. */
export function inFull(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    each instanceof Float32Array || each instanceof Float64Array || each instanceof Uint32Array
      ? Array.from(each)
      : each,
  );
}

async function answer(question: Question, file: Uint8Array, input: RawInput): Promise<unknown> {
  switch (question) {
    case "labels":
      return loadNodeLabeling(file).label(graphOf(input));
    case "label sets":
      return loadMultiLabeling(file).label(graphOf(input));
    case "links":
      return loadLinkPrediction(file).predict(graphOf(input));
    case "embeddings":
      return loadLinkPrediction(file).embed(graphOf(input));
    case "graphs":
      return loadGraphPredictions(file).predict(z.array(graphData).parse(input).map(graphOf));
    case "molecules":
      return loadGraphPredictor(file).predict(moleculeCollection(texts.parse(input)).collection);
    case "words": {
      const { model, details } = loadModel(file, { registry: builtInRegistry() });
      if (!(model instanceof SequenceClassifier)) throw new Error("expected a classifier of sequences");
      const { letters, classes } = z.object({ letters: z.string(), classes: texts }).parse(details);
      const words = texts.parse(input).map((word) => Uint32Array.from(word, (letter) => letters.indexOf(letter)));
      return Array.from(model.predict(words), (k) => classes[k]);
    }
  }
}
