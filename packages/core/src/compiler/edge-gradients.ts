import { type Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { LaneCode } from "./lane-code.ts";
import { type Operand, type RowKernel, WORD } from "./row-kernel.ts";

/** Writes a vector for each edge, head and channel: the gradient of an edge's features. */
export function emitEdgeVectors(kernel: RowKernel, target: Operand, vector: Expression): void {
  const { f } = kernel;
  const channel = f.local("i32");
  const slots = [...symbolsOf(vector).values()].filter((symbol) => kernel.slotPointer.has(symbolNode(symbol).name));
  f.i32(0).set(kernel.edge);
  f.countTo(kernel.edge, kernel.count, 1, () => {
    const pointers = kernel.edgePointers([...symbolsOf(vector).values()], 1, [target]);
    f.i32(0).set(channel);
    kernel.forEachHead(() => {
      const splats = new Map<Expression, Local>(slots.map((slot) => [slot, kernel.scratch.take()]));
      for (const [slot, local] of splats) {
        kernel.pushSlotRow(slot);
        f.get(kernel.edge);
        kernel.toSlotBytes();
        f.op("i32.add").at("v128.load32_splat").set(local);
      }
      kernel.forEachVector(target.width, channel, (offset, immediate, valid) => {
        const load = (symbol: Expression): void => {
          const splat = splats.get(symbol);
          if (splat !== undefined) f.get(splat);
          else kernel.pushVector(symbol, pointers, offset).at("v128.load", immediate);
        };
        const result = kernel.scratch.take();
        const code = new LaneCode(f, load, [vector], kernel.scratch);
        code.push(vector);
        code.finish();
        f.set(result);
        kernel.storeLanes(
          () => f.get(pointers.get(target.name)![0]!).get(offset).op("i32.add"),
          result,
          immediate,
          valid,
        );
        kernel.scratch.give(result);
      });
      for (const local of splats.values()) kernel.scratch.give(local);
      f.get(channel)
        .i32(target.width * WORD)
        .op("i32.add")
        .set(channel);
    });
  });
}

/** Writes a slot to the edges' scalars `[edges, heads]`. */
export function emitEdgeScalars(kernel: RowKernel, target: Operand, slot: Expression): void {
  const { f } = kernel;
  f.i32(0).set(kernel.edge);
  f.countTo(kernel.edge, kernel.count, 1, () => {
    const pointer = kernel.edgePointers([], 1, [target]).get(target.name)![0]!;
    const isVector = kernel.lanes === "heads";
    kernel.forEachHead(
      () => {
        f.get(pointer).get(kernel.head).i32(2).op("i32.shl", "i32.add");
        kernel.pushSlotRow(slot);
        f.get(kernel.edge);
        kernel.toSlotBytes();
        f.op("i32.add");
        if (isVector) f.at("v128.load").at("v128.store");
        else f.at("f32.load").at("f32.store");
      },
      isVector ? 4 : 1,
    );
  });
}
