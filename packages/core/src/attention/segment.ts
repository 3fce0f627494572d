import type { KernelArguments } from "../engine/kernels.ts";
import { provide } from "../engine/wasm/kernel-set.ts";
import { selectionSet } from "../engine/wasm/sets/selection.ts";
import { expectShape } from "../expect-shape.ts";
import { madeOnce } from "../made-once.ts";
import { groupsOfPositions } from "../tensor/group-by.ts";
import { indexBuffer } from "../tensor/indices.ts";
import { record, withoutGradient } from "../tensor/record.ts";
import { gatherRows } from "../tensor/rows.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { SparseNeighborhood } from "./neighborhood/sparse.ts";

/** Softmax of `[positions, heads]` over the positions of each row of `offsets`, for each head. */
export function segmentSoftmax(logits: Tensor, offsets: Uint32Array): Tensor {
  return overRows("segmentSoftmax", logits, offsets, {});
}

/**
 * Entmax (Peters, Niculae and Martins, "Sparse sequence-to-sequence models", 2019, eq. 10) of `[positions, heads]` over the positions of each row
 * of `offsets`, for each head: `max((alpha - 1) l - tau, 0)^(1 / (alpha - 1))`, where tau makes the row sum to 1. `alpha` 2 is sparsemax
 * (Martins and Astudillo, 2016).
 */
export function segmentEntmax(logits: Tensor, offsets: Uint32Array, alpha: 1.5 | 2): Tensor {
  provide(selectionSet);
  return overRows("segmentEntmax", logits, offsets, { alpha });
}

/** Weights of rows of logits by the kernel of this name; the gradient, by the one that is named after it, is not differentiated again. */
function overRows(
  name: "segmentSoftmax" | "segmentEntmax",
  logits: Tensor,
  offsets: Uint32Array,
  options: Partial<Pick<KernelArguments["segmentEntmax"], "alpha">>,
): Tensor {
  const { shape } = logits;
  const heads = headsOf(name, logits);
  return record({
    name,
    shape,
    inputs: [logits],
    forward: (out, engine) =>
      engine.run(name, { ...options, logits: logits.buffer, offsets: indexBuffer(engine, offsets), out, heads }),
    backward: (gradient, weights) => [
      record({
        name: `${name} gradient`,
        shape,
        inputs: [weights, gradient],
        forward: (out, engine) =>
          engine.run(`${name}Gradient`, {
            ...options,
            weights: weights.buffer,
            gradient: gradient.buffer,
            offsets: indexBuffer(engine, offsets),
            out,
            heads,
          }),
        backward: () => [],
      }),
    ],
  });
}

/**
 * `[positions, heads]` to the same shape: 1 at the largest of each row of `offsets`, the first of equal ones, and 0 elsewhere, for each head. A constant; or,
 * given `soft`, with the gradient that `soft` would have in its place (straight-through).
 */
export function segmentHardmax(logits: Tensor, offsets: Uint32Array, soft?: Tensor): Tensor {
  provide(selectionSet);
  const heads = headsOf("segmentHardmax", logits);
  const hardmax = (): Tensor =>
    record({
      name: "segmentHardmax",
      shape: logits.shape,
      inputs: [soft ?? logits],
      forward: (out, engine) =>
        engine.run("segmentHardmax", { logits: logits.buffer, offsets: indexBuffer(engine, offsets), out, heads }),
      backward: (gradient) => [gradient],
    });
  return soft === undefined ? withoutGradient(hardmax) : hardmax();
}

/** The sum over the positions of each row of `offsets`: `[positions, heads] -> [rows, heads]`. */
export function rowSums(x: Tensor, offsets: Uint32Array): Tensor {
  const heads = headsOf("rowSums", x);
  return record({
    name: "rowSums",
    shape: [offsets.length - 1, heads],
    inputs: [x],
    forward: (out, engine) =>
      engine.run("segmentSum", {
        x: x.buffer,
        offsets: indexBuffer(engine, offsets),
        permutation: null,
        out,
        width: heads,
      }),
    backward: (gradient) => [atPositions(gradient, offsets)],
  });
}

