import { type Expression, symbolNode } from "../expression/expression.ts";
import { type RowKernel, VECTOR, WORD } from "./row-kernel.ts";
import { quad } from "./vector-loops.ts";
import { emitTranspose } from "./vector-math.ts";

const lanes = [0, 1, 2, 3] as const;

/** Loads scalars of other ends and of edges, for each edge of the chunk and each head, into the slots of the same name. */
export function emitGather(kernel: RowKernel, symbols: readonly Expression[]): void {
  if (symbols.length === 0) return;
  const { f } = kernel;
  const vectors = quad(f);
  const spare = quad(f);
  const target = f.local("i32");
  kernel.forEachEdge(() => {
    for (const symbol of symbols) {
      const { name } = symbolNode(symbol);
      const pointers = kernel.edgePointers([name], 4).get(name)!;
      f.get(kernel.slotPointer.get(name)!).addWords(kernel.edge).set(target);
      const blocks = kernel.heads >> 2;
      for (let block = 0; block < blocks; block++) {
        for (const e of lanes)
          f.get(pointers[e]!)
            .at("v128.load", block * VECTOR)
            .set(vectors[e]);
        emitTranspose(f, vectors, spare);
        for (const e of lanes) {
          f.get(target).get(vectors[e]).at("v128.store");
          f.get(target).get(kernel.stride).op("i32.add").set(target);
        }
      }
      for (let h = blocks * 4; h < kernel.heads; h++) {
        f.get(target)
          .get(pointers[0]!)
          .at("v128.load32_splat", h * WORD)
          .set(vectors[0]);
        for (const e of [1, 2, 3] as const)
          f.get(pointers[e]!)
            .get(vectors[0])
            .laneAt("v128.load32_lane", e, h * WORD)
            .set(vectors[0]);
        f.get(vectors[0]).at("v128.store").get(target).get(kernel.stride).op("i32.add").set(target);
      }
    }
  }, 4);
}
