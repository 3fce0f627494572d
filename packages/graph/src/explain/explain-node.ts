import { checkOptionNames, DataError, OptionError, Tensor } from "@vicinal/core";
import type { AbstractGraph } from "graphology-types";
import { checkGraph } from "../convert/check-graph.ts";
import { featureTensor } from "../convert/feature-tensor.ts";
import type { GraphNeighborhood } from "../convert/graph-neighborhood.ts";
import type { NodeModel } from "../models/node-model.ts";
import { engineOf } from "../sample/network-layers.ts";
import {
  type AssignAttentionOptions,
  assignAttentionOptionNames,
  attentionAttributes,
  attributeNames,
  refuseDuplicates,
} from "./assign-attention.ts";
import { attentionByEdge, attentionOfReceiver } from "./attention-by-edge.ts";
import { attentionRollout, type Rollout, type RolloutOptions } from "./attention-rollout.ts";
import { type AttentionCheckOptions, attentionCheckOptionNames } from "./check-attention.ts";
import { checkNodeAttention, type NodeModelInputs } from "./check-node-attention.ts";
import type { EdgeAttention } from "./edge-attention.ts";
import type { ExplainableLabeling, LabelingInputs } from "./explainable-labeling.ts";
import { hasShortcut } from "./has-shortcut.ts";
import type { ImportanceCheck } from "./importance-check.ts";
import { inputsInReach } from "./inputs-in-reach.ts";
import { recordAttention } from "./record-attention.ts";

/** Options of {@link explainNode}. */
export interface ExplainNodeOptions extends Omit<AttentionCheckOptions, "target"> {
  /** The label whose answer is explained. Default: the one that the network gives the node. */
  readonly label?: string | undefined;
}

/** How much of an answer came from a node, by attention. */
export interface NodeContribution {
  /** Key of the node. */
  readonly node: string;
  /** From 0 to 1; over all nodes they sum to 1. */
  readonly share: number;
}

/** How much of an answer passed along an edge, by attention. */
export interface EdgeContribution {
  /** Key of the edge. */
  readonly edge: string;
  /** Key of the node that it passed from. */
  readonly source: string;
  /** Key of the node that it passed to. */
  readonly target: string;
  /** The share of the answer, summed over layers. */
  readonly passed: number;
}

/** Why a node got its label, as far as attention says, and whether attention is to be believed. */
export interface NodeExplanation {
  /** Key of the node. */
  readonly node: string;
  /** The label that is explained. */
  readonly label: string;
  /** The answer for the label: its probability unless another measure was asked for. */
  readonly answer: number;
  /** Whom the node attends to, itself too, by layer and head, those with the most weight first. */
  readonly neighbors: readonly EdgeAttention[];
  /** By attention rollout, the nodes that the answer came from, those with the largest share first. */
  readonly nodes: readonly NodeContribution[];
  /** By attention rollout, the edges that it passed along, those with the most first. Both directions of an undirected edge are apart. */
  readonly edges: readonly EdgeContribution[];
  /** Whether the answer rests on the edges that `edges` begins with: read this before believing the rest. */
  readonly check: ImportanceCheck;
}

/** Options of `explainNode.assign`. */
export interface AssignExplanationOptions extends RolloutOptions, AssignAttentionOptions {
  /** The attribute of nodes that gets the share of the answer that came from each. Default `"contribution"`. */
  readonly nodeContributionAttribute?: string;
  /** The attribute of edges that gets the share of the answer that passed along each, in both directions together. Default `"contribution"`. */
  readonly edgeContributionAttribute?: string;
}

/**
 * Explains the label of a node by what the network attended to, and checks whether that is an explanation:
 *
 * ```ts
 * const labeling = await labelNodes.detailed(graph);
 * const { neighbors, check } = await explainNode(graph, labeling, "ann");
 * console.log(check.inWords);
 * ```
 *
 * Where the network has shortcuts past its attention, rollout counts them (`residual`) unless told otherwise. A network that can be cut into layers
 * runs on the part of the graph that the node can be reached from, any other on the whole graph, `2 * draws + 7` times.
 *
 * @param graph The graph that was labelled, unchanged.
 * @throws DataError `not-a-graph`, `unknown-node`; OptionError `unknown-option`, `unknown-label`; as {@link checkNodeAttention}.
 */
export async function explainNode(
  graph: AbstractGraph,
  labeling: ExplainableLabeling,
  node: string,
  options: ExplainNodeOptions = {},
): Promise<NodeExplanation> {
  const optionNames = ["label", ...attentionCheckOptionNames.filter((name) => name !== "target")];
  checkOptionNames("explainNode", options, optionNames);
  const { model, classes } = labeling;
  const all = checkedNode("explainNode", graph, labeling.inputs.converted, node);
  const { label, residual = hasShortcut(model), ...rest } = options;
  const inputs = inputsInReach(model, labeling.inputs, all);
  const { converted } = inputs;
  const index = converted.indexOf.get(String(node))!;
  const found = await checkNodeAttention(model, tensorsOf(model, inputs), {
    ...rest,
    node: index,
    residual,
    target: label === undefined ? undefined : numberOf(label, classes),
  });
  const { target, outputs: _outputs, rollout, layers, edges: _edges, ...check } = found;
  return {
    node,
    label: classes[target] ?? String(target),
    answer: check.answer,
    neighbors: attentionOfReceiver(converted, layers, index, { heads: rest.heads })
      .map(({ entry }) => entry)
      .sort((a, b) => b.weight - a.weight),
    nodes: Array.from(rollout.nodes, ([i, share]) => ({ node: converted.nodes[i]!, share })).sort(
      (a, b) => b.share - a.share,
    ),
    edges: edgeContributions(converted, rollout).sort((a, b) => b.passed - a.passed),
    check,
  };
}

