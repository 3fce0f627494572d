import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SparseNeighborhood } from "@vicinal/core";
import { rmatEdges } from "#rmat";
import { type AttentionWork, writeInputs } from "../attention/attention-work.ts";
import type { BenchGroup, BenchSetting, Bound, Row } from "../ours/bench-group.ts";
import { Contestant } from "../run/contestant.ts";
import { interleave, median, medianRatio, totals } from "../run/interleave.ts";

/** The attention of the GAT paper, by which graphs of all sizes are compared. */
const shape = { score: "additive", heads: 8, channels: 8, seed: 1 } as const;

/** As in the graph of `npm run large`. */
const edgesPerNode = 10;

/** What the largest graph is, and what it is compared with. */
const largest = 10_000_000;
const compared = 1_000_000;
const mostTime = 2;
const mostMemory = 3;

/** So few edges that what the process takes has nothing to do with them. */
const fewEdges = 100;

const bytesOfNumber = 4;
const warmUp = 1;

/** Attention on skewed graphs that grow. */
export const growthGroup: BenchGroup = {
  name: "growth",
  description:
    "Additive attention, forward and backward, on skewed graphs (R-MAT) of 10^5, 10^6 and 10^7 edges, each in a process of its own: time by edge, and peak memory.",
  measure: async (setting) => {
    const sizes = [100_000, compared, largest].filter((edges) => setting.wants(`growth ${edges} edges`));
    if (sizes.length === 0) return { rows: [], bounds: [] };
    const rows: Row[] = [];
    const bounds: Bound[] = [];
    for (const threads of setting.threads) {
      const grown = await grow(sizes, threads, setting);
      for (const { edges, nodes, milliseconds, peakBytes, bytesRatio, timeRatio } of grown) {
        rows.push({
          ...{ edges, nodes, threads, ms: milliseconds, "ns by edge": (milliseconds * 1e6) / edges },
          ...{ "peak MiB": peakBytes / 2 ** 20, "times features, gradients and edges": bytesRatio },
        });
        const what = `growth, ${edges} edges, ${threads} threads`;
        if (edges === largest && timeRatio !== undefined) {
          const bound = { sense: "at most", bound: mostTime } as const;
          bounds.push({ what: `${what}: time by edge, times that of ${compared}`, reached: timeRatio, ...bound });
        }
        if (edges === largest) {
          bounds.push({ what: `${what}: peak memory`, reached: bytesRatio, sense: "at most", bound: mostMemory });
        }
      }
    }
    return { rows, bounds };
  },
};

/** A size, and what it took. */
interface Grown {
  readonly edges: number;
  readonly nodes: number;
  readonly milliseconds: number;
  /** What the process had at most beyond what it has for a graph of a few edges. */
  readonly peakBytes: number;
  /** `peakBytes` over those of features, gradients and edges. */
  readonly bytesRatio: number;
  /** Time by edge over that of {@link compared}; undefined where that was not measured. */
  readonly timeRatio: number | undefined;
}

async function grow(sizes: readonly number[], threads: number, setting: BenchSetting): Promise<readonly Grown[]> {
  const folder = await mkdtemp(join(tmpdir(), "vicinal-bench-"));
  const contestants: Contestant[] = [];
  try {
    for (const edges of [fewEdges, ...sizes]) {
      setting.onWork(`growth, ${edges} edges, ${threads} threads`);
      contestants.push(await start(edges, join(folder, String(edges)), threads));
    }
    const times = await interleave(contestants, setting.rounds, warmUp);
    const base = (await contestants[0]?.peakBytes()) ?? Number.NaN;
    const ofCompared = times[1 + sizes.indexOf(compared)];
    return await Promise.all(
      sizes.map(async (edges, k): Promise<Grown> => {
        const mine = times[k + 1]!;
        const nodes = nodesOf(edges);
        const peakBytes = ((await contestants[k + 1]?.peakBytes()) ?? Number.NaN) - base;
        return {
          ...{ edges, nodes, milliseconds: median(totals(mine)), peakBytes },
          bytesRatio: peakBytes / bytesOf(nodes, edges),
          timeRatio:
            ofCompared === undefined || !sizes.includes(compared)
              ? undefined
              : (medianRatio(ofCompared, mine) * compared) / edges,
        };
      }),
    );
  } finally {
    await Promise.all(contestants.map((contestant) => contestant.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** The graph and its features are made here, so that the process that is measured has nothing but the work. */
async function start(edges: number, inputs: string, threads: number): Promise<Contestant> {
  const nodes = nodesOf(edges);
  const work: AttentionWork = { ...shape, nodes, edges };
  const { sources, targets } = rmatEdges(nodes, edges, shape.seed);
  const ends = { senders: sources, receivers: targets, senderCount: nodes, receiverCount: nodes };
  await writeInputs(inputs, work, SparseNeighborhood.fromEdgeList(ends));
  const program = join(import.meta.dirname, "../attention/vicinal.js");
  const sizes = [nodes, edges, shape.heads, shape.channels].map(String);
  return Contestant.start({
    name: `${edges} edges`,
    command: process.execPath,
    arguments: [program, inputs, "", shape.score, ...sizes],
    environment: { VICINAL_BENCH_THREADS: String(threads) },
  });
}

function nodesOf(edges: number): number {
  return Math.ceil(edges / edgesPerNode);
}

/** Features that are read and put out, the gradients of both, and the edges by receiver and by sender, as numbers of 4 bytes. */
function bytesOf(nodes: number, edges: number): number {
  const features = nodes * shape.heads * shape.channels;
  const byReceiver = nodes + 1 + edges;
  const bySender = nodes + 1 + 2 * edges;
  return bytesOfNumber * (4 * features + byReceiver + bySender);
}
