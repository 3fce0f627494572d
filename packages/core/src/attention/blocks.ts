import type { Engine } from "../engine/engine.ts";
import { hashElement } from "../engine/kernels.ts";
import { slice } from "../tensor/arrange.ts";
import { backward } from "../tensor/backward.ts";
import { zerosForGradient } from "../tensor/create.ts";
import { multiply } from "../tensor/elementwise.ts";
import { withTemporaryIndices } from "../tensor/indices.ts";
import { record, withGradient } from "../tensor/record.ts";
import { scope } from "../tensor/scope.ts";
import { rowMajorStrides } from "../tensor/shapes.ts";
import { sum } from "../tensor/sum.ts";
import { Tensor } from "../tensor/tensor.ts";
import { blocksOf, rowsOf } from "./neighborhood/blocks.ts";
import type { Neighborhood } from "./neighborhood/neighborhood.ts";
import type { SparseNeighborhood } from "./neighborhood/sparse.ts";

/** A tensor that blocks read: all of it, or the rows of the block's receivers or edges. */
export interface BlockInput {
  readonly tensor: Tensor;
  readonly rows: "all" | "receivers" | "edges";
}

/** One block of receivers. */
export interface Block {
  /** The pairs of the block's receivers. */
  readonly edges: SparseNeighborhood;
  /** The number of its first receiver. */
  readonly firstReceiver: number;
  /** The inputs, in their order: whole, or the rows of this block. */
  readonly inputs: readonly Tensor[];
  /** What dropout and sampling draw from. */
  readonly seed: number | undefined;
}

/** The rows of a block, from the first on and up to the last, in tensors that have one for each receiver or edge. */
type Ranges = Readonly<Record<"receivers" | "edges", readonly [first: number, end: number]>>;

/** A computation that is done one block of receivers after the other. */
export interface BlockedOperation {
  readonly name: string;
  readonly neighborhood: Neighborhood;
  readonly inputs: readonly BlockInput[];
  /** `[receivers, ...]`. */
  readonly shape: readonly number[];
  readonly seed: number | undefined;
  /** How many pairs a block has at most, if it has more than one receiver. */
  readonly pairsPerBlock: number;
  /** Rows of the result for the receivers of a block. Must depend on the tensors of `inputs` alone. */
  readonly compute: (block: Block) => Tensor;
}

/**
 * Attention over a neighborhood of more pairs than memory holds: blocks of receivers one after the other, and in the gradient each block
 * computed again. The memory is that of one block (Chen et al., 2016, "Training deep nets with sublinear memory cost").
 */
export function inBlocks({
  name,
  neighborhood,
  inputs,
  shape,
  seed,
  pairsPerBlock,
  compute,
}: BlockedOperation): Tensor {
  const width = shape.slice(1).reduce((a, b) => a * b, 1);

  /** Runs `body` for each block; what it makes is freed before the next. */
  const forEachBlock = (body: (block: Block, ranges: Ranges) => void): void => {
    let firstEdge = 0;
    for (const receivers of blocksOf(neighborhood, pairsPerBlock)) {
      const [firstReceiver] = receivers;
      const edges = rowsOf(neighborhood, ...receivers);
      const ranges: Ranges = { receivers, edges: [firstEdge, firstEdge + edges.edges] };
      withTemporaryIndices(() =>
        scope(() => {
          const parts = inputs.map(({ tensor, rows }) => (rows === "all" ? tensor : slice(tensor, 0, ...ranges[rows])));
          const ofBlock = seed === undefined ? undefined : hashElement(seed, firstReceiver);
          body({ edges, firstReceiver, inputs: parts, seed: ofBlock }, ranges);
        }),
      );
      firstEdge += edges.edges;
    }
  };

  return record({
    name,
    shape,
    inputs: inputs.map(({ tensor }) => tensor),
    forward: (out, engine) =>
      forEachBlock((block) => {
        const rows = compute(block);
        placeRows(engine, rows, out, block.firstReceiver * width);
      }),
    backward: (gradient) => {
      const { engine } = gradient;
      const gradients = inputs.map(({ tensor }) => zerosForGradient(tensor));
      forEachBlock((block, ranges) =>
        withGradient(() => {
          const leaves = block.inputs.map((part, k) =>
            leafOf(part, inputs[k]!.rows === "all" ? gradients[k] : undefined, gradients[k] !== undefined),
          );
          const rows = compute({ ...block, inputs: leaves });
          if (!rows.requiresGrad) return;
          backward(sum(multiply(rows, slice(gradient, 0, ...ranges.receivers))));
          for (const [k, { rows: which }] of inputs.entries()) {
            const [target, part] = [gradients[k], leaves[k]!.grad];
            if (target === undefined || part === undefined || which === "all") continue;
            placeRows(engine, part, target.buffer, ranges[which][0] * (rowMajorStrides(target.shape)[0] ?? 1));
            part.dispose();
          }
        }),
      );
      return gradients;
    },
  });
}

/** A leaf with the numbers of `part`, whose gradient is added to `gradient` if that is given. */
function leafOf(part: Tensor, gradient: Tensor | undefined, requiresGrad: boolean): Tensor {
  const leaf = new Tensor(part.storage, part.shape, requiresGrad);
  leaf.grad = gradient;
  return leaf;
}

function placeRows(engine: Engine, rows: Tensor, out: Tensor["buffer"], offset: number): void {
  engine.run("stridedAdd", { x: rows.buffer, out, shape: rows.shape, strides: rowMajorStrides(rows.shape), offset });
}