/**
 * Writes what the network attended to onto the graph: to each edge the attention along it, reduced and by layer and head, as `attentionByEdge.assign` does,
 * and how much of the answer for one node passed along it; to each node how much of that answer came from it, by rollout. Everything is computed
 * and checked before anything is written. Does not check whether attention explains the answer.
 *
 * @throws As {@link explainNode}; OptionError `duplicate-attribute`; DataError `other-graph` for a graph that has lost edges.
 */
explainNode.assign = async (
  graph: AbstractGraph,
  labeling: ExplainableLabeling,
  node: string,
  options: AssignExplanationOptions = {},
): Promise<void> => {
  const where = "explainNode.assign";
  checkOptionNames(where, options, assignExplanationOptionNames);
  const { nodeContributionAttribute = "contribution", edgeContributionAttribute = "contribution" } = options;
  const attentionNames = attributeNames(options);
  refuseDuplicates(where, [...attentionNames, edgeContributionAttribute]);
  const { model, inputs } = labeling;
  const { converted } = inputs;
  const index = checkedNode(where, graph, converted, node);
  const { x, neighborhood, edgeFeatures } = tensorsOf(model, inputs);
  const { layers } = await recordAttention(() => model.forward(x, neighborhood, { edgeFeatures }), {
    over: neighborhood,
  });
  const { residual = hasShortcut(model), heads } = options;
  const rollout = attentionRollout(layers, index, { residual, heads });
  const attention = attentionByEdge(converted, layers, { heads });
  const attributes = attentionAttributes(where, graph, attention, attentionNames);
  const passed = new Map<string, number>();
  for (const one of edgeContributions(converted, rollout)) {
    passed.set(one.edge, (passed.get(one.edge) ?? 0) + one.passed);
  }
  graph.updateEachEdgeAttributes(
    (edge, before) =>
      // Edges that were added while the network ran have no attention.
      attributes.has(edge)
        ? { ...before, ...attributes.get(edge), [edgeContributionAttribute]: passed.get(edge) ?? 0 }
        : before,
    { attributes: [...attentionNames, edgeContributionAttribute] },
  );
  graph.updateEachNodeAttributes(
    (key, before) => {
      const i = converted.indexOf.get(key);
      return i === undefined ? before : { ...before, [nodeContributionAttribute]: rollout.nodes.get(i) ?? 0 };
    },
    { attributes: [nodeContributionAttribute] },
  );
};

const assignExplanationOptionNames = [
  ...assignAttentionOptionNames,
  "residual",
  "heads",
  "nodeContributionAttribute",
  "edgeContributionAttribute",
] as const satisfies readonly (keyof AssignExplanationOptions)[];

function tensorsOf(model: NodeModel, { converted, features, edgeFeatures }: LabelingInputs): NodeModelInputs {
  const engine = engineOf(model);
  const ofEdges = edgeFeatures && featureTensor(edgeFeatures, { engine });
  return {
    x: featureTensor(features, { engine }),
    neighborhood: converted.neighborhood,
    edgeFeatures: ofEdges instanceof Tensor ? ofEdges : undefined,
  };
}

function edgeContributions({ neighborhood, nodes, edgeKeys }: GraphNeighborhood, rollout: Rollout): EdgeContribution[] {
  const { edgeOf, senderOf, receiverOf } = neighborhood;
  const contributions: EdgeContribution[] = [];
  for (const [p, number] of edgeOf.entries()) {
    const passed = rollout.edges.get(number);
    if (passed === undefined) continue;
    const [source, target] = [nodes[senderOf[p]!]!, nodes[receiverOf[p]!]!];
    contributions.push({ edge: edgeKeys[number]!, source, target, passed });
  }
  return contributions;
}

function checkedNode(where: string, graph: AbstractGraph, { nodes, indexOf }: GraphNeighborhood, node: string): number {
  checkGraph(where, graph);
  const index = indexOf.get(String(node));
  if (index === undefined || !graph.hasNode(node)) {
    throw new DataError(
      "unknown-node",
      `${where}: got the node "${node}"; expected one of the ${nodes.length} nodes of the graph that was labelled.`,
    );
  }
  return index;
}

function numberOf(label: string, classes: readonly string[]): number {
  const number = classes.indexOf(label);
  if (number >= 0) return number;
  throw new OptionError(
    "unknown-label",
    `explainNode: got the label "${label}"; expected one of ${classes.map((one) => `"${one}"`).join(", ")}.`,
  );
}
