import type { ExpressionUnary } from "../expression/arithmetic.ts";
import { type Expression, operandsOf, partsOf } from "../expression/expression.ts";
import type { FunctionBuilder, Local, PlainInstruction } from "./assembler.ts";
import { emitExp, emitLog1p, LN } from "./vector-math.ts";

/** Pushes the vector of a symbol: four channels of one edge, or one scalar of four edges. */
export type LoadSymbol = (symbol: Expression) => void;

/** Pushes the vector of an expression. */
export function emitLanes(f: FunctionBuilder, root: Expression, load: LoadSymbol): void {
  const code = laneCode(f, [root], load);
  code.push(root);
  code.finish();
}

/** Code for expressions that share parts: parts that occur more than once are computed once and kept in locals. */
export interface LaneCode {
  /** Pushes the value of a root, or of a part of one. */
  push(part: Expression): FunctionBuilder;
  /** Gives the locals back: what was pushed must have been used. */
  finish(): void;
}

/** Turns expressions into instructions on vectors of four lanes. `given` are parts that stand in locals already. */
export function laneCode(
  f: FunctionBuilder,
  roots: readonly Expression[],
  load: LoadSymbol,
  given?: ReadonlyMap<Expression, Local>,
): LaneCode {
  const kept = new Map<Expression, Local>();
  const uses = new Map<Expression, number>();
  const operands = [...new Set(roots.flatMap((root) => partsOf(root)))].flatMap((part) => operandsOf(part));
  for (const part of [...operands, ...roots]) uses.set(part, (uses.get(part) ?? 0) + 1);
  const usedAgain = (part: Expression): boolean => (uses.get(part) ?? 0) > 1;

  const push = (part: Expression): FunctionBuilder => {
    const known = given?.get(part) ?? kept.get(part);
    if (known !== undefined) return f.get(known);
    compute(part);
    if (part.node.kind !== "constant" && usedAgain(part)) {
      const local = f.take();
      kept.set(part, local);
      f.tee(local);
    }
    return f;
  };

  const compute = (part: Expression): void => {
    const { node } = part;
    switch (node.kind) {
      case "symbol":
        load(part);
        break;
      case "constant":
        f.splat(node.value);
        break;
      case "repeat":
        // A scalar fills all lanes already.
        push(node.x);
        break;
      case "sum":
      case "transform":
        throw new Error("LaneCode: sums over channels and products with a matrix are taken out before.");
      case "binary":
        if (node.operation === "multiply" && masked(node.a, node.b)) break;
        push(node.a);
        push(node.b).op(binaryInstructions[node.operation]);
        break;
      case "unary":
        unary(node);
        break;
    }
  };

  /** The product of a step with something: a mask of it. Whether it was one. */
  const masked = (step: Expression, value: Expression): boolean => {
    const { node } = step;
    if (node.kind !== "unary" || node.operation !== "step" || usedAgain(step)) return false;
    push(node.x).splat(0).op("f32x4.gt");
    push(value).op("v128.and");
    return true;
  };

  const unary = ({ operation, parameter, x }: Extract<Expression["node"], { kind: "unary" }>): void => {
    switch (operation) {
      case "negate":
        push(x).op("f32x4.neg");
        break;
      case "abs":
      case "sqrt":
        push(x).op(`f32x4.${operation}`);
        break;
      case "reciprocal":
        f.splat(1);
        push(x).op("f32x4.div");
        break;
      case "relu":
        push(x).splat(0).op("f32x4.pmax");
        break;
      case "step":
        push(x).splat(0).op("f32x4.gt").splat(1).op("v128.and");
        break;
      case "exp":
        push(x);
        emitExpOf(f);
        break;
      case "sigmoid":
        f.splat(1);
        push(x).op("f32x4.neg");
        emitExpOf(f).splat(1).op("f32x4.add", "f32x4.div");
        break;
      case "tanh":
        // 1 - 2 / (e^2x + 1)
        f.splat(1).splat(2);
        push(x).splat(2).op("f32x4.mul");
        emitExpOf(f).splat(1).op("f32x4.add", "f32x4.div", "f32x4.sub");
        break;
      case "square":
      case "leakyRelu":
      case "elu": {
        push(x);
        const local = f.take();
        f.tee(local).get(local);
        if (operation === "square") f.op("f32x4.mul");
        else if (operation === "leakyRelu") emitLeaky(f, local, parameter);
        else emitElu(f, local, parameter);
        f.give(local);
        break;
      }
      case "log":
        push(x).call(LN);
        break;
      case "softplus":
        push(x);
        emitSoftplus(f);
        break;
    }
  };

  const finish = (): void => {
    f.give(...kept.values());
    kept.clear();
  };
  return { push, finish };
}

/** On the stack twice and in `x`: the argument. A slope in 0 to 1 makes the larger of `x` and `slope x` the answer. */
function emitLeaky(f: FunctionBuilder, x: Local, slope: number): void {
  f.splat(slope).op("f32x4.mul");
  if (slope >= 0 && slope <= 1) f.op("f32x4.pmax");
  else f.get(x).splat(0).op("f32x4.gt", "v128.bitselect");
}

/** On the stack twice and in `x`: the argument. */
function emitElu(f: FunctionBuilder, x: Local, alpha: number): void {
  f.splat(0).op("f32x4.pmin");
  emitExpOf(f).splat(1).op("f32x4.sub").splat(alpha).op("f32x4.mul");
  f.get(x).splat(0).op("f32x4.gt", "v128.bitselect");
}

/** max(x, 0) + ln(1 + e^-|x|) of what is on the stack. */
function emitSoftplus(f: FunctionBuilder): void {
  const [x, square] = [f.take(), f.take()];
  f.tee(x).splat(0).op("f32x4.pmax").get(x).op("f32x4.abs", "f32x4.neg");
  emitExpOf(f);
  emitLog1p(f, x, square);
  f.op("f32x4.add").give(x, square);
}

/** The exponential of what is on the stack. */
function emitExpOf(f: FunctionBuilder): FunctionBuilder {
  const locals = [f.take(), f.take(), f.take()] as const;
  emitExp(f, ...locals, false);
  f.give(...locals);
  return f;
}

/** Functions that are series: code for one vector is as long as that of many simple ones, and is not repeated. */
const series: readonly ExpressionUnary[] = ["exp", "sigmoid", "tanh", "elu", "softplus"];

/** Whether a vector takes long code. */
export function isLong(vector: Expression): boolean {
  return partsOf(vector).some(
    ({ node, rank }) => rank === "vector" && node.kind === "unary" && series.includes(node.operation),
  );
}

/** Whether vectors of `width` channels are better made in one loop than in a loop and a piece for what is left: where code is long. */
export function hasMaskedLoop(vector: Expression, width: number): boolean {
  return width > 4 && width % 4 !== 0 && isLong(vector);
}

const binaryInstructions = {
  add: "f32x4.add",
  subtract: "f32x4.sub",
  multiply: "f32x4.mul",
  divide: "f32x4.div",
  maximum: "f32x4.max",
  minimum: "f32x4.min",
} as const satisfies Readonly<Record<string, PlainInstruction>>;
