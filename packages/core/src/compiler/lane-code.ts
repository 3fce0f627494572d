import type { ExpressionUnary } from "../expression/arithmetic.ts";
import { type Expression, operandsOf, partsOf } from "../expression/expression.ts";
import type { FunctionBuilder, Local, PlainInstruction } from "./assembler.ts";
import { emitExp, emitLog1p, emitSplat, LN } from "./vector-math.ts";

/** Pushes the vector of a symbol: four channels of one edge, or one scalar of four edges. */
export type LoadSymbol = (symbol: Expression) => void;

/**
 * Turns expressions into instructions on vectors of four lanes. Parts that occur more than once are computed once and kept in locals.
 */
export class LaneCode {
  readonly #f: FunctionBuilder;
  readonly #load: LoadSymbol;
  readonly #uses = new Map<Expression, number>();
  readonly #given: ReadonlyMap<Expression, Local>;
  readonly #kept = new Map<Expression, Local>();
  readonly #scratch: Scratch;

  /** `given` are parts that stand in locals already. */
  constructor(
    f: FunctionBuilder,
    load: LoadSymbol,
    roots: readonly Expression[],
    scratch: Scratch,
    given: ReadonlyMap<Expression, Local> = new Map(),
  ) {
    this.#given = given;
    this.#f = f;
    this.#load = load;
    this.#scratch = scratch;
    const count = (part: Expression): void => {
      this.#uses.set(part, (this.#uses.get(part) ?? 0) + 1);
    };
    for (const part of new Set(roots.flatMap((root) => partsOf(root))))
      for (const operand of operandsOf(part)) count(operand);
    for (const root of roots) count(root);
  }

  /** Pushes the value of a root, or of a part of one. */
  push(part: Expression): void {
    const kept = this.#given.get(part) ?? this.#kept.get(part);
    if (kept !== undefined) {
      this.#f.get(kept);
      return;
    }
    this.#compute(part);
    if (part.node.kind !== "constant" && (this.#uses.get(part) ?? 0) > 1) {
      const local = this.#scratch.take();
      this.#kept.set(part, local);
      this.#f.tee(local);
    }
  }

  /** Gives the locals back: what was pushed must have been used. */
  finish(): void {
    for (const local of this.#kept.values()) this.#scratch.give(local);
    this.#kept.clear();
  }

  #compute(part: Expression): void {
    const { node } = part;
    const f = this.#f;
    switch (node.kind) {
      case "symbol":
        this.#load(part);
        break;
      case "constant":
        emitSplat(f, node.value);
        break;
      case "repeat":
        // A scalar fills all lanes already.
        this.push(node.x);
        break;
      case "sum":
        throw new Error("LaneCode: sums over channels are taken out before.");
      case "transform":
        throw new Error("LaneCode: products with a matrix are taken out before.");
      case "binary":
        if (node.operation === "multiply" && this.#masked(node.a, node.b)) break;
        this.push(node.a);
        this.push(node.b);
        f.op(binaryInstructions[node.operation]);
        break;
      case "unary":
        this.#unary(node);
        break;
    }
  }

  /** The product of a step with something: a mask of it. Whether it was one. */
  #masked(step: Expression, value: Expression): boolean {
    const { node } = step;
    if (node.kind !== "unary" || node.operation !== "step" || (this.#uses.get(step) ?? 0) > 1) return false;
    this.push(node.x);
    emitSplat(this.#f, 0);
    this.#f.op("f32x4.gt");
    this.push(value);
    this.#f.op("v128.and");
    return true;
  }

  #unary(node: Extract<Expression["node"], { kind: "unary" }>): void {
    const f = this.#f;
    const { operation, parameter } = node;
    const push = (): void => this.push(node.x);
    switch (operation) {
      case "negate":
        push();
        f.op("f32x4.neg");
        break;
      case "abs":
        push();
        f.op("f32x4.abs");
        break;
      case "sqrt":
        push();
        f.op("f32x4.sqrt");
        break;
      case "reciprocal":
        emitSplat(f, 1);
        push();
        f.op("f32x4.div");
        break;
      case "relu":
        push();
        emitSplat(f, 0);
        f.op("f32x4.pmax");
        break;
      case "step":
        push();
        emitSplat(f, 0);
        f.op("f32x4.gt");
        emitSplat(f, 1);
        f.op("v128.and");
        break;
      case "exp":
        push();
        this.#exp();
        break;
      case "sigmoid":
        emitSplat(f, 1);
        push();
        f.op("f32x4.neg");
        this.#exp();
        emitSplat(f, 1);
        f.op("f32x4.add", "f32x4.div");
        break;
      case "tanh":
        // 1 - 2 / (e^2x + 1)
        emitSplat(f, 1);
        emitSplat(f, 2);
        push();
        emitSplat(f, 2);
        f.op("f32x4.mul");
        this.#exp();
        emitSplat(f, 1);
        f.op("f32x4.add", "f32x4.div", "f32x4.sub");
        break;
      case "square":
      case "leakyRelu":
      case "elu": {
        push();
        const x = this.#scratch.take();
        f.tee(x);
        if (operation === "square") f.get(x).op("f32x4.mul");
        else if (operation === "leakyRelu") this.#leaky(x, parameter);
        else this.#elu(x, parameter);
        this.#scratch.give(x);
        break;
      }
      case "log":
        push();
        f.call(LN);
        break;
      case "softplus":
        push();
        this.#softplus();
        break;
    }
  }

  /** On the stack and in `x`: the argument. A slope in 0 to 1 makes the larger of `x` and `slope x` the answer. */
  #leaky(x: Local, slope: number): void {
    const f = this.#f;
    f.get(x);
    emitSplat(f, slope);
    f.op("f32x4.mul");
    if (slope >= 0 && slope <= 1) {
      f.op("f32x4.pmax");
      return;
    }
    f.get(x);
    emitSplat(f, 0);
    f.op("f32x4.gt", "v128.bitselect");
  }

  #elu(x: Local, alpha: number): void {
    const f = this.#f;
    f.get(x);
    emitSplat(f, 0);
    f.op("f32x4.pmin");
    this.#exp();
    emitSplat(f, 1);
    f.op("f32x4.sub");
    emitSplat(f, alpha);
    f.op("f32x4.mul").get(x);
    emitSplat(f, 0);
    f.op("f32x4.gt", "v128.bitselect");
  }

  /** max(x, 0) + ln(1 + e^-|x|) */
  #softplus(): void {
    const f = this.#f;
    const [x, square] = [this.#scratch.take(), this.#scratch.take()];
    f.tee(x);
    emitSplat(f, 0);
    f.op("f32x4.pmax").get(x).op("f32x4.abs", "f32x4.neg");
    this.#exp();
    emitLog1p(f, x, square);
    f.op("f32x4.add");
    this.#scratch.give(x);
    this.#scratch.give(square);
  }

  #exp(): void {
    const locals = [this.#scratch.take(), this.#scratch.take(), this.#scratch.take()] as const;
    emitExp(this.#f, ...locals, false);
    for (const local of locals) this.#scratch.give(local);
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

/** Vector locals that are used again once given back: fewer locals, smaller modules. */
export class Scratch {
  readonly #f: FunctionBuilder;
  readonly #free: Local[] = [];

  constructor(f: FunctionBuilder) {
    this.#f = f;
  }

  take(): Local {
    return this.#free.pop() ?? this.#f.local("v128");
  }

  give(local: Local): void {
    this.#free.push(local);
  }
}
