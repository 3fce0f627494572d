import { type Expression, symbolNode, symbolsOf } from "../expression/expression.ts";
import type { Local } from "./assembler.ts";
import { emitLanes } from "./lane-code.ts";
import { type Operand, type RowKernel, WORD } from "./row-kernel.ts";
import { forEachVector, storeLanes } from "./vector-loops.ts";

/** Writes a vector for each edge, head and channel: the gradient of an edge's features. */
export function emitEdgeVectors(kernel: RowKernel, target: Operand, vector: Expression): void {
  const { f } = kernel;
  const channel = f.local("i32");
  const slots = [...symbolsOf(vector).values()].filter((symbol) => kernel.slotPointer.has(symbolNode(symbol).name));
  kernel.forEachEdge(() => {
    const pointers = kernel.edgePointers([...symbolsOf(vector).keys(), target.name]);
    f.i32(0).set(channel);
    kernel.forEachHead(() => {
      const splats = new Map<Expression, Local>(slots.map((slot) => [slot, f.take()]));
      for (const [slot, local] of splats) kernel.pushSlot(slot).at("v128.load32_splat").set(local);
      forEachVector(f, target.width, channel, (offset, immediate, valid) => {
        const load = (symbol: Expression): void => {
          const splat = splats.get(symbol);
          if (splat !== undefined) f.get(splat);
          else kernel.pushVector(symbol, offset, immediate, pointers);
        };
        const result = f.take();
        emitLanes(f, vector, load);
        f.set(result);
        const pushTarget = (): void => void f.get(pointers.get(target.name)![0]!).get(offset).op("i32.add");
        storeLanes(f, pushTarget, result, immediate, valid);
        f.give(result);
      });
      f.give(...splats.values());
      f.setSum(channel, channel, target.width * WORD);
    });
  });
}

/** Writes a slot to the edges' scalars `[edges, heads]`. */
export function emitEdgeScalars(kernel: RowKernel, target: Operand, slot: Expression): void {
  const { f } = kernel;
  kernel.forEachEdge(() => {
    const pointer = kernel.edgePointers([target.name]).get(target.name)![0]!;
    const isVector = kernel.lanes === "heads";
    kernel.forEachHead(
      () => {
        f.get(pointer).addWords(kernel.head);
        kernel.pushSlot(slot);
        if (isVector) f.at("v128.load").at("v128.store");
        else f.at("f32.load").at("f32.store");
      },
      isVector ? 4 : 1,
    );
  });
}
