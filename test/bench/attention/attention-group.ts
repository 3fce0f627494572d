import { join } from "node:path";
import { buildAttention, findCompiler } from "../peers/c.ts";
import { pythonProgram } from "../peers/python.ts";
import type { Entry, Work } from "../run/contest.ts";
import type { Floor } from "../run/floors.ts";
import type { PeerGroup, PeerSetting, Piece } from "../run/peer-group.ts";
import { type AttentionWork, answersOf, type ScoreName, writeInputs } from "./attention-work.ts";

/** Heads and channels of attention. */
export interface Shape {
  readonly heads: number;
  readonly channels: number;
}

/** Which attention is compared. */
export interface AttentionGroupOptions {
  readonly scores: readonly ScoreName[];
  readonly shapes: readonly Shape[];
}

/** Edges of a node, as in the work that the floors are named for: 20,000 nodes, 1,000,000 edges. */
const edgesPerNode = 50;

/**
 * Of a million edges some stand at the kink of the leaky ReLU, where rounding decides which of its two slopes holds: that alone moves gradients by
 * up to 1e-3.
 */
const tolerance = 2e-3;

/** Attention over the edges of a random graph, forward and backward. */
export function attentionGroup({ scores, shapes }: AttentionGroupOptions): PeerGroup {
  return {
    name: "attention",
    description:
      "Attention over the edges of a random graph, forward and backward, beside PyTorch Geometric and C, generic and specialised.",
    pieces: async (setting) => {
      const pieces: Piece[] = [];
      for (const edges of setting.sizes) {
        for (const shape of shapes) {
          const entries = await entriesFor(setting, shape);
          for (const score of scores) {
            const nodes = Math.ceil(edges / edgesPerNode);
            const work = contestOf({ score, nodes, edges, ...shape, seed: 1 });
            pieces.push({ work, entries, floors: edges === 1_000_000 ? floorsOf(score, shape) : [] });
          }
        }
      }
      return pieces;
    },
  };
}

function contestOf(work: AttentionWork): Work {
  const { score, nodes, edges, heads, channels } = work;
  return {
    name: `${score} ${heads}x${channels}, ${nodes} nodes, ${edges} edges`,
    parts: ["forward", "backward"],
    arguments: [score, ...[nodes, edges, heads, channels].map(String)],
    writeInputs: (folder) => writeInputs(folder, work),
    answers: answersOf(score),
    tolerance,
  };
}

/** How many times as long the peers take at least, with a million edges: `[PyTorch Geometric, C, C specialised]`. */
const leastTimes: Readonly<Record<string, readonly number[]>> = {
  "additive 8x8": [8, 1.5, 0.9],
  "additive 4x64": [10, 1.3, 0.55],
  "late-additive 8x8": [10, 1.5],
  "late-additive 4x64": [10, 1.5],
  "scaled-dot 8x8": [6, 1.3],
  "scaled-dot 4x64": [6, 1.3],
};

function floorsOf(score: ScoreName, { heads, channels }: Shape): readonly Floor[] {
  const times = leastTimes[`${score} ${heads}x${channels}`] ?? [];
  const peers = ["PyTorch Geometric", "C", "C, specialised"];
  const ofTime = times.map((atLeast, k): Floor => ({ against: peers[k]!, of: "time", atLeast }));
  return [...ofTime, { against: "PyTorch Geometric", of: "memory", atLeast: 5 }];
}

async function entriesFor(setting: PeerSetting, { heads, channels }: Shape): Promise<readonly Entry[]> {
  const found: Entry[] = [
    { name: "Vicinal", command: process.execPath, before: [join(import.meta.dirname, "vicinal.js")] },
  ];
  if (setting.wants("c")) {
    const compiler = await findCompiler();
    if (compiler === undefined) setting.say("No C compiler was found: C is left out.");
    else {
      found.push({ name: "C", command: await buildAttention(compiler, setting.folder, "generic"), before: [] });
      const specialised = await buildAttention(compiler, setting.folder, { heads, channels });
      found.push({ name: "C, specialised", command: specialised, before: [] });
    }
  }
  if (setting.wants("pyg") || setting.wants("pyg-compiled")) {
    const peer = "PyTorch Geometric";
    const pyg = { peer, command: await setting.python(), before: [pythonProgram("pyg_attention.py")] };
    if (setting.wants("pyg")) found.push({ ...pyg, name: peer });
    if (setting.wants("pyg-compiled")) found.push({ ...pyg, name: `${peer}, compiled`, after: ["--compile"] });
  }
  return found;
}
