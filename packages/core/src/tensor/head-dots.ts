import { indexBuffer, withTemporaryIndices } from "./indices.ts";
import { record } from "./record.ts";
import type { Tensor } from "./tensor.ts";

/** Index arrays with which kernels for edges walk elements that all meet one other. */
interface ElementRows {
  /** 0, 1, 2, ... */
  readonly elements: Uint32Array;
  /** As many zeros. */
  readonly zeros: Uint32Array;
  /** Each element is a row of its own. */
  readonly starts: Uint32Array;
  /** All are one row. */
  readonly all: Uint32Array;
}

/** Of the counts that came last, on the host. A training step asks for few. */
const known = new Map<number, ElementRows>();
const MOST_KNOWN = 8;

function elementRows(count: number): ElementRows {
  let rows = known.get(count);
  if (rows === undefined) {
    const starts = Uint32Array.from({ length: count + 1 }, (_, k) => k);
    rows = { starts, elements: starts.slice(0, count), zeros: new Uint32Array(count), all: Uint32Array.of(0, count) };
    if (known.size === MOST_KNOWN) known.delete(known.keys().next().value ?? 0);
    known.set(count, rows);
  }
  return rows;
}

/**
 * The inner product of every element's vectors `[elements, heads, channels]` with those of one, `[1, heads, channels]`, head by head:
 * `[elements, heads, 1]`. As if each element had an edge to the one: no tensor of the size of the elements' is made but its gradient.
 */
export function headDots(x: Tensor, one: Tensor): Tensor {
  const [elements = 0, heads = 0, channels = 0] = x.shape;
  const rows = elementRows(elements);
  return record({
    name: "headDots",
    shape: [elements, heads, 1],
    inputs: [x, one],
    forward: (out, engine) =>
      // These arrays come again with every sample of this size: kept on the engine they would outlive the step.
      withTemporaryIndices(() =>
        engine.run("edgeDot", {
          a: x.buffer,
          aRows: indexBuffer(engine, rows.elements),
          b: one.buffer,
          bRows: indexBuffer(engine, rows.zeros),
          out,
          heads,
          channels,
        }),
      ),
    backward: (gradient) => [
      x.requiresGrad ? weighted(gradient, one, rows.starts, rows.zeros) : undefined,
      one.requiresGrad ? weighted(gradient, x, rows.all, rows.elements) : undefined,
    ],
  });
}

/** For each row the sum of what its columns name in `values`, weighted. A gradient is not differentiated again. */
function weighted(weights: Tensor, values: Tensor, offsets: Uint32Array, columns: Uint32Array): Tensor {
  const [, heads = 0, channels = 0] = values.shape;
  return record({
    name: "headDots gradient",
    shape: [offsets.length - 1, heads, channels],
    inputs: [weights, values],
    forward: (out, engine) =>
      withTemporaryIndices(() =>
        engine.run("edgeWeightedSum", {
          weights: weights.buffer,
          offsets: indexBuffer(engine, offsets),
          columns: indexBuffer(engine, columns),
          permutation: null,
          values: values.buffer,
          out,
          heads,
          channels,
        }),
      ),
    backward: () => [],
  });
}
