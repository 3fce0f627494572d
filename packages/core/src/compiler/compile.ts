import { type AttentionPlan, temperatureOf } from "../engine/attention-kernels.ts";
import { differentiate } from "../expression/derivative.ts";
import { Expression, symbolNode } from "../expression/expression.ts";
import { type AccumulateTask, emitAccumulate } from "./accumulate.ts";
import { encodeModule, type FunctionBuilder, type Local } from "./assembler.ts";
import { emitDropoutScale } from "./dropout-mask.ts";
import { emitEdgeScalars, emitEdgeVectors } from "./edge-gradients.ts";
import { emitGather } from "./gather.ts";
import { Interner } from "./intern.ts";
import { lanesFor, type Operand, RowKernel } from "./row-kernel.ts";
import { addToScalars, emitScalars } from "./scalars.ts";
import type { ScoreForm } from "./score-form.ts";
import { emitSoftmax, NO_EDGES } from "./softmax.ts";
import { emitSums, type SumTask } from "./sums.ts";
import { emitLaneSum, emitSplat, logFunction } from "./vector-math.ts";

/** A function of a compiled module: its name, and the operands whose addresses it takes, in order. */
export interface CompiledFunction {
  readonly name: string;
  readonly operands: readonly Operand[];
  /** Those among them that it writes, but for what it leaves to the functions after it. */
  readonly results: readonly Operand[];
  /** The side whose elements are its rows. */
  readonly owner: "query" | "key";
  /** Whether it takes a row whole, for which it needs slots as long as the longest row; else {@link EDGE_CHUNK} edges at a time. */
  readonly wholeRows: boolean;
  /** Slots of scratch memory that it needs: `[slots, heads, edges of a chunk, rounded up to four]` numbers. */
  readonly slots: number;
}

/** A module of fused attention. */
export interface CompiledAttention {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The module in text form. */
  readonly print: () => string;
  readonly functions: readonly CompiledFunction[];
}

/** Edges that a function handles at a time which takes no row whole. */
export const EDGE_CHUNK = 64;

/** The name of the operand that holds the gradient of another. */
export function gradientName(operand: string): string {
  return `#gradient of ${operand}`;
}

/** Operands that are no symbols of the score. The sign keeps them apart from parameters of any name. */
export const operandNames = {
  value: "#value",
  output: "#output",
  gradient: "#gradient",
  logSum: "#log sum",
  delta: "#delta",
} as const;

const scalar = (name: string): Expression => Expression.symbol(`#${name}`, "edge", "scalar");
const valueSymbol = Expression.symbol(operandNames.value, "key", "vector");
const gradientSymbol = Expression.symbol(operandNames.gradient, "query", "vector");
const logSumSymbol = Expression.symbol(operandNames.logSum, "query", "scalar");
const deltaSymbol = Expression.symbol(operandNames.delta, "query", "scalar");
const validSymbol = scalar("valid");
const keepSymbol = scalar("keep");

/** Compiles the forward pass: one function over receivers. */
export function compileForward(plan: AttentionPlan, form: ScoreForm): CompiledAttention {
  const { heads, valueChannels } = plan;
  const logits = scalar("logits");
  const inverse = scalar("inverse");
  const gathered = lanesFor(heads) === "edges" ? scalarsBeside(form, "query") : [];
  const value = operandOf(valueSymbol, plan);
  const output: Operand = { name: operandNames.output, side: "query", width: valueChannels };
  const logSum = operandOf(logSumSymbol, plan);
  const operands = [...form.inputs.map((symbol) => operandOf(symbol, plan)), value, output, logSum];
  const slots = [...form.sums.map(({ symbol }) => symbol), ...gathered, logits, inverse];
  const kernel = new RowKernel("forward", "query", heads, operands, slots);
  kernel.forEachRow((start, end) =>
    kernel.wholeRow(start, end, () => {
      emitSums(kernel, scoreSums(plan, form));
      emitGather(kernel, gathered);
      const logit = new Interner().intern(scaledLogit(plan, form));
      emitScalars(
        kernel,
        [logit],
        (code, pushAddress) => {
          pushAddress(logits);
          code.push(logit);
          kernel.f.at("v128.store");
        },
        () => false,
      );
      emitSoftmax(kernel, logits, inverse, logSum, plan.dropout);
      emitAccumulate(kernel, [{ target: output, vector: logits.multiply(valueSymbol), mode: "store", scale: inverse }]);
    }),
  );
  return assemble(
    [kernel],
    [{ name: "forward", operands, results: [output, logSum], owner: "query", wholeRows: true, slots: slots.length }],
  );
}

