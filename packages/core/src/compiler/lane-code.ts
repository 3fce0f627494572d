import { type Expression, operandsOf, partsOf } from "../expression/expression.ts";
import type { FunctionBuilder, Local, PlainInstruction } from "./assembler.ts";
import { emitExp, emitSplat } from "./vector-math.ts";

/** Pushes the vector of a symbol: four channels of one edge, or one scalar of four edges. */
export type LoadSymbol = (symbol: Expression) => void;

/**
 * Turns expressions into instructions on vectors of four lanes. Parts that occur more than once are computed once and kept in locals.
 */
export class LaneCode {
  readonly #f: FunctionBuilder;
  readonly #load: LoadSymbol;
  readonly #uses = new Map<Expression, number>();
  readonly #kept = new Map<Expression, Local>();
  readonly #scratch: Scratch;

  constructor(f: FunctionBuilder, load: LoadSymbol, roots: readonly Expression[], scratch: Scratch) {
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
    const kept = this.#kept.get(part);
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
        this.push(node.a);
        this.push(node.b);
        f.op(binaryInstructions[node.operation]);
        break;
      case "unary":
        this.#unary(node);
        break;
    }
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
      case "softplus":
        throw new Error(`LaneCode: ${operation} is refused before.`);
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

  #exp(): void {
    const [x, n] = [this.#scratch.take(), this.#scratch.take()];
    emitExp(this.#f, x, n, false);
    this.#scratch.give(x);
    this.#scratch.give(n);
  }
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
