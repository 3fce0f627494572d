import { OptionError } from "../errors.ts";
import { applyBinary, applyUnary, type ExpressionBinary, type ExpressionUnary } from "../expression/arithmetic.ts";
import type { Expression } from "../expression/expression.ts";
import type { MatrixSymbol } from "../expression/matrix-symbol.ts";
import { madeOnce } from "../made-once.ts";
import { transpose } from "../tensor/arrange.ts";
import { add, affine, divide, maximum, minimum, multiply, subtract, unary } from "../tensor/elementwise.ts";
import { headDots } from "../tensor/head-dots.ts";
import { matmul } from "../tensor/product.ts";
import { reshape } from "../tensor/reshape.ts";
import { gatherRows } from "../tensor/rows.ts";
import { broadcastTo, sum } from "../tensor/sum.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { SparseNeighborhood } from "./neighborhood/sparse.ts";
import { edgeDot } from "./segment.ts";

/**
 * Values of a score's symbols, by name: `[elements, heads, channels]` or `[elements, heads]`, parameters without the first dimension; of its
 * matrices `[heads, channels, channels]`.
 */
export type SymbolTensors = Readonly<Record<string, Tensor>>;

/** Where a part of the expression is computed: once, once a receiver, once a sender, or once an edge. */
type Place = "once" | "receiver" | "sender" | "edge";

/** The value of a part: vectors are `[elements, heads, channels]`, scalars `[elements, heads, 1]`, with one element at the place `once`. */
interface Placed {
  readonly place: Place;
  readonly value: Tensor | number;
}

const placeOf = { query: "receiver", key: "sender", edge: "edge", parameter: "once" } as const;

/**
 * The logits `[edges, heads]` of a score on tensors: the general path, on any engine, differentiable by the tape. Parts that depend on
 * one node only are computed once a node; an inner product of a receiver with a sender never makes a tensor of
 * edges x channels.
 *
 * @throws OptionError `missing-input` when the score uses an edge that was not given, `not-a-score` when it is a constant.
 */
export function logitsOnTensors(
  score: Expression,
  symbols: SymbolTensors,
  neighborhood: SparseNeighborhood,
  channels: number,
): Tensor {
  const placed = evaluateOnTensors(score, symbols, channels, neighborhood);
  const logits = toEdges(placed, neighborhood);
  if (typeof logits === "number" || placed.place === "once") {
    throw new OptionError(
      "not-a-score",
      "attend: the score is the same for every edge; expected one that uses query, key or edge.",
    );
  }
  return reshape(logits, logits.shape.slice(0, 2));
}

/**
 * A part of a score that depends on one side only, computed once an element: `[elements, heads, channels]` for a vector,
 * `[elements, heads]` for a scalar, without the first dimension where it depends on parameters only.
 *
 * @throws OptionError `missing-input` when it uses a symbol that was not given, `not-one-sided` when it depends on both ends of an edge.
 */
export function oneSidedOnTensors(part: Expression, symbols: SymbolTensors, channels: number): Tensor {
  const { place, value } = evaluateOnTensors(part, symbols, channels);
  if (typeof value === "number") throw new OptionError("not-a-score", "attend: a number was taken for a tensor.");
  const [elements = 0, heads = 0] = value.shape;
  const lead = place === "once" ? [heads] : [elements, heads];
  return reshape(value, part.rank === "vector" ? [...lead, channels] : lead);
}

function evaluateOnTensors(
  score: Expression,
  symbols: SymbolTensors,
  channels: number,
  neighborhood?: SparseNeighborhood,
): Placed {
  const computed = new Map<Expression, Placed>();

  /** Computed when first needed: an inner product along edges does without its elementwise product. */
  const at = (part: Expression): Placed => madeOnce(computed, part, place);

  const place = (part: Expression): Placed => {
    const { node } = part;
    switch (node.kind) {
      case "symbol": {
        const value = given(node.name, symbols);
        return {
          place: placeOf[node.side],
          value: asElements(value, node.side === "parameter", part.rank === "scalar"),
        };
      }
      case "constant":
        return { place: "once", value: node.value };
      case "repeat":
        return changed(node.x, (value) => inChannels(value, channels));
      case "unary":
        return changed(node.x, (value) => unaryOf(node.operation, node.parameter, value));
      case "sum":
        return sumOver(node.x);
      case "transform":
        return changed(node.x, (value) => transformed(node.matrix, given(node.matrix.name, symbols), value));
      case "binary": {
        const a = at(node.a);
        const b = at(node.b);
        const where = meet(a.place, b.place);
        const [left, right] =
          where === "edge" ? [toEdges(a, neighborhood), toEdges(b, neighborhood)] : [a.value, b.value];
        const value = binary(node.operation, left, right);
        // A repeated constant is kept as a number: with a scalar it makes a vector of one channel.
        return { place: where, value: part.rank === "vector" ? inChannels(value, channels) : value };
      }
    }
  };

  /** A function of a part, computed where the part is. */
  const changed = (x: Expression, change: (value: Tensor | number) => Tensor | number): Placed => {
    const { place: where, value } = at(x);
    return { place: where, value: change(value) };
  };

  const sumOver = (x: Expression): Placed => {
    if (x.node.kind === "binary" && x.node.operation === "multiply" && x.node.a.rank === x.node.b.rank) {
      const [left, right] = [at(x.node.a), at(x.node.b)];
      for (const [a, b] of [
        [left, right],
        [right, left],
      ] as const) {
        if (typeof a.value === "number" || typeof b.value === "number") break;
        if (a.place === "receiver" && b.place === "sender") return dotAlong(edgesOf(neighborhood), a.value, b.value);
        if (a.place === "once" || b.place !== "once" || x.node.a.rank !== "vector") continue;
        return { place: a.place, value: headDots(a.value, b.value) };
      }
    }
    return changed(x, (value) =>
      typeof value === "number" ? value * channels : sum(value, { axis: 2, keepDimension: true }),
    );
  };

  return at(score);
}

