import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Random } from "@vicinal/core";
import type { Work } from "../run/contest.ts";

/** Who attends to whom: everyone to everyone, to none that come later, or to those nearby. */
export type DenseNeighborhood = "complete" | "causal" | "window";

/** Multi-head self-attention by scaled dot product over a sequence, forward and backward, without the projections around it. */
export interface DenseAttention {
  readonly neighborhood: DenseNeighborhood;
  readonly elements: number;
  readonly heads: number;
  readonly channels: number;
}

/** How far a window reaches on each side. */
export const windowRadius = 128;

/** The neighborhood of that name. */
function readDenseNeighborhood(name: string): DenseNeighborhood {
  if (name === "complete" || name === "causal" || name === "window") return name;
  throw new Error(`got the neighborhood "${name}"; expected "complete", "causal" or "window".`);
}

/** Arguments of the programs, after the folders. */
function denseAttentionArguments(attention: DenseAttention): readonly string[] {
  const { neighborhood, elements, heads, channels } = attention;
  return [neighborhood, ...[elements, heads, channels].map(String)];
}

/** What {@link denseAttentionArguments} gave. */
export function readDenseAttention([name = "", elements, heads, channels]: readonly string[]): DenseAttention {
  return {
    neighborhood: readDenseNeighborhood(name),
    elements: Number(elements),
    heads: Number(heads),
    channels: Number(channels),
  };
}

/** What the programs read, each `[elements, heads, channels]`: the inputs, and the gradient of the output. */
const denseAttentionInputs = ["query", "key", "value", "gradient"] as const;

/**
 * Self-attention as work for programs that read {@link denseAttentionInputs} and write `out` and the gradients of the three inputs, each
 * `[elements, heads, channels]`. Forward and backward are one time: a library that computes gradients of a function does not tell them apart.
 */
export function denseAttentionWork(attention: DenseAttention, seed = 1): Work {
  const { neighborhood, elements, heads, channels } = attention;
  return {
    name: `${neighborhood} self-attention ${heads}x${channels}, ${elements} elements`,
    parts: ["both"],
    arguments: denseAttentionArguments(attention),
    answers: ["out", "dquery", "dkey", "dvalue"],
    tolerance: 1e-4,
    async writeInputs(folder) {
      await mkdir(folder, { recursive: true });
      const random = new Random(seed);
      for (const name of denseAttentionInputs) {
        const values = Float32Array.from({ length: elements * heads * channels }, () => random.normal());
        await writeFile(join(folder, `${name}.f32`), values);
      }
    },
  };
}
