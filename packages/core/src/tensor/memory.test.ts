import { beforeEach, describe, expect, it } from "vitest";
import { attend } from "../attention/attend.ts";
import { SparseNeighborhood } from "../attention/neighborhood/sparse.ts";
import { lateAdditive } from "../attention/score/late-additive.ts";
import type { Engine } from "../engine/engine.ts";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Linear } from "../nn/linear.ts";
import { crossEntropy } from "../nn/loss.ts";
import { adam } from "../optim/adam.ts";
import { Random } from "../random.ts";
import { backward } from "./backward.ts";
import { keep, parameter, tensor } from "./create.ts";
import { dropout } from "./dropout.ts";
import { add, elu, multiply } from "./elementwise.ts";
import { withoutGradient } from "./record.ts";
import { reshape } from "./reshape.ts";
import { scope } from "./scope.ts";
import { sum } from "./sum.ts";
import type { Tensor } from "./tensor.ts";

for (const make of [createReferenceEngine, createWasmEngine]) {
  let engine: Engine;
  beforeEach(() => {
    engine = make();
  });

  describe(`memory on the ${make().name} engine`, () => {
    it("frees at the end of a scope all but what is returned, in arrays and fields too", () => {
      const kept = scope(() => {
        const a = tensor([1, 2], [2], { engine });
        const b = multiply(a, a);
        add(a, b);
        return { single: add(b, 1), list: [reshape(b, [1, 2])] };
      });
      expect(engine.memory().buffers).toBe(2);
      expect(Array.from(kept.single.dataSync())).toEqual([2, 5]);
      expect(Array.from(kept.list[0]!.dataSync())).toEqual([1, 4]);
    });

    it("frees when the body throws, and lets the error through", () => {
      expect(() =>
        scope(() => {
          tensor([1], [1], { engine });
          throw new RangeError("mine");
        }),
      ).toThrow(RangeError);
      expect(engine.memory().buffers).toBe(0);
    });

    it("moves what an inner scope returns to the scope around it", () => {
      scope(() => {
        const inner = scope(() => tensor([1], [1], { engine }));
        expect(inner.disposed).toBe(false);
      });
      expect(engine.memory().buffers).toBe(0);
    });

    it("keeps parameters, and what was kept", () => {
      const [p, k] = scope(() => [parameter([1], [1], { engine }), keep(tensor([2], [1], { engine }))] as const);
      scope(() => add(p, k));
      expect(p.item() + k.item()).toBe(3);
    });

    it("says what happened to a tensor whose scope has ended", () => {
      let outlived: Tensor | undefined;
      scope(() => {
        outlived = tensor([1], [1], { engine });
      });
      expect(() => outlived?.dataSync()).toThrow(expect.objectContaining({ code: "disposed" }));
    });

    it("refuses an asynchronous body", () => {
      const asynchronous: () => unknown = async () => 1;
      expect(() => scope(asynchronous)).toThrow(expect.objectContaining({ code: "asynchronous-scope" }));
    });

    it("holds nothing more after 1,000 training steps than after 10", () => {
      const random = new Random(3);
      const neighborhood = SparseNeighborhood.fromEdgeList({
        senders: Uint32Array.from({ length: 60 }, () => random.integer(20)),
        receivers: Uint32Array.from({ length: 60 }, () => random.integer(20)),
        senderCount: 20,
        receiverCount: 20,
      });
      const project = new Linear(5, 6, { random, engine });
      const classify = new Linear(6, 3, { random, engine });
      const a = parameter([1, 2, 3, 4, 5, 6], [2, 3], { engine });
      const x = keep(
        tensor(
          Float32Array.from({ length: 100 }, () => random.normal()),
          [20, 5],
          { engine },
        ),
      );
      const targets = Uint8Array.from({ length: 20 }, (_, i) => i % 3);
      const optimizer = adam([...project.parameters(), ...classify.parameters(), a]);
      const step = (): void =>
        scope(() => {
          optimizer.zeroGradients();
          const heads = reshape(project.forward(dropout(x, 0.2, random.bits())), [20, 2, 3]);
          const attended = attend(
            neighborhood,
            { query: heads, key: heads, value: heads },
            { score: lateAdditive(), parameters: { a }, dropout: 0.3, seed: random.bits() },
          );
          backward(crossEntropy(classify.forward(elu(reshape(attended, [20, 6]))), targets));
          optimizer.step();
        });
      for (let k = 0; k < 10; k++) step();
      const { bytes, buffers } = engine.memory();
      engine.resetPeak();
      step();
      const { peakBytes } = engine.memory();
      for (let k = 11; k < 1000; k++) step();
      expect(engine.memory()).toEqual({ bytes, buffers, peakBytes });
    });
  });

  describe(`backward on the ${make().name} engine`, () => {
    it("adds to the gradient of earlier calls", () => {
      const p = parameter([3], [1], { engine });
      backward(sum(multiply(p, p)));
      backward(sum(multiply(p, p)));
      expect(p.grad?.item()).toBe(12);
    });

    it("refuses more than one number, and numbers that depend on nothing learned", () => {
      const p = parameter([1, 2], [2], { engine });
      expect(() => backward(p)).toThrow(expect.objectContaining({ code: "not-a-scalar" }));
      expect(() => backward(withoutGradient(() => sum(p)))).toThrow(expect.objectContaining({ code: "no-gradient" }));
    });

    it("goes through a chain of 20,000 operations", () => {
      const p = parameter([1], [1], { engine });
      scope(() => {
        let x: Tensor = p;
        for (let k = 0; k < 20_000; k++) x = add(x, 1e-3);
        backward(sum(x));
      });
      expect(p.grad?.item()).toBe(1);
    });

    it("refuses tensors of two engines in one operation", () => {
      const here = tensor([1], [1], { engine });
      const there = tensor([1], [1], { engine: make() });
      expect(() => add(here, there)).toThrow(expect.objectContaining({ code: "mixed-engines" }));
    });
  });
}
