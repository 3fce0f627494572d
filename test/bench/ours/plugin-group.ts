import { defineScore, lateAdditive, type Score, scaledDot, setThreads } from "@vicinal/core";
import { randomNeighborhood } from "../attention/attention-work.ts";
import { inTurn } from "../run/in-turn.ts";
import { median, medianRatio, totals } from "../run/interleave.ts";
import { attentionCase } from "./attention-case.ts";
import type { BenchGroup, Bound, Row } from "./bench-group.ts";
import { gaussian } from "./scores.ts";

const edges = 1_000_000;
const nodes = 20_000;
const warmUp = 3;

/** How fast a plug-in's score must be at least, the built-in being 1. */
const least = 0.8;

/** The same expression as the built-in's, written by someone else. */
const plugged: Score = defineScore("plugged-scaled-dot", {
  parameters: {},
  score: ({ query, key }, { channels }) => query.dot(key).divide(Math.sqrt(channels)),
});

/**
 * A score of a plug-in, and the built-in that reads and writes as much. By channel the Gaussian subtracts, squares and adds, scaled dot multiplies and
 * adds, GATv2 adds, chooses, multiplies and adds: the Gaussian stands between the two.
 */
const pairs: readonly { readonly plugin: Score; readonly builtIn: Score }[] = [
  { plugin: plugged, builtIn: scaledDot() },
  { plugin: gaussian, builtIn: scaledDot() },
  { plugin: gaussian, builtIn: lateAdditive() },
];

/** Scores that a plug-in defines. */
export const pluginGroup: BenchGroup = {
  name: "plugin",
  description:
    "A score that a plug-in defines (the Gaussian of the squared distance) beside built-in ones of the same cost, in turn, forward and with all gradients.",
  measure: async (setting) => {
    const rows: Row[] = [];
    const bounds: Bound[] = [];
    setThreads(1);
    const neighborhood = randomNeighborhood({ nodes, edges, seed: 1 });
    for (const shape of setting.shapes) {
      for (const { plugin, builtIn } of pairs) {
        const name = `${plugin.name} and ${builtIn.name}, ${shape.heads}x${shape.channels}`;
        if (!setting.wants(`plugin ${name}`)) continue;
        setting.onWork(name);
        const variants = [plugin, builtIn].map((score) => {
          const { both } = attentionCase(score, neighborhood, shape);
          return { name: score.name, run: both };
        });
        const [ofPlugin, ofBuiltIn] = await inTurn(variants, { rounds: setting.rounds, warmUp });
        const speed = medianRatio(ofPlugin!, ofBuiltIn!);
        rows.push({
          ...{ scores: name, "plug-in ms": median(totals(ofPlugin!)), "built-in ms": median(totals(ofBuiltIn!)) },
          "times as fast": speed,
        });
        bounds.push({ what: `plugin ${name}`, reached: speed, sense: "at least", bound: least });
      }
    }
    return { rows, bounds };
  },
};
