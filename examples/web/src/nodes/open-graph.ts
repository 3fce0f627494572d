import { DataError } from "@vicinal/core";
import { karateClub } from "@vicinal/datasets/karate-club";
import { readGraph, type TextFile } from "@vicinal/example-graph-files";
import type { AbstractGraph } from "graphology-types";
import { splitAttributeOf, suggestedLabel, summarizeAttributes } from "./attributes.ts";
import { communityGraph, pageCommunities } from "./communities.ts";
import type { AttributeSummary, OpenedGraph, TrainingChoices } from "./protocol.ts";
import { structuralFeatures } from "./structural-features.ts";

/** The most that the page draws and trains on. */
const mostNodes = 50_000;
const mostEdges = 200_000;

/** A graph with what the worker needs to know of it. */
export interface WorkingGraph {
  readonly title: string;
  readonly graph: AbstractGraph;
  readonly nodeName: (node: string) => string;
  /** The attribute that says which part each labelled node plays. */
  readonly splitAttribute: string | undefined;
  readonly attributes: readonly AttributeSummary[];
  readonly suggested: TrainingChoices;
}

const defaults: Pick<TrainingChoices, "layer" | "heads" | "hiddenPerHead" | "seed"> = {
  layer: "gatv2",
  heads: 4,
  hiddenPerHead: 8,
  seed: 1,
};

/** The two people whom the club split over. */
const leaders = new Map([
  ["0", "Mr. Hi"],
  ["33", "Officer"],
]);

/** Zachary's karate club: the sides of the two leaders are known, those of the other 32 members are to be found out. */
export function openKarateClub(): WorkingGraph {
  const graph = karateClub();
  graph.forEachNode((node) => graph.setNodeAttribute(node, "part", leaders.has(node) ? "train" : "test"));
  return workingGraph("Zachary's karate club", graph, (node) => leaders.get(node) ?? `Member ${Number(node) + 1}`, {
    label: "club",
    features: ["position in the graph"],
    epochs: 80,
  });
}

/** A generated graph of communities; see {@link communityGraph}. */
export function openCommunities(seed: number): WorkingGraph {
  const graph = communityGraph({ ...pageCommunities, seed });
  return workingGraph("Six communities, 2,000 nodes", graph, (node) => `Node ${node}`, {
    label: "community",
    features: ["traits"],
    epochs: 150,
    seed,
  });
}

/**
 * The graph of one file, or of a table of edges and one of nodes.
 *
 * @throws GraphFileError for files that are no graph; DataError `empty-graph`, `too-large`.
 */
export function openFiles(files: readonly TextFile[]): WorkingGraph {
  const [first, second] = files;
  if (first === undefined) throw new DataError("empty-graph", "no file was given. Choose one.");
  const areSwapped = second !== undefined && !looksLikeEdges(first) && looksLikeEdges(second);
  const [graphFile, nodeFile] = areSwapped ? [second, first] : [first, second];
  const { title, graph, nodeName } = readGraph({ graph: graphFile, nodes: nodeFile, label: "" });
  if (graph.order === 0) throw new DataError("empty-graph", `${title} has no nodes. Choose a file with a graph in it.`);
  if (graph.order > mostNodes || graph.size > mostEdges) {
    const numbers = new Intl.NumberFormat("en");
    throw new DataError(
      "too-large",
      `${title} has ${numbers.format(graph.order)} nodes and ${numbers.format(graph.size)} edges; this page draws at most ${numbers.format(mostNodes)} and ` +
        `${numbers.format(mostEdges)}. Larger graphs are for Node: the same library trains on them there.`,
    );
  }
  return workingGraph(title, graph, nodeName, { epochs: graph.order > 5000 ? 60 : 150 });
}

/** What the page is told of a graph. */
export function openedGraph(working: WorkingGraph): OpenedGraph {
  const { title, graph, nodeName, attributes, suggested } = working;
  const numberOf = new Map<string, number>();
  const names = graph.mapNodes((node) => {
    numberOf.set(node, numberOf.size);
    return nodeName(node);
  });
  const edges = new Uint32Array(2 * graph.size);
  let next = 0;
  graph.forEachEdge((_edge, _attributes, source, target) => {
    edges[next++] = numberOf.get(source)!;
    edges[next++] = numberOf.get(target)!;
  });
  return {
    drawn: { title, names, edges },
    attributes,
    suggested,
    hint: attributes.some(({ canBeLabel }) => canBeLabel)
      ? undefined
      : "No node attribute of this graph can be predicted: it takes one with at least two different values. " +
        "A table of edges has none; drop a second table with a column “node” and a column of labels together with it.",
  };
}

function workingGraph(
  title: string,
  graph: AbstractGraph,
  nodeName: (node: string) => string,
  suggestion: Partial<TrainingChoices> & Pick<TrainingChoices, "epochs">,
): WorkingGraph {
  const attributes = summarizeAttributes(graph);
  const splitAttribute = splitAttributeOf(graph, attributes);
  const structural = structuralFeatures.map(({ attribute }) => attribute);
  const offered = attributes.filter(({ name }) => name !== splitAttribute && !structural.includes(name));
  const label = suggestion.label ?? suggestedLabel(offered, splitAttribute) ?? "";
  const features = suggestion.features ?? featuresBeside(label, offered);
  return {
    title,
    graph,
    nodeName,
    splitAttribute,
    attributes: offered,
    suggested: { ...defaults, ...suggestion, label, features },
  };
}

/** All that can be learned from but the label; where there is nothing, the place in the graph. */
function featuresBeside(label: string, attributes: readonly AttributeSummary[]): string[] {
  const names = attributes.filter(({ name, canBeFeature }) => canBeFeature && name !== label).map(({ name }) => name);
  const places = new Set(["x", "y", "z", "size", "color", "r", "g", "b"]);
  const telling = names.filter((name) => !places.has(name.toLowerCase()));
  return telling.length > 0 ? telling : ["position in the graph"];
}

function looksLikeEdges({ content }: TextFile): boolean {
  const head =
    typeof content === "string" ? content.slice(0, 2000) : new TextDecoder().decode(content.subarray(0, 2000));
  const columns = (head.split(/\r?\n/, 1)[0] ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim().replaceAll('"', ""));
  return (
    columns.some((name) => ["source", "from"].includes(name)) && columns.some((name) => ["target", "to"].includes(name))
  );
}