/** Where a value of two parts can be computed. */
function meet(a: Place, b: Place): Place {
  if (a === b || b === "once") return a;
  return a === "once" ? b : "edge";
}

/** A symbol's tensor with three dimensions, so that vectors and scalars meet by broadcasting. */
function asElements(value: Tensor, isParameter: boolean, isScalar: boolean): Tensor {
  if (!isParameter && !isScalar) return value;
  return reshape(value, [...(isParameter ? [1] : []), ...value.shape, ...(isScalar ? [1] : [])]);
}

/** The same number in every channel; a number stands for that already. */
function inChannels(value: Tensor | number, channels: number): Tensor | number {
  return typeof value === "number" ? value : broadcastTo(value, [...value.shape.slice(0, 2), channels]);
}

function toEdges({ place, value }: Placed, neighborhood: SparseNeighborhood | undefined): Tensor | number {
  if (typeof value === "number") return value;
  if (place === "receiver") {
    const { receiverOf, offsets } = edgesOf(neighborhood);
    return gatherRows(value, receiverOf, { offsets });
  }
  if (place !== "sender") return value;
  const { senderOf, transposed } = edgesOf(neighborhood);
  return gatherRows(value, senderOf, transposed);
}

function edgesOf(neighborhood: SparseNeighborhood | undefined): SparseNeighborhood {
  if (neighborhood !== undefined) return neighborhood;
  throw new OptionError(
    "not-one-sided",
    "attend: got a part of a score that depends on both ends of an edge; expected one that depends on one side only.",
  );
}

function given(name: string, symbols: SymbolTensors): Tensor {
  const value = symbols[name];
  if (value !== undefined) return value;
  throw new OptionError("missing-input", `attend: got no "${name}"; expected one, because the score uses it.`);
}

/** The product of a matrix `[heads, channels, channels]` with every element's vectors `[elements, heads, channels]`, head by head. */
function transformed({ isTransposed }: MatrixSymbol, matrix: Tensor, x: Tensor | number): Tensor {
  if (typeof x === "number") {
    // The same number in every channel: the sums of the rows.
    const [heads = 0, channels = 0] = matrix.shape;
    return affine(reshape(sum(matrix, { axis: isTransposed ? 1 : 2 }), [1, heads, channels]), x, 0);
  }
  const byHead = matmul(transpose(x, [1, 0, 2]), matrix, { transposeB: !isTransposed });
  return transpose(byHead, [1, 0, 2]);
}

function dotAlong(neighborhood: SparseNeighborhood, receivers: Tensor, senders: Tensor): Placed {
  const dots = edgeDot(neighborhood, receivers, senders);
  return { place: "edge", value: reshape(dots, [...dots.shape, 1]) };
}

function unaryOf(operation: ExpressionUnary, parameter: number, x: Tensor | number): Tensor | number {
  return typeof x === "number" ? applyUnary(operation, x, parameter) : unary(operation, x, parameter);
}

const binaries: { readonly [Operation in ExpressionBinary]: (a: Tensor, b: Tensor | number) => Tensor } = {
  add,
  divide,
  maximum: (a, b) => maximum(a, filled(a, b)),
  minimum: (a, b) => minimum(a, filled(a, b)),
  multiply,
  subtract,
};

/** A number as a tensor of the shape of another. */
function filled(like: Tensor, x: Tensor | number): Tensor {
  return typeof x === "number" ? affine(like, 0, x) : x;
}

function binary(operation: ExpressionBinary, a: Tensor | number, b: Tensor | number): Tensor | number {
  if (typeof a !== "number") return binaries[operation](a, b);
  return typeof b === "number" ? applyBinary(operation, a, b) : binaries[operation](filled(b, a), b);
}
