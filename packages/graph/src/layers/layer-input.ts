import { OptionError, ShapeError, type SparseNeighborhood, SparseTensor, type Tensor } from "@vicinal/core";
import type { LayerContext, LayerInput, NodeFeatureTensor, WeightedLayerContext } from "./graph-layer.ts";

/** Widths of the features of senders and receivers; one number when they are the same nodes. */
export type InputWidths = number | readonly [senders: number, receivers: number];

/** The widths of senders and receivers. */
export function widthsOf(inputs: InputWidths): readonly [senders: number, receivers: number] {
  return typeof inputs === "number" ? [inputs, inputs] : inputs;
}

/** Features of senders and receivers; the receivers' are the senders' when one tensor was given. */
export function sidesOf(
  x: LayerInput,
): readonly [senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined] {
  return isPair(x) ? x : [x, x];
}

function isPair(x: LayerInput): x is readonly [NodeFeatureTensor, NodeFeatureTensor | undefined] {
  return Array.isArray(x);
}

/** @throws ShapeError `shapes-differ` unless `x` has one row for each of the `rows` things called `what`. */
function expectRows(name: string, what: string, x: NodeFeatureTensor, rows: number): void {
  if (x.shape[0] === rows && x.shape.length === 2) return;
  throw new ShapeError(
    "shapes-differ",
    `${name}: got features of shape [${x.shape.join(", ")}]; expected [${rows}, width], one row for each of the ${rows} ${what}.`,
  );
}

/** @throws ShapeError `shapes-differ` unless `x` is `[rows, width]`. */
export function expectMatrix(name: string, what: string, x: NodeFeatureTensor, rows: number, width: number): void {
  if (x.shape.length === 2 && x.shape[0] === rows && x.shape[1] === width) return;
  throw new ShapeError(
    "shapes-differ",
    `${name}: got ${what} of shape [${x.shape.join(", ")}]; expected [${rows}, ${width}].`,
  );
}

/**
 * {@link sidesOf}, after a look at whether they fit the neighborhood.
 *
 * @throws ShapeError `shapes-differ`.
 */
export function checkedSides(
  name: string,
  x: LayerInput,
  { senders: senderCount, receivers: receiverCount }: SparseNeighborhood,
): readonly [senders: NodeFeatureTensor, receivers: NodeFeatureTensor | undefined] {
  const [senders, receivers] = sidesOf(x);
  expectRows(name, "senders", senders, senderCount);
  if (receivers !== undefined) expectRows(name, "receivers", receivers, receiverCount);
  return [senders, receivers];
}

/**
 * The features of a layer whose senders and receivers are the same nodes.
 *
 * @throws OptionError `unexpected-input` for two sides; ShapeError `shapes-differ` for a neighborhood or features of other nodes.
 */
export function oneSide(name: string, x: LayerInput, { senders, receivers }: SparseNeighborhood): NodeFeatureTensor {
  if (isPair(x)) {
    throw new OptionError(
      "unexpected-input",
      `${name}: got features of two sides; expected one tensor, because senders and receivers are the same nodes here.`,
    );
  }
  if (senders !== receivers) {
    throw new ShapeError(
      "shapes-differ",
      `${name}: got a neighborhood of ${senders} senders and ${receivers} receivers; expected as many, because they are the same nodes here.`,
    );
  }
  expectRows(name, "nodes", x, senders);
  return x;
}

/** @throws OptionError `sparse-features` for sparse features, which the layer cannot compute with. */
export function denseFeatures(name: string, x: NodeFeatureTensor): Tensor {
  if (!(x instanceof SparseTensor)) return x;
  throw new OptionError(
    "sparse-features",
    `${name}: got sparse features; expected a dense tensor, because they are summed without a projection. Apply a Linear first.`,
  );
}

/** @throws OptionError `missing-input` where there are no features of the receivers. */
export function requiredReceivers(
  name: string,
  receivers: NodeFeatureTensor | undefined,
  because: string,
): NodeFeatureTensor {
  if (receivers !== undefined) return receivers;
  throw new OptionError(
    "missing-input",
    `${name}: got no features of the receivers; expected some, because ${because}.`,
  );
}

/**
 * The features of the edges, `[edges, edgeDim]`, for a layer that reads them.
 *
 * @throws OptionError `missing-input`; ShapeError `shapes-differ`.
 */
export function requiredEdgeFeatures(
  name: string,
  { edgeFeatures }: LayerContext,
  edges: number,
  edgeDim: number,
): Tensor {
  if (edgeFeatures === undefined) {
    throw new OptionError(
      "missing-input",
      `${name}: got no edge features; expected [${edges}, ${edgeDim}], because edgeDim is ${edgeDim}.`,
    );
  }
  expectMatrix(name, "edge features", edgeFeatures, edges, edgeDim);
  return edgeFeatures;
}

/**
 * {@link requiredEdgeFeatures} where a layer has an `edgeDim`; undefined where it has none.
 *
 * @throws OptionError `missing-input` or `unexpected-input` for features that do not agree with `edgeDim`; ShapeError `shapes-differ`.
 */
export function checkedEdgeFeatures(
  name: string,
  context: LayerContext,
  edges: number,
  edgeDim: number | undefined,
): Tensor | undefined {
  if (edgeDim !== undefined) return requiredEdgeFeatures(name, context, edges, edgeDim);
  if (context.edgeFeatures === undefined) return undefined;
  throw new OptionError("unexpected-input", `${name}: got edge features; expected none, because edgeDim was left out.`);
}

/** @throws OptionError `unexpected-input` for features of edges, which the layer never reads. */
export function refuseEdgeFeatures(name: string, { edgeFeatures }: LayerContext): void {
  if (edgeFeatures === undefined) return;
  throw new OptionError("unexpected-input", `${name}: got edge features; expected none, because the layer reads none.`);
}

/**
 * How much each edge counts, in the order of the list; undefined where nothing was given.
 *
 * @throws ShapeError `shapes-differ` unless there is one number for each edge.
 */
export function checkedEdgeWeights(
  name: string,
  { edgeWeights: weights }: WeightedLayerContext,
  edges: number,
): Tensor | undefined {
  if (weights === undefined || (weights.shape.length === 1 && weights.shape[0] === edges)) return weights;
  throw new ShapeError(
    "shapes-differ",
    `${name}: got edge weights of shape [${weights.shape.join(", ")}]; expected [${edges}], one for each edge.`,
  );
}
