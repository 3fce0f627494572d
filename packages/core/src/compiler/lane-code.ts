import type { ExpressionUnary } from "../expression/arithmetic.ts";
import { type Expression, operandsOf, partsOf } from "../expression/expression.ts";
import type { FunctionBuilder, Local, PlainInstruction } from "./assembler.ts";
import { emitExp, emitLog1p, LN } from "./vector-math.ts";

/** Pushes the vector of a symbol: four channels of one edge, or one scalar of four edges. */
export type LoadSymbol = (symbol: Expression) => void;

/** Pushes the vector of an expression. */
export function emitLanes(f: FunctionBuilder, root: Expression, load: LoadSymbol): void {
  const code = new LaneCode(f, [root], load);
  code.push(root);
  code.finish();
}

/**
 * Turns expressions into instructions on vectors of four lanes. Parts that occur more than once are computed once and kept in locals.
 */
export class LaneCode {
  readonly #f: FunctionBuilder;
  readonly #load: LoadSymbol;
  readonly #uses = new Map<Expression, number>();
  readonly #given: ReadonlyMap<Expression, Local>;
  readonly #kept = new Map<Expression, Local>();

  /** `given` are parts that stand in locals already. */
  constructor(
    f: FunctionBuilder,
    roots: readonly Expression[],
    load: LoadSymbol,
    given: ReadonlyMap<Expression, Local> = new Map(),
  ) {
    this.#given = given;
    this.#f = f;
    this.#load = load;
    const operands = [...new Set(roots.flatMap((root) => partsOf(root)))].flatMap((part) => operandsOf(part));
    for (const part of [...operands, ...roots]) this.#uses.set(part, (this.#uses.get(part) ?? 0) + 1);
  }

  /** Pushes the value of a root, or of a part of one. */
  push(part: Expression): FunctionBuilder {
    const f = this.#f;
    const kept = this.#given.get(part) ?? this.#kept.get(part);
    if (kept !== undefined) return f.get(kept);
    this.#compute(part);
    if (part.node.kind !== "constant" && this.#usedAgain(part)) {
      const local = f.take();
      this.#kept.set(part, local);
      f.tee(local);
    }
    return f;
  }

  /** Gives the locals back: what was pushed must have been used. */
  finish(): void {
    this.#f.give(...this.#kept.values());
    this.#kept.clear();
  }

  #usedAgain(part: Expression): boolean {
    return (this.#uses.get(part) ?? 0) > 1;
  }

  #compute(part: Expression): void {
    const { node } = part;
    const f = this.#f;
    switch (node.kind) {
      case "symbol":
        this.#load(part);
        break;
      case "constant":
        f.splat(node.value);
        break;
      case "repeat":
        // A scalar fills all lanes already.
        this.push(node.x);
        break;
      case "sum":
      case "transform":
        throw new Error("LaneCode: sums over channels and products with a matrix are taken out before.");
      case "binary":
        if (node.operation === "multiply" && this.#masked(node.a, node.b)) break;
        this.push(node.a);
        this.push(node.b).op(binaryInstructions[node.operation]);
        break;
      case "unary":
        this.#unary(node);
        break;
    }
  }

  /** The product of a step with something: a mask of it. Whether it was one. */
  #masked(step: Expression, value: Expression): boolean {
    const { node } = step;
    if (node.kind !== "unary" || node.operation !== "step" || this.#usedAgain(step)) return false;
    this.push(node.x).splat(0).op("f32x4.gt");
    this.push(value).op("v128.and");
    return true;
  }

  #unary({ operation, parameter, x }: Extract<Expression["node"], { kind: "unary" }>): void {
    const f = this.#f;
    switch (operation) {
      case "negate":
        this.push(x).op("f32x4.neg");
        break;
      case "abs":
      case "sqrt":
        this.push(x).op(`f32x4.${operation}`);
        break;
      case "reciprocal":
        f.splat(1);
        this.push(x).op("f32x4.div");
        break;
      case "relu":
        this.push(x).splat(0).op("f32x4.pmax");
        break;
      case "step":
        this.push(x).splat(0).op("f32x4.gt").splat(1).op("v128.and");
        break;
      case "exp":
        this.push(x);
        this.#exp();
        break;
      case "sigmoid":
        f.splat(1);
        this.push(x).op("f32x4.neg");
        this.#exp().splat(1).op("f32x4.add", "f32x4.div");
        break;
      case "tanh":
        // 1 - 2 / (e^2x + 1)
        f.splat(1).splat(2);
        this.push(x).splat(2).op("f32x4.mul");
        this.#exp().splat(1).op("f32x4.add", "f32x4.div", "f32x4.sub");
        break;
      case "square":
      case "leakyRelu":
      case "elu": {
        this.push(x);
        const local = f.take();
        f.tee(local).get(local);
        if (operation === "square") f.op("f32x4.mul");
        else if (operation === "leakyRelu") this.#leaky(local, parameter);
        else this.#elu(local, parameter);
        f.give(local);
        break;
      }
      case "log":
        this.push(x).call(LN);
        break;
      case "softplus":
        this.push(x);
        this.#softplus();
        break;
    }
  }

  /** On the stack twice and in `x`: the argument. A slope in 0 to 1 makes the larger of `x` and `slope x` the answer. */
  #leaky(x: Local, slope: number): void {
    const f = this.#f.splat(slope).op("f32x4.mul");
    if (slope >= 0 && slope <= 1) f.op("f32x4.pmax");
    else f.get(x).splat(0).op("f32x4.gt", "v128.bitselect");
  }

  /** On the stack twice and in `x`: the argument. */
  #elu(x: Local, alpha: number): void {
    this.#f.splat(0).op("f32x4.pmin");
    this.#exp().splat(1).op("f32x4.sub").splat(alpha).op("f32x4.mul");
    this.#f.get(x).splat(0).op("f32x4.gt", "v128.bitselect");
  }

  /** max(x, 0) + ln(1 + e^-|x|) */
  #softplus(): void {
    const f = this.#f;
    const [x, square] = [f.take(), f.take()];
    f.tee(x).splat(0).op("f32x4.pmax").get(x).op("f32x4.abs", "f32x4.neg");
    this.#exp();
    emitLog1p(f, x, square);
    f.op("f32x4.add").give(x, square);
  }

  #exp(): FunctionBuilder {
    const f = this.#f;
    const locals = [f.take(), f.take(), f.take()] as const;
    emitExp(f, ...locals, false);
    f.give(...locals);
    return f;
  }
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