/**
 * Compiles the backward pass for the gradients that are wanted, by name: a function over receivers, for what belongs to them, to edges and
 * to parameters, and a function over senders. Each recomputes the weights from the saved logarithms, so that nothing of the size of
 * the edges is kept, and each number has one writer.
 */
export function compileBackward(plan: AttentionPlan, form: ScoreForm, wanted: ReadonlySet<string>): CompiledAttention {
  // The receivers' function is needed for delta in any case.
  const built = [backwardBy("query", plan, form, symbolsFor("query", form, wanted), false, true)];
  const ofSenders = symbolsFor("key", form, wanted);
  const ownsValue = wanted.has(operandNames.value);
  if (ofSenders.length > 0 || ownsValue) built.push(backwardBy("key", plan, form, ofSenders, ownsValue, false));
  return assemble(
    built.map(({ kernel }) => kernel),
    built.map(({ compiled }) => compiled),
  );
}

/**
 * Compiles what the function over receivers does for rows whose `delta` is known already: it sees a part of a row as a row, and a long row
 * can be divided among threads.
 */
export function compileBackwardOfParts(
  plan: AttentionPlan,
  form: ScoreForm,
  wanted: ReadonlySet<string>,
): CompiledAttention {
  const { kernel, compiled } = backwardBy("query", plan, form, symbolsFor("query", form, wanted), false, false);
  return assemble([kernel], [compiled]);
}

/** The symbols whose gradients are wanted and belong to the rows of one side; those of edges and parameters go with receivers. */
function symbolsFor(owner: "query" | "key", { inputs }: ScoreForm, wanted: ReadonlySet<string>): Expression[] {
  return inputs.filter((symbol) => {
    const { name, side } = symbolNode(symbol);
    return wanted.has(name) && (owner === "key" ? side === "key" : side !== "key");
  });
}

