import { type Engine, Linear, parameter, Random, type Tensor } from "@vicinal/core";
import { expect } from "vitest";
import { Perceptron } from "../layers/perceptron.ts";
import { AttentionReadout } from "../readout/attention-readout.ts";
import type { GraphMembership } from "../readout/membership.ts";
import { MaxReadout, MeanReadout, SumReadout } from "../readout/pool.ts";
import { PoolingByMultiHeadAttention } from "../readout/pooling-by-multi-head-attention.ts";
import type { AttentiveReadout, Readout } from "../readout/readout.ts";
import { Set2Set } from "../readout/set2set.ts";
import { reference } from "./layer-examples.ts";

export const width = 4;
/** Graph 2 has no nodes, and neither has the last; graph 3 has one. */
export const membership = { graphs: 5, graphOf: Uint32Array.of(0, 0, 0, 1, 1, 1, 1, 3) } as const;
/** An order of these nodes in which those of a graph do not follow one another. */
export const mixedOrder = [5, 0, 7, 3, 1, 6, 2, 4] as const;

type Make = (options?: { readonly engine?: Engine; readonly seed?: number }) => Readout;

export const attentiveReadouts = {
  "attention with one gate": ({ engine = reference, seed = 1 } = {}) =>
    new AttentionReadout(width, { random: new Random(seed), engine }),
  "attention with a gate for each channel": ({ engine = reference, seed = 1 } = {}) => {
    const drawn = { random: new Random(seed), engine };
    return new AttentionReadout(width, {
      ...drawn,
      gateNn: new Perceptron([width, 5, 3], drawn),
      nn: new Linear(width, 3, drawn),
    });
  },
  "attention with a gate for each of two runs of channels": ({ engine = reference, seed = 1 } = {}) => {
    const drawn = { random: new Random(seed), engine };
    return new AttentionReadout(width, {
      ...drawn,
      gateNn: new Linear(width, 2, drawn),
      nn: new Linear(width, 6, drawn),
    });
  },
  Set2Set: ({ engine = reference, seed = 1 } = {}) => new Set2Set(width, { random: new Random(seed), engine }),
  "pooling by multi-head attention": ({ engine = reference, seed = 1 } = {}) =>
    new PoolingByMultiHeadAttention(width, { random: new Random(seed), engine, numSeedPoints: 3, heads: 2 }),
  "pooling by one seed without norms": ({ engine = reference, seed = 1 } = {}) =>
    new PoolingByMultiHeadAttention(width, { random: new Random(seed), engine, layerNorm: false }),
} satisfies Readonly<Record<string, (options?: Parameters<Make>[0]) => AttentiveReadout>>;

export const everyReadout: Readonly<Record<string, Make>> = {
  sum: () => new SumReadout(width),
  mean: () => new MeanReadout(width),
  max: () => new MaxReadout(width),
  ...attentiveReadouts,
};

export function reordered({ graphs, graphOf }: GraphMembership, order: readonly number[]): GraphMembership {
  return { graphs, graphOf: Uint32Array.from(order, (node) => graphOf[node]!) };
}

export function pick(x: Tensor, rows: readonly number[]): Tensor {
  const values = rowsIn(x);
  return parameter(
    rows.flatMap((row) => [...values[row]!]),
    [rows.length, values[0]!.length],
    { engine: x.engine },
  );
}

export function rowsIn(x: Tensor): number[][] {
  const [rows = 0, columns = 0] = x.shape;
  const values = x.dataSync();
  return Array.from({ length: rows }, (_, r) => Array.from(values.slice(r * columns, (r + 1) * columns)));
}

export function expectSame(got: ArrayLike<number>, expected: ArrayLike<number>, digits = 10): void {
  expect(got.length).toBe(expected.length);
  Array.from(expected).forEach((value, k) => {
    expect(got[k]).toBeCloseTo(value, digits);
  });
}
