import { randomNeighborhood } from "../attention/attention-work.ts";
import { attentionCase } from "./attention-case.ts";
import type { BenchGroup, Bound, Row } from "./bench-group.ts";
import { builtInScores } from "./scores.ts";
import { threadsInTurn } from "./threads-in-turn.ts";

const edgesPerNode = 50;

/** From so many edges on two threads must be worth having. */
const manyEdges = 1_000_000;
const leastSpeedup = 1.8;

/** Attention by every built-in score. */
export const scoreGroup: BenchGroup = {
  name: "scores",
  description: "Attention by every built-in score over a random graph, forward and with all gradients.",
  measure: async (setting) => {
    const rows: Row[] = [];
    const bounds: Bound[] = [];
    for (const edges of setting.sizes) {
      const neighborhood = randomNeighborhood({ nodes: Math.ceil(edges / edgesPerNode), edges, seed: 1 });
      for (const shape of setting.shapes) {
        for (const score of builtInScores) {
          const name = `${score.name} ${shape.heads}x${shape.channels}, ${edges} edges`;
          if (!setting.wants(`scores ${name}`)) continue;
          setting.onWork(name);
          const { path, forward, both } = attentionCase(score, neighborhood, shape);
          const ofForward = await threadsInTurn(forward, setting);
          const ofBoth = await threadsInTurn(both, setting);
          for (const [k, { threads, milliseconds, speedup }] of ofBoth.entries()) {
            rows.push({
              ...{ score: name, path: path(), threads, "forward ms": ofForward[k]!.milliseconds },
              ...{ "with gradients ms": milliseconds, "times as fast": speedup },
            });
            if (edges < manyEdges || threads !== 2 || setting.threads[0] !== 1) continue;
            bounds.push({ what: `${name}: two threads`, reached: speedup, sense: "at least", bound: leastSpeedup });
          }
        }
      }
    }
    return { rows, bounds };
  },
};