function backwardBy(
  owner: "query" | "key",
  plan: AttentionPlan,
  form: ScoreForm,
  wanted: readonly Expression[],
  ownsValue: boolean,
  findsDelta: boolean,
): { kernel: RowKernel; compiled: CompiledFunction } {
  const { heads, valueChannels, dropout } = plan;
  const interner = new Interner();
  const value = operandOf(valueSymbol, plan);
  const gradient = operandOf(gradientSymbol, plan);
  const logSum = operandOf(logSumSymbol, plan);
  const delta = operandOf(deltaSymbol, plan);
  const targets = wanted.map((symbol): [Expression, Operand] => {
    const operand = operandOf(symbol, plan);
    return [symbol, { ...operand, name: gradientName(operand.name) }];
  });
  const valueTarget: Operand = { ...value, name: gradientName(operandNames.value) };

  // Per edge and head: the weight, what dropout leaves of it, and the gradient of the logit. Where delta is found, the weights are kept in
  // slots for the row, because delta, their product with the gradients of the weights, comes first; it is summed from the same terms that it is
  // subtracted from, so that what cancels in exact arithmetic cancels here.
  const ofValue = scalar("value dot gradient");
  const weightSlot = scalar("weight");
  const keptSlot = scalar("kept");
  const exponential = scaledLogit(plan, form).subtract(logSumSymbol).exp();
  const weightValue = lanesFor(heads) === "edges" ? exponential.multiply(validSymbol) : exponential;
  const weight = findsDelta ? weightSlot : weightValue;
  const keptValue = (of: Expression): Expression => (dropout > 0 ? of.multiply(keepSymbol) : of);
  const kept = findsDelta && dropout > 0 ? keptSlot : keptValue(weight);
  const ofLogit = kept
    .multiply(ofValue)
    .subtract(weight.multiply(deltaSymbol))
    .multiply(1 / temperatureOf(plan));
  const byPart = differentiate(form.logit, ofLogit);
  const upstream = form.sums.map(({ symbol }) => scalar(`gradient of ${symbolNode(symbol).name}`));
  const vectorGradient = (symbol: Expression): Expression =>
    form.sums
      .flatMap(({ vector }, k) => {
        const found = differentiate(vector.sum(), upstream[k]!).get(symbolNode(symbol).name);
        return found === undefined ? [] : [found.gradient];
      })
      .reduce((a, b) => a.add(b));
  const scalarGradient = (symbol: Expression): Expression =>
    interner.intern(byPart.get(symbolNode(symbol).name)!.gradient);

  const vectors = targets.filter(([symbol]) => symbol.rank === "vector");
  const scalars = targets.filter(([symbol]) => symbol.rank === "scalar");
  const perEdge = scalars.filter(([symbol]) => symbolNode(symbol).side === "edge");
  const summed = scalars.filter(([symbol]) => symbolNode(symbol).side !== "edge");
  const sumsToStore =
    vectors.length === 0
      ? []
      : form.sums.map((_, k) => k).filter((k) => byPart.has(symbolNode(form.sums[k]!.symbol).name));
  const edgeSlots = perEdge.map(([symbol]) => scalar(`slot for ${symbolNode(symbol).name}`));

  const stores: { readonly slot: Expression; readonly root: Expression }[] = [
    ...sumsToStore.map((k) => ({ slot: upstream[k]!, root: scalarGradient(form.sums[k]!.symbol) })),
    ...perEdge.map(([symbol], k) => ({ slot: edgeSlots[k]!, root: scalarGradient(symbol) })),
    ...(ownsValue ? [{ slot: keptSlot, root: interner.intern(kept) }] : []),
  ];
  const sumRoots = summed.map(([symbol]) => scalarGradient(symbol));

  const gathered =
    lanesFor(heads) === "edges"
      ? [...scalarsBeside(form, owner), ...(owner === "key" ? [logSumSymbol, deltaSymbol] : [])]
      : [];
  const weightSlots = findsDelta ? [weightSlot, ...(dropout > 0 ? [keptSlot] : [])] : [];
  const slots = [
    ...form.sums.map(({ symbol }) => symbol),
    ofValue,
    ...gathered,
    ...weightSlots,
    ...stores.map(({ slot }) => slot),
  ];
  const results = [...targets.map(([, operand]) => operand), ...(ownsValue ? [valueTarget] : [])];
  const operands = [
    ...form.inputs.map((symbol) => operandOf(symbol, plan)),
    value,
    gradient,
    logSum,
    delta,
    ...results,
  ];
  const name = owner === "key" ? "backward by sender" : `backward by receiver${findsDelta ? "" : " in parts"}`;
  const kernel = new RowKernel(name, owner, heads, operands, slots);
  const { f } = kernel;
  const accumulators = summed.map(() => f.local("v128"));
  const ownerVectors = vectors.filter(([symbol]) => symbolNode(symbol).side !== "edge");
  const tasks = ownerVectors.map(
    ([symbol, target]): AccumulateTask => ({
      target,
      vector: interner.intern(vectorGradient(symbol)),
      mode: "add",
    }),
  );
  const valueTask: AccumulateTask = {
    target: valueTarget,
    vector: keptSlot.multiply(gradientSymbol),
    mode: "add",
  };

  const special = (symbol: Expression, k: Local): boolean => loadSpecial(kernel, symbol, k, dropout);
  kernel.forEachRow((start, end) => {
    const chunk = (): void => {
      emitSums(kernel, [
        ...scoreSums(plan, form),
        { vector: gradientSymbol.multiply(valueSymbol), width: valueChannels, slot: ofValue },
      ]);
      emitGather(kernel, gathered);
      if (findsDelta) {
        const root = interner.intern(weightValue);
        const product = interner.intern(keptValue(root).multiply(ofValue));
        emitDelta(kernel, delta, special, {
          root,
          weightSlot,
          product,
          kept: interner.intern(keptValue(root)),
          keptSlot: dropout > 0 ? keptSlot : undefined,
        });
      }
      if (stores.length === 0 && sumRoots.length === 0) return;
      emitScalars(
        kernel,
        [...stores.map(({ root }) => root), ...sumRoots],
        (code, pushAddress) => {
          for (const { slot, root } of stores) {
            pushAddress(slot);
            code.push(root);
            f.at("v128.store");
          }
          for (const [k, root] of sumRoots.entries()) {
            f.get(accumulators[k]!);
            code.push(root);
            f.op("f32x4.add").set(accumulators[k]!);
          }
        },
        special,
        () => {
          for (const local of accumulators) f.i32x4([0, 0, 0, 0]).set(local);
        },
        () => {
          for (const [k, [, target]] of summed.entries()) addToScalars(kernel, target, accumulators[k]!);
        },
      );
      emitAccumulate(kernel, tasks);
      if (ownsValue) emitAccumulate(kernel, [valueTask]);
      for (const [k, [, target]] of perEdge.entries()) emitEdgeScalars(kernel, target, edgeSlots[k]!);
      for (const [symbol, target] of vectors) {
        if (symbolNode(symbol).side === "edge")
          emitEdgeVectors(kernel, target, interner.intern(vectorGradient(symbol)));
      }
    };
    if (findsDelta) kernel.wholeRow(start, end, chunk);
    else kernel.inChunks(start, end, EDGE_CHUNK, chunk);
  });
  return { kernel, compiled: { name, operands, results, owner, wholeRows: findsDelta, slots: slots.length } };
}

