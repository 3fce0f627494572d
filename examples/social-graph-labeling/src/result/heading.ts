import { givenLabel, knownLabel, type LabeledGraph } from "@vicinal/example-graph-files";
import type { Heading } from "@vicinal/example-report";
import type { NodeLabeling } from "@vicinal/graph";
import { type Evaluation, partInWords } from "./evaluation.ts";

/** What is shown, and how well it came out. */
export function headingOf(input: LabeledGraph, labeling: NodeLabeling, evaluation: Evaluation | undefined): Heading {
  const number = (value: number) => value.toLocaleString("en");
  const { graph, title } = input;
  const known = graph.filterNodes((node) => knownLabel(input, node) !== undefined).length;
  const told = `${number(known)} of ${number(graph.order)} labels known`;
  if (evaluation === undefined) return { title, subtitle: `${told}; the others predicted by graph attention` };

  const labelled = graph.filterNodes((node) => givenLabel(input, node) !== undefined);
  const right = labelled.filter((node) => givenLabel(input, node) === labeling.predictions[node]).length;
  const all =
    labelled.length === graph.order && graph.order < 100 ? `; ${right} of ${graph.order} with the known ones` : "";
  const score = `${number(evaluation.right)} of ${number(evaluation.nodes)} ${partInWords(evaluation.part)} labelled right${all}`;
  return { title, subtitle: `${told}; ${score}` };
}
