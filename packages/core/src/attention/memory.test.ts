import { describe, expect, it, vi } from "vitest";
import { createWasmEngine } from "../engine/wasm/wasm-engine.ts";
import { Random } from "../random.ts";
import { backward } from "../tensor/backward.ts";
import { parameter, tensor } from "../tensor/create.ts";
import { scope } from "../tensor/scope.ts";
import { sum } from "../tensor/sum.ts";
import { attend } from "./attend.ts";
import { complete } from "./neighborhood/complete.ts";
import { SparseNeighborhood } from "./neighborhood/sparse.ts";
import { scaledDot } from "./score/scaled-dot.ts";

describe("memory of self-attention", () => {
  it("over edges and without a gradient holds no edges by sender", () => {
    const [senders, receivers] = [Uint32Array.of(0, 1, 2), Uint32Array.of(1, 2, 0)];
    const edges = SparseNeighborhood.fromEdgeList({ senders, receivers, senderCount: 3, receiverCount: 3 });
    const transposed = vi.spyOn(edges, "transposed", "get");
    const x = tensor([1, 2, 3, 4, 5, 6], [3, 1, 2], { engine: createWasmEngine() });
    attend(edges, { query: x, key: x, value: x }, { score: scaledDot(), parameters: {} });
    expect(transposed).not.toHaveBeenCalled();
  });

  it("over 16,384 elements, forward and backward, is a few times its inputs and nothing of elements x elements", () => {
    const [elements, heads, channels] = [16_384, 4, 32];
    const engine = createWasmEngine();
    const random = new Random(1);
    const shape = [elements, heads, channels];
    const size = elements * heads * channels;
    const [query, key, value] = [1, 2, 3].map(() =>
      parameter(
        Float32Array.from({ length: size }, () => random.uniform(-1, 1)),
        shape,
        { engine },
      ),
    );
    engine.resetPeak();
    scope(() => {
      const inputs = { query: query!, key: key!, value: value! };
      backward(sum(attend(complete(elements), inputs, { score: scaledDot(), parameters: {} })));
    });
    const ofInputsAndOutput = 4 * size * Float32Array.BYTES_PER_ELEMENT;
    expect(engine.memory().peakBytes).toBeLessThan(10 * ofInputsAndOutput);
    // Each output sums its values by weights whose sum is 1: so do the gradients of the values.
    let total = 0;
    for (const x of value!.grad!.dataSync()) total += x;
    expect(total / size).toBeCloseTo(1, 4);
  });
});