/**
 * Stores the weights of a row, and `delta` for each head: the sum of what is kept of the weights times their gradients, divided by the sum of
 * the weights, which is 1 but for rounding, so that the gradients of a row's logits sum to 0 as they must.
 */
function emitDelta(
  kernel: RowKernel,
  delta: Operand,
  special: (symbol: Expression, k: Local) => boolean,
  {
    root,
    weightSlot,
    kept,
    keptSlot,
    product,
  }: {
    readonly root: Expression;
    readonly weightSlot: Expression;
    readonly kept: Expression;
    readonly keptSlot: Expression | undefined;
    readonly product: Expression;
  },
): void {
  const { f } = kernel;
  const [total, weights] = [f.local("v128"), f.local("v128")];
  emitScalars(
    kernel,
    [root, kept, product],
    (code, pushAddress) => {
      pushAddress(weightSlot);
      code.push(root);
      f.at("v128.store").get(weights);
      code.push(root);
      f.op("f32x4.add").set(weights);
      if (keptSlot !== undefined) {
        pushAddress(keptSlot);
        code.push(kept);
        f.at("v128.store");
      }
      f.get(total);
      code.push(product);
      f.op("f32x4.add").set(total);
    },
    special,
    () => f.i32x4([0, 0, 0, 0]).tee(total).set(weights),
    () => {
      kernel.pushScalarTarget(delta);
      if (kernel.lanes === "heads") {
        f.get(total).get(weights);
        emitSplat(f, NO_EDGES);
        f.op("f32x4.max", "f32x4.div").at("v128.store");
        return;
      }
      emitLaneSum(f, total);
      emitLaneSum(f, weights);
      f.f32(NO_EDGES).op("f32.max", "f32.div").at("f32.store");
    },
  );
}

/** Pushes the symbols that no tensor holds: which lanes are edges, and what dropout multiplies a weight with. */
function loadSpecial(kernel: RowKernel, symbol: Expression, k: Local, probability: number): boolean {
  const { f } = kernel;
  if (symbolNode(symbol).name === symbolNode(validSymbol).name) {
    f.get(k).op("i32x4.splat").i32x4([0, 1, 2, 3]).op("i32x4.add").get(kernel.count).op("i32x4.splat", "i32x4.lt_s");
    emitSplat(f, 1);
    f.op("v128.and");
    return true;
  }
  if (symbolNode(symbol).name === symbolNode(keepSymbol).name) {
    emitDropoutScale(kernel, k, probability);
    return true;
  }
  return false;
}

/** Scalars that differ from edge to edge of an owner's row: they are gathered into slots. */
function scalarsBeside({ inputs }: ScoreForm, owner: "query" | "key"): Expression[] {
  return inputs.filter((symbol) => {
    const { side } = symbolNode(symbol);
    return symbol.rank === "scalar" && side !== owner && side !== "parameter";
  });
}

function scoreSums({ channels }: AttentionPlan, { sums }: ScoreForm): SumTask[] {
  return sums.map(({ symbol, vector }) => ({ slot: symbol, vector, width: channels }));
}

function scaledLogit(plan: AttentionPlan, { logit }: ScoreForm): Expression {
  const temperature = temperatureOf(plan);
  return temperature === 1 ? logit : logit.multiply(1 / temperature);
}

function operandOf(symbol: Expression, { channels, valueChannels }: AttentionPlan): Operand {
  const { name, side } = symbolNode(symbol);
  const vectorWidth = symbol === valueSymbol || symbol === gradientSymbol ? valueChannels : channels;
  return { name, side, width: symbol.rank === "vector" ? vectorWidth : 1 };
}

function assemble(kernels: readonly RowKernel[], functions: readonly CompiledFunction[]): CompiledAttention {
  const all: FunctionBuilder[] = [logFunction(), ...kernels.map(({ f }) => f)];
  return {
    bytes: encodeModule(all),
    print: () => `(module\n(import "env" "memory" (memory 0 65536))\n${all.map((f) => f.print()).join("\n")}\n)`,
    functions,
  };
}
