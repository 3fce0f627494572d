import {
  gatherRows,
  matmul,
  Random,
  type SparseNeighborhood,
  scope,
  segmentSoftmax,
  segmentSum,
  type Tensor,
  tensor,
  withoutGradient,
} from "@vicinal/core";
import { randomNeighborhood } from "../attention/attention-work.ts";
import type { BenchGroup, BenchSetting, Bound, Measured, Row } from "./bench-group.ts";
import { threadsInTurn } from "./threads-in-turn.ts";

/** Numbers of a node: 8 heads x 8, as attention has them. */
const width = 64;
const heads = 8;
/** As in the attention that floors are named for. */
const edgesPerNode = 50;

/** The first layer of the GAT paper's network on Cora. */
const product = { rows: 2708, inner: 1433, columns: 64 } as const;

/** What is measured: a kernel, on some graph. */
interface KernelCase {
  readonly name: string;
  /** Multiplications and additions, or 0 where they are not what counts. */
  readonly operations: number;
  prepare(): () => Tensor;
}

/** Kernels by themselves. */
export const kernelGroup: BenchGroup = {
  name: "kernels",
  description:
    "The dense product of Cora's first layer; gathering rows, summing and softmax over segments, by the edges of a random graph.",
  measure: async (setting) => {
    const rows: Row[] = [];
    for (const each of [dense, ...setting.sizes.flatMap(ofEdges)]) {
      if (!setting.wants(`kernels ${each.name}`)) continue;
      setting.onWork(each.name);
      rows.push(...(await rowsOf(each, setting)));
    }
    return { rows, bounds: [] as Bound[] } satisfies Measured;
  },
};

async function rowsOf({ name, operations, prepare }: KernelCase, setting: BenchSetting): Promise<readonly Row[]> {
  const compute = prepare();
  const run = (): void => withoutGradient(() => scope(() => void compute()));
  const times = await threadsInTurn(run, setting);
  return times.map(({ threads, milliseconds, speedup }) => ({
    ...{ kernel: name, threads, ms: milliseconds, "times as fast": speedup },
    "GFLOP/s": operations === 0 ? "" : operations / milliseconds / 1e6,
  }));
}

const dense: KernelCase = {
  name: `dense product ${product.rows} x ${product.inner} x ${product.columns}`,
  operations: 2 * product.rows * product.inner * product.columns,
  prepare: () => {
    const { rows, inner, columns } = product;
    const a = normal([rows, inner]);
    const b = normal([inner, columns]);
    return () => matmul(a, b);
  },
};

function ofEdges(edges: number): readonly KernelCase[] {
  const nodes = Math.ceil(edges / edgesPerNode);
  let made: SparseNeighborhood | undefined;
  const neighborhood = (): SparseNeighborhood => {
    made ??= randomNeighborhood({ nodes, edges, seed: 1 });
    return made;
  };
  const named = (what: string, prepare: () => () => Tensor): KernelCase => {
    return { name: `${what}, ${edges} edges`, operations: 0, prepare };
  };
  return [
    named(`gather rows of ${width}`, () => {
      const { senderOf } = neighborhood();
      const x = normal([nodes, width]);
      return () => gatherRows(x, senderOf);
    }),
    named(`segment sum of rows of ${width}`, () => {
      const { offsets } = neighborhood();
      const x = normal([edges, width]);
      return () => segmentSum(x, { offsets, permutation: undefined });
    }),
    named(`segment softmax, ${heads} heads`, () => {
      const { offsets } = neighborhood();
      const logits = normal([edges, heads]);
      return () => segmentSoftmax(logits, offsets);
    }),
  ];
}

function normal(shape: readonly number[]): Tensor {
  const random = new Random(1);
  const length = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float32Array.from({ length }, () => random.normal()),
    [...shape],
  );
}