/** What each row has, at each of its positions: `[rows, heads] -> [positions, heads]`. */
export function atPositions(x: Tensor, offsets: Uint32Array): Tensor {
  headsOf("atPositions", x);
  const rowOf = madeOnce(rowsByOffsets, offsets, groupsOfPositions);
  return gatherRows(x, rowOf, { offsets });
}

/** The row of each position, kept because the same offsets are used in every training step. */
const rowsByOffsets = new WeakMap<Uint32Array, Uint32Array>();

function headsOf(name: string, x: Tensor): number {
  return expectShape(name, "an input", x, ["positions", "heads"])[1];
}

/** One direction in which edges are walked: rows of owners, the element at the other end, the position of the edge's weight. */
interface Walk {
  readonly offsets: Uint32Array;
  readonly columns: Uint32Array;
  readonly permutation?: Uint32Array;
}

function byReceiver({ offsets, senderOf }: SparseNeighborhood): Walk {
  return { offsets, columns: senderOf };
}

function bySender({ transposed: { offsets, receivers, permutation } }: SparseNeighborhood): Walk {
  return { offsets, columns: receivers, permutation };
}

/** `out[owner] = sum over its edges of weights[edge] * values[other end]`. A gradient is not differentiated again. */
function weightedSumAlong(
  { offsets, columns, permutation }: Walk,
  weights: Tensor,
  values: Tensor,
  derive: (gradient: Tensor) => readonly (Tensor | undefined)[] = () => [],
): Tensor {
  const [, heads, channels] = headed("weightedSum", values);
  return record({
    name: "weightedSum",
    shape: [offsets.length - 1, heads, channels],
    inputs: [weights, values],
    forward: (out, engine) =>
      engine.run("edgeWeightedSum", {
        weights: weights.buffer,
        offsets: indexBuffer(engine, offsets),
        columns: indexBuffer(engine, columns),
        permutation: permutation === undefined ? null : indexBuffer(engine, permutation),
        values: values.buffer,
        out,
        heads,
        channels,
      }),
    backward: derive,
  });
}

/**
 * The weighted sum over neighborhoods: `out[i, h] = sum over edges (j to i) of weights[edge, h] * values[j, h]`, from weights
 * `[edges, heads]` and values `[senders, heads, channels]` to `[receivers, heads, channels]`.
 */
export function weightedSum(neighborhood: SparseNeighborhood, weights: Tensor, values: Tensor): Tensor {
  return weightedSumAlong(byReceiver(neighborhood), weights, values, (gradient) => [
    weights.requiresGrad ? edgeDot(neighborhood, gradient, values) : undefined,
    values.requiresGrad ? weightedSumAlong(bySender(neighborhood), weights, gradient) : undefined,
  ]);
}

/**
 * The inner product along every edge: `out[edge (j to i), h] = dot(a[i, h], b[j, h])`, from `[receivers, heads, channels]` and
 * `[senders, heads, channels]` to `[edges, heads]`.
 */
export function edgeDot(neighborhood: SparseNeighborhood, a: Tensor, b: Tensor): Tensor {
  const [, heads, channels] = headed("edgeDot", a);
  return record({
    name: "edgeDot",
    shape: [neighborhood.edges, heads],
    inputs: [a, b],
    forward: (out, engine) =>
      engine.run("edgeDot", {
        a: a.buffer,
        aRows: indexBuffer(engine, neighborhood.receiverOf),
        b: b.buffer,
        bRows: indexBuffer(engine, neighborhood.senderOf),
        out,
        heads,
        channels,
      }),
    backward: (gradient) => [
      a.requiresGrad ? weightedSumAlong(byReceiver(neighborhood), gradient, b) : undefined,
      b.requiresGrad ? weightedSumAlong(bySender(neighborhood), gradient, a) : undefined,
    ],
  });
}

function headed(name: string, x: Tensor): readonly [elements: number, heads: number, channels: number] {
  return expectShape(name, "an input", x, ["elements", "heads", "channels"]);
}
