import { Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { emitDropoutScale } from "./dropout-mask.ts";
import { type LaneCode, laneCode } from "./lane-code.ts";
import type { Operand, RowKernel } from "./row-kernel.ts";
import { keepSymbol, validSymbol } from "./symbols.ts";
import { emitOverLanes } from "./vector-math.ts";

/**
 * Scalar functions over the edges of the chunk, four lanes at a time: `prepare` runs for each head, or for each four of them where these are the
 * lanes; then, for each group of edges, `body` with code that loads the symbols; then `finish`.
 */
export function emitScalars(
  kernel: RowKernel,
  roots: readonly Expression[],
  body: (code: LaneCode, pushSlotAddress: (slot: Expression) => void) => void,
  prepare: () => void = () => {},
  finish: () => void = () => {},
): void {
  if (roots.length === 0) return;
  const { f } = kernel;
  const ofHeads = kernel.lanes === "heads";
  const bytes = f.local("i32");
  const rowPointer = new Map<string, Local>([...kernel.slotPointer.keys()].map((name) => [name, f.local("i32")]));
  const symbols = new Map(roots.flatMap((root) => [...symbolsOf(root)]));
  const shared = new Map(
    [...symbols.values()].flatMap((symbol) => {
      const { name, side } = symbolNode(symbol);
      return kernel.isShared(side) ? [[name, f.local("v128")]] : [];
    }),
  );
  kernel.forEachHead(
    () => {
      for (const [name, local] of rowPointer) {
        kernel.pushSlotRow(Expression.symbol(name, "edge", "scalar"));
        f.set(local);
      }
      for (const [name, local] of shared) {
        kernel
          .pushScalar(name)
          .at(ofHeads ? "v128.load" : "v128.load32_splat")
          .set(local);
      }
      prepare();
      kernel.forEachEdge(
        () => {
          f.get(kernel.edge);
          kernel.toSlotBytes().set(bytes);
          const pointers = ofHeads ? kernel.edgePointers(symbols.keys()) : undefined;
          const pushAddress = (slot: Expression): void => {
            f.get(rowPointer.get(symbolNode(slot).name)!)
              .get(bytes)
              .op("i32.add");
          };
          const load = (symbol: Expression): void => {
            const { name } = symbolNode(symbol);
            const kept = shared.get(name);
            const pointer = pointers?.get(name)?.[0];
            if (kept !== undefined) f.get(kept);
            else if (rowPointer.has(name)) {
              pushAddress(symbol);
              f.at("v128.load");
            } else if (pointer !== undefined) f.get(pointer).addWords(kernel.head).at("v128.load");
            else pushSpecial(kernel, name);
          };
          const code = laneCode(f, roots, load);
          body(code, pushAddress);
          code.finish();
        },
        ofHeads ? 1 : 4,
      );
      finish();
    },
    ofHeads ? 4 : 1,
  );
}

/** Computes numbers of edges and heads: those that are kept in slots, and those that are only summed. */
export function emitNumbers(
  kernel: RowKernel,
  stores: readonly { readonly slot: Expression; readonly root: Expression }[],
  sums: readonly { readonly target: Operand; readonly root: Expression }[] = [],
): void {
  const { f } = kernel;
  const totals = sums.map(({ target, root }) => ({ target, root, total: f.local("v128") }));
  emitScalars(
    kernel,
    [...stores, ...sums].map(({ root }) => root),
    (code, pushAddress) => {
      for (const { slot, root } of stores) {
        pushAddress(slot);
        code.push(root).at("v128.store");
      }
      for (const { root, total } of totals) {
        f.get(total);
        code.push(root).op("f32x4.add").set(total);
      }
    },
    () => {
      for (const { total } of totals) f.splat(0).set(total);
    },
    () => {
      for (const { target, total } of totals) addToScalars(kernel, target, total);
    },
  );
}

/** Adds the lanes of a vector to the scalars that belong to the owner, or to the heads alone. */
function addToScalars(kernel: RowKernel, { name }: Operand, vector: Local): void {
  const { f } = kernel;
  kernel.pushScalar(name);
  kernel.pushScalar(name);
  if (kernel.lanes === "heads") {
    f.at("v128.load").get(vector).op("f32x4.add").at("v128.store");
    return;
  }
  f.at("f32.load");
  emitOverLanes(f, vector, "f32x4.add");
  f.op("f32.add").at("f32.store");
}

/** Pushes a symbol that no tensor holds: which lanes are edges, or what dropout multiplies a weight with. */
function pushSpecial(kernel: RowKernel, name: string): void {
  const { f, edge, count } = kernel;
  if (name === symbolNode(keepSymbol).name) emitDropoutScale(kernel, edge);
  else if (name === symbolNode(validSymbol).name) {
    f.get(edge).op("i32x4.splat").i32x4(0, 1, 2, 3).op("i32x4.add").get(count).op("i32x4.splat", "i32x4.lt_s");
    f.splat(1).op("v128.and");
  } else throw new Error(`RowKernel: nobody loads ${name}.`);
}
