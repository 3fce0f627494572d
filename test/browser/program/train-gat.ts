import { Random, setThreads, threads } from "@vicinal/core";
import { labelNodes } from "@vicinal/graph";
import { UndirectedGraph } from "graphology";

// One program for every place that ours should run in: a page, a worker, Node. It imports what a user imports, and touches nothing of its
// host but `globalThis` and messages.

/** What to train on. */
export interface Job {
  /** A graph that `graph.export()` gave, or the size of one with communities and features to draw. */
  readonly graph: SerializedGraph | { readonly nodes: number; readonly communities: number };
  /** The node attribute with the label. */
  readonly label: string;
  /** The node attribute with features, if there are any. */
  readonly features?: string;
  readonly epochs: number;
  /** Default: what the host allows. */
  readonly threads?: number;
}

export type SerializedGraph = ReturnType<UndirectedGraph["export"]>;

/** What came of it, in a form that tells one bit of difference. */
export interface Trained {
  readonly threads: number;
  readonly labels: Readonly<Record<string, string>>;
  /** SHA-256 of the bits of all probabilities, losses and parameters. */
  readonly bits: { readonly probabilities: string; readonly losses: string; readonly parameters: string };
  readonly milliseconds: number;
  /** The name of what is thrown at a wrong option, which a minifier must not shorten. */
  readonly refusal: string;
}

/** Trains a GAT for some epochs. */
export async function train(job: Job): Promise<Trained> {
  if (job.threads !== undefined) setThreads(job.threads);
  const graph = "communities" in job.graph ? communityGraph(job.graph) : UndirectedGraph.from(job.graph);
  const begin = performance.now();
  const { labels, probabilities, history, model } = await labelNodes.detailed(graph, {
    label: job.label,
    ...(job.features !== undefined && { features: [job.features] }),
    layer: "gat",
    heads: 8,
    hidden: 64,
    epochs: job.epochs,
    seed: 7,
  });
  const milliseconds = performance.now() - begin;
  return {
    threads: threads(),
    labels,
    bits: {
      probabilities: await hashOf(Object.values(probabilities).flat()),
      losses: await hashOf(history.flatMap(({ loss, validationLoss }) => [loss, validationLoss ?? -1])),
      parameters: await hashOf(model.parameters().flatMap((parameter) => [...parameter.dataSync()])),
    },
    milliseconds,
    refusal: refusalOf(() => setThreads(0)),
  };
}

function refusalOf(attempt: () => void): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof Error) return error.name;
  }
  return "none";
}

/** Communities that befriend their own four times as often as others, with features that say a little of where a node belongs. */
function communityGraph({
  nodes,
  communities,
}: {
  readonly nodes: number;
  readonly communities: number;
}): UndirectedGraph {
  const random = new Random(5);
  const graph = new UndirectedGraph();
  for (let node = 0; node < nodes; node++) {
    const community = node % communities;
    const features = Array.from({ length: 32 }, (_, k) => random.normal(k % communities === community ? 0.5 : 0, 1));
    graph.addNode(node, { features, ...(random.uniform() < 0.3 && { community: `c${community}` }) });
  }
  for (let draw = 0; draw < 8 * nodes; draw++) {
    const [from, to] = [random.integer(nodes), random.integer(nodes)];
    const isKin = from % communities === to % communities;
    if (from !== to && (isKin || random.uniform() < 0.25)) graph.mergeEdge(from, to);
  }
  return graph;
}

async function hashOf(numbers: readonly number[]): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", Float64Array.from(numbers));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Object.assign(globalThis, { train });

if (typeof document === "undefined" && typeof addEventListener === "function") {
  addEventListener("message", async ({ data }: MessageEvent<Job>) => postMessage(await train(data)));
  postMessage("ready");
}
