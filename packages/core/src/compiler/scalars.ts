import { Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { emitDropoutScale } from "./dropout-mask.ts";
import { LaneCode } from "./lane-code.ts";
import type { Operand, RowKernel } from "./row-kernel.ts";
import { keepSymbol, validSymbol } from "./symbols.ts";
import { emitLaneSum, emitSplat } from "./vector-math.ts";

/**
 * Scalar functions over the edges of the chunk, four lanes at a time: `prepare` runs for each head, or for each four of them where these are the
 * lanes; then, for each group of edges, `body` with code that loads the symbols; then `finish`. `special` loads symbols that are
 * neither slots nor operands.
 */
export function emitScalars(
  kernel: RowKernel,
  roots: readonly Expression[],
  body: (code: LaneCode, pushSlotAddress: (slot: Expression) => void) => void,
  special: (symbol: Expression, k: Local) => boolean,
  prepare: () => void = () => {},
  finish: () => void = () => {},
): void {
  if (roots.length === 0) return;
  const { f } = kernel;
  const ofHeads = kernel.lanes === "heads";
  const bytes = f.local("i32");
  const rowPointer = new Map<string, Local>([...kernel.slotPointer.keys()].map((name) => [name, f.local("i32")]));
  const symbols = [...new Set(roots.flatMap((root) => [...symbolsOf(root).values()]))];
  const isOperand = (symbol: Expression): boolean => {
    const { name } = symbolNode(symbol);
    return kernel.operands.has(name) && !kernel.slotPointer.has(name);
  };
  const varies = (symbol: Expression): boolean =>
    ["other", "position"].includes(kernel.placeOf(symbolNode(symbol).side));
  const beside = symbols.filter((symbol) => isOperand(symbol) && varies(symbol));
  const shared = new Map(
    symbols.filter((symbol) => isOperand(symbol) && !varies(symbol)).map((symbol) => [symbol, f.local("v128")]),
  );
  kernel.forEachHead(
    () => {
      for (const [name, local] of rowPointer) {
        kernel.pushSlotRow(Expression.symbol(name, "edge", "scalar"));
        f.set(local);
      }
      for (const [symbol, local] of shared) {
        const { name, side } = symbolNode(symbol);
        f.get(side === kernel.owner ? kernel.ownerPointer.get(name)! : kernel.base.get(name)!);
        f.get(kernel.head)
          .i32(2)
          .op("i32.shl", "i32.add")
          .at(ofHeads ? "v128.load" : "v128.load32_splat")
          .set(local);
      }
      prepare();
      f.i32(0).set(kernel.edge);
      f.countTo(kernel.edge, kernel.count, ofHeads ? 1 : 4, () => {
        f.get(kernel.edge);
        kernel.toSlotBytes();
        f.set(bytes);
        const pointers = ofHeads ? kernel.edgePointers(beside, 1) : new Map<string, Local[]>();
        const pushAddress = (slot: Expression): void => {
          f.get(rowPointer.get(symbolNode(slot).name)!)
            .get(bytes)
            .op("i32.add");
        };
        const load = (symbol: Expression): void => {
          const { name } = symbolNode(symbol);
          const kept = shared.get(symbol);
          if (kept !== undefined) f.get(kept);
          else if (rowPointer.has(name)) {
            pushAddress(symbol);
            f.at("v128.load");
          } else if (pointers.has(name)) {
            f.get(pointers.get(name)![0]!).get(kernel.head).i32(2).op("i32.shl", "i32.add").at("v128.load");
          } else if (!special(symbol, kernel.edge)) throw new Error(`RowKernel: nobody loads ${name}.`);
        };
        const code = new LaneCode(f, load, roots, kernel.scratch);
        body(code, pushAddress);
        code.finish();
      });
      finish();
    },
    ofHeads ? 4 : 1,
  );
}

/** Adds the lanes of an accumulator to the scalars that belong to the owner, or to the heads alone. */
export function addToScalars(kernel: RowKernel, target: Operand, accumulator: Local): void {
  const { f } = kernel;
  kernel.pushScalarTarget(target);
  kernel.pushScalarTarget(target);
  if (kernel.lanes === "heads") {
    f.at("v128.load").get(accumulator).op("f32x4.add").at("v128.store");
    return;
  }
  f.at("f32.load");
  emitLaneSum(f, accumulator);
  f.op("f32.add").at("f32.store");
}

/** Pushes the symbols that no tensor holds: which lanes are edges, and what dropout multiplies a weight with. */
export function loadSpecial(kernel: RowKernel, symbol: Expression, k: Local, probability: number): boolean {
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
