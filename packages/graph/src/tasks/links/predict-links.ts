import { checkOptionNames, OptionError } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { graphLinks } from "./graph-links.ts";
import { type GraphLinkPredictor, learnLinks } from "./learn-links.ts";
import type { LinkPrediction } from "./learned-links.ts";
import { linksByKey } from "./link-network.ts";
import {
  type AssignLinksOptions,
  assignLinksOptionNames,
  type PredictLinksOptions,
  predictLinksOptionNames,
} from "./predict-links-options.ts";
import type { PredictedLink } from "./predicted-link.ts";
import { readCandidates } from "./read-candidates.ts";

/**
 * Predicts which links a graph lacks, such as friendships: a graph attention network is trained on the spot to tell linked pairs of nodes
 * from pairs without a link, by the structure of the graph and, if given, features of its nodes.
 *
 * ```ts
 * const missing = await predictLinks(graph, { top: 20 });
 * ```
 *
 * Links are pairs of different nodes: several edges between two nodes are one link, and self-loops are ignored, both where links are learned and where
 * they are predicted.
 *
 * @returns The likeliest of the candidates, from the likeliest on.
 * @throws DataError `not-a-graph`, `no-edges`, `too-few-edges` to hold out, `complete-graph`; `unknown-node`, `self-loop`, `wrong-type` for a
 * candidate; `wrong-type`, `missing-value` for a part or a time; and for features that cannot be used. OptionError `unknown-option`,
 * `unknown-attribute`, `unused-option`, `out-of-range`, `heads-do-not-divide`, `no-features`; TrainingError `loss-not-finite`. All but the last before any
 * work, and the graph is never changed.
 */
export async function predictLinks(
  graph: AbstractGraph,
  options: PredictLinksOptions = {},
): Promise<readonly PredictedLink[]> {
  return (await predict("predictLinks", graph, options)).links;
}

/** {@link predictLinks} with everything found out: the model, metrics on the edges held out, the split, history, and what was chosen. */
predictLinks.detailed = async (graph: AbstractGraph, options: PredictLinksOptions = {}): Promise<LinkPrediction> => {
  const { links, trained } = await predict("predictLinks", graph, options);
  return { ...trained.learned, links, edgeProbabilities: edgeProbabilities(trained) };
};

/**
 * {@link predictLinks}, writing the probability of each edge to an attribute of it: an edge with a low one is not borne out by what is around
 * it. With `addEdges` the predicted links become edges, of the probability and with a mark; else none is added. Nothing is written if
 * anything goes wrong before.
 *
 * @throws As {@link predictLinks}; OptionError `duplicate-attribute` when probability and mark are to be written to one attribute.
 */
predictLinks.assign = async (graph: AbstractGraph, options: AssignLinksOptions = {}): Promise<void> => {
  checkOptionNames("predictLinks.assign", options, assignLinksOptionNames);
  const {
    edgeProbabilityAttribute = "linkProbability",
    edgePredictedAttribute = "predicted",
    addEdges = false,
    ...rest
  } = options;
  if (edgeProbabilityAttribute === edgePredictedAttribute) {
    throw new OptionError(
      "duplicate-attribute",
      `predictLinks.assign: got "${edgeProbabilityAttribute}" for the probability and for the mark of added edges; expected two different attributes.`,
    );
  }
  const { links, trained } = await predict("predictLinks.assign", graph, rest);
  const probabilities = edgeProbabilities(trained);
  graph.updateEachEdgeAttributes(
    (edge, attributes) => ({
      ...attributes,
      // Edges that were added while the network trained have none.
      ...(Object.hasOwn(probabilities, edge) && { [edgeProbabilityAttribute]: probabilities[edge] }),
    }),
    { attributes: [edgeProbabilityAttribute] },
  );
  if (!addEdges) return;
  const { directed } = trained.links;
  const isLinked = (a: string, b: string): boolean => graph.hasEdge(a, b) || (!directed && graph.hasEdge(b, a));
  for (const { source, target, probability } of links) {
    if (!graph.hasNode(source) || !graph.hasNode(target)) continue;
    if (isLinked(source, target)) continue;
    const attributes = { [edgeProbabilityAttribute]: probability, [edgePredictedAttribute]: true };
    if (directed || graph.type === "directed") graph.addDirectedEdge(source, target, attributes);
    else graph.addUndirectedEdge(source, target, attributes);
  }
};

async function predict(
  where: string,
  graph: AbstractGraph,
  options: PredictLinksOptions,
): Promise<{ readonly links: readonly PredictedLink[]; readonly trained: GraphLinkPredictor }> {
  checkOptionNames(where, options, predictLinksOptionNames);
  const { candidates, top, ...learning } = options;
  // Read before training, which takes long, so that a mistake is told at once.
  const rankOptions = readCandidates(graphLinks(where, graph, learning.directed), options);
  const trained = await learnLinks(where, graph, learning);
  return { links: linksByKey(await trained.answers.rank(rankOptions), trained.links), trained };
}

/** Of each edge that is a link; where it stands for both directions, the mean of the two. */
function edgeProbabilities({ links, answers }: GraphLinkPredictor): Readonly<Record<string, number>> {
  const { edges, edgeKeys } = links;
  const places = Uint32Array.from(edgeKeys.keys()).filter((e) => edges.sources[e] !== edges.targets[e]);
  const probabilities = answers.probabilities({
    sources: places.map((e) => edges.sources[e]!),
    targets: places.map((e) => edges.targets[e]!),
  });
  const found = new Map<string, number>();
  for (const [k, e] of places.entries()) {
    const edge = edgeKeys[e]!;
    const other = found.get(edge);
    found.set(edge, other === undefined ? probabilities[k]! : (other + probabilities[k]!) / 2);
  }
  return Object.fromEntries(found);
}
