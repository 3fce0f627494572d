import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random, SparseNeighborhood } from "@vicinal/core";

/** The scores that every contestant knows. */
export type ScoreName = "additive" | "late-additive" | "scaled-dot";

/** Attention over the edges of a graph, forward and backward, without the projections before it. */
export interface AttentionWork {
  readonly score: ScoreName;
  readonly nodes: number;
  readonly edges: number;
  readonly heads: number;
  readonly channels: number;
  readonly seed: number;
}

/** The arrays that are read, and the gradients that are written, beside `out`. */
export const tensorsOf = {
  additive: { nodes: ["value"], heads: ["receiver", "sender"] },
  "late-additive": { nodes: ["query", "value"], heads: ["a"] },
  "scaled-dot": { nodes: ["query", "key", "value"], heads: [] },
} as const satisfies Record<ScoreName, { nodes: readonly string[]; heads: readonly string[] }>;

/** The scores that every contestant knows. */
export const scoreNames: readonly ScoreName[] = ["additive", "late-additive", "scaled-dot"];

/** The score of that name. */
export function readScoreName(name: string): ScoreName {
  const found = scoreNames.find((each) => each === name);
  if (found === undefined) throw new Error(`got the score "${name}"; expected ${scoreNames.join(", ")}.`);
  return found;
}

/** The edges of a random graph: both ends of each drawn alike, so that a node has `edges / nodes` of them on average. */
export function randomNeighborhood({
  nodes,
  edges,
  seed,
}: Pick<AttentionWork, "nodes" | "edges" | "seed">): SparseNeighborhood {
  const random = new Random(seed);
  const draw = (): Uint32Array => Uint32Array.from({ length: edges }, () => random.integer(nodes));
  return SparseNeighborhood.fromEdgeList({
    senders: draw(),
    receivers: draw(),
    senderCount: nodes,
    receiverCount: nodes,
  });
}

/** Writes what the contestants read of a graph: edges by receiver and by sender, features, parameters, and the gradient of the output. */
export async function writeInputs(
  folder: string,
  work: AttentionWork,
  neighborhood = randomNeighborhood(work),
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { nodes, heads, channels, score, seed } = work;
  const { offsets, receivers, permutation } = neighborhood.transposed;
  await save(folder, "offsets.u32", neighborhood.offsets);
  await save(folder, "senders.u32", neighborhood.senderOf);
  await save(folder, "starts.u32", offsets);
  await save(folder, "receivers.u32", receivers);
  await save(folder, "positions.u32", permutation);
  const random = new Random(seed + 1);
  const normal = (length: number, scale: number) => Float32Array.from({ length }, () => scale * random.normal());
  const { nodes: ofNodes, heads: ofHeads } = tensorsOf[score];
  for (const name of [...ofNodes, "gradient"]) await save(folder, `${name}.f32`, normal(nodes * heads * channels, 1));
  for (const name of ofHeads) await save(folder, `${name}.f32`, normal(heads * channels, channels ** -0.5));
}

/** The files of an answer, without their ending: the output and the gradient of everything that was read. */
export function answersOf(score: ScoreName): readonly string[] {
  return ["out", ...[...tensorsOf[score].nodes, ...tensorsOf[score].heads].map((name) => `d${name}`)];
}

async function save(folder: string, name: string, values: Float32Array | Uint32Array): Promise<void> {
  await writeFile(join(folder, name), values);
}
