import { describe, expect, it } from "vitest";
import type { FloatBuffer } from "./buffers.ts";
import type { Engine } from "./engine.ts";
import { createReferenceEngine } from "./reference/reference.ts";
import { createWasmEngine } from "./wasm/wasm-engine.ts";

const engines: [name: string, engine: Engine][] = [
  ["reference", createReferenceEngine()],
  ["wasm", createWasmEngine()],
];

describe.each(engines)("the %s engine refuses to leave its buffers", (_, engine) => {
  const floats = (length: number) => engine.allocate(length);
  const indices = (...numbers: number[]) => engine.uploadIndices(Uint32Array.from(numbers));
  const refused = expect.objectContaining({ name: "EngineError", code: "kernel-arguments" });

  it("a buffer of the wrong length", () => {
    expect(() => engine.run("unary", { operation: "exp", x: floats(3), out: floats(4), parameter: 0 })).toThrow(
      refused,
    );
    const product = { batch: 1, m: 2, k: 3, n: 4, transposeA: false, transposeB: false };
    expect(() => engine.run("matmul", { a: floats(6), b: floats(11), out: floats(8), ...product })).toThrow(
      "matmul: got b of 11 numbers; expected 12.",
    );
    const sum = { operation: "sum", outer: 2, length: 3, inner: 1 } as const;
    expect(() => engine.run("reduce", { x: floats(5), out: floats(2), ...sum })).toThrow(refused);
    expect(() => engine.run("logSoftmax", { x: floats(7), out: floats(7), width: 3 })).toThrow(refused);
  });

  it("an index beyond the rows that there are", () => {
    const x = floats(6);
    expect(() => engine.run("gatherRows", { x, index: indices(0, 3), out: floats(4), width: 2 })).toThrow(
      "gatherRows: got index up to 3; expected numbers below 3.",
    );
    expect(() =>
      engine.run("edgeDot", {
        a: x,
        aRows: indices(2),
        b: x,
        bRows: indices(3),
        out: floats(2),
        heads: 2,
        channels: 1,
      }),
    ).toThrow(refused);
  });

  it("row starts that fall, do not start at 0, or promise more positions than there are", () => {
    const softmax = (offsets: number[]) => () =>
      engine.run("segmentSoftmax", { logits: floats(4), offsets: indices(...offsets), out: floats(4), heads: 1 });
    expect(softmax([0, 2, 4])).not.toThrow();
    expect(softmax([0, 3, 2, 4])).toThrow(refused);
    expect(softmax([1, 4])).toThrow(refused);
    expect(softmax([0, 5])).toThrow(refused);
    expect(softmax([])).toThrow(refused);
  });

  it("an alpha of entmax that has no kernel, and logits that are not those of the rows", () => {
    const entmax = (alpha: number, length: number) => () => {
      const args = { logits: floats(length), offsets: indices(0, 2, 4), out: floats(4), heads: 1 };
      engine.run("segmentEntmax", Object.assign({ alpha: 2 as const }, args, { alpha }));
    };
    expect(entmax(1.5, 4)).not.toThrow();
    expect(entmax(1.25, 4)).toThrow("segmentEntmax: got alpha 1.25; expected 1.5 or 2.");
    expect(entmax(2, 5)).toThrow(refused);
    expect(() =>
      engine.run("segmentHardmax", { logits: floats(3), offsets: indices(0, 4), out: floats(4), heads: 1 }),
    ).toThrow(refused);
  });

  it("a permutation that is too short or names an entry that is not there", () => {
    const sum = (...permutation: number[]) => {
      return () =>
        engine.run("segmentSum", {
          x: floats(6),
          offsets: indices(0, 3),
          permutation: indices(...permutation),
          out: floats(2),
          width: 2,
        });
    };
    expect(sum(2, 1, 0)).not.toThrow();
    expect(sum(2, 1)).toThrow(refused);
    expect(sum(2, 1, 3)).toThrow(refused);
  });

  it("strides that reach outside, on either side, and more than six dimensions", () => {
    const copy = (shape: number[], strides: number[], offset: number) => {
      const out = floats(shape.reduce((a, b) => a * b, 1));
      return () => engine.run("stridedCopy", { x: floats(12), out, shape, strides, offset });
    };
    expect(copy([3, 4], [4, 1], 0)).not.toThrow();
    expect(copy([3, 4], [4, 1], 1)).toThrow(refused);
    expect(copy([4], [-1], 3)).not.toThrow();
    expect(copy([4], [-1], 2)).toThrow(refused);
    expect(copy([2, 0], [100, 100], 0)).not.toThrow();
    expect(copy([1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1], 0)).toThrow(refused);
    expect(copy([3, 4], [4], 0)).toThrow(refused);
  });

  it("an output that is an input, but for affine", () => {
    const x = floats(3);
    expect(() => engine.run("unary", { operation: "exp", x, out: x, parameter: 0 })).toThrow(refused);
    expect(() => engine.run("accumulate", { x, out: x, scale: 1 })).toThrow(refused);
    expect(() => engine.run("affine", { x, out: x, scale: 2, shift: 1 })).not.toThrow();
  });

  it("runs of senders that reach beyond the last, and gradients of other shapes than what they belong to", () => {
    const attention = { heads: 1, channels: 2, valueChannels: 3, senders: 3, scale: 1, probability: 0, seed: 0 };
    const inputs = { ...attention, query: floats(4), key: floats(6), value: floats(9), starts: indices(0, 1) };
    const out = floats(6);
    const attend = (...ends: number[]) => {
      return () => engine.run("denseAttention", { ...inputs, ends: indices(...ends), out, logSum: floats(2) });
    };
    expect(attend(3, 0)).not.toThrow();
    expect(attend(3, 4)).toThrow("denseAttention: got ends up to 4; expected numbers below 4.");
    expect(attend(3)).toThrow(refused);
    const differentiate = (keyGradient: FloatBuffer | null) => () =>
      engine.run("denseAttentionGradient", {
        ...inputs,
        ends: indices(3, 3),
        output: out,
        logSum: floats(2),
        gradient: out,
        queryGradient: null,
        keyGradient,
        valueGradient: null,
      });
    expect(differentiate(floats(6))).not.toThrow();
    expect(differentiate(floats(4))).toThrow(refused);
    expect(differentiate(out)).toThrow(refused);
  });

  it("rows of a recurrence beyond the last, and gates of another width", () => {
    const hidden = 2;
    const gates =
      (start: number, rows: number, kept: number | null, widths = 3) =>
      () =>
        engine.run("gruGates", {
          hidden,
          total: 4,
          start,
          rows,
          fromInput: floats(4 * 3 * hidden),
          biasInput: floats(3 * hidden),
          fromState: floats(rows * widths * hidden),
          biasState: floats(3 * hidden),
          previous: floats(rows * hidden),
          out: floats(4 * hidden),
          gates: kept === null ? null : floats(kept),
        });
    expect(gates(1, 3, 32)).not.toThrow();
    expect(gates(4, 0, null)).not.toThrow();
    expect(gates(2, 3, 32)).toThrow("gruGates: got rows 2 to 5; expected none from 4 on.");
    expect(gates(0, 2, 24)).toThrow(refused);
    expect(gates(0, 2, null, 4)).toThrow(refused);
  });

  it("gradients of a recurrence that share a buffer, or belong to states of another width", () => {
    const step = { hidden: 2, total: 3, start: 0, rows: 3 };
    const inputs = { gates: floats(24), gradient: floats(12), ofPrevious: floats(12) };
    const derive = (previous: FloatBuffer, ofState: FloatBuffer, state: FloatBuffer) => () =>
      engine.run("lstmGatesGradient", { ...step, ...inputs, previous, ofState, state });
    expect(derive(floats(12), floats(24), floats(12))).not.toThrow();
    expect(derive(floats(6), floats(24), floats(12))).toThrow(refused);
    expect(derive(floats(12), floats(24), floats(6))).toThrow(refused);
    expect(derive(floats(12), inputs.gates, floats(12))).toThrow(refused);
    expect(derive(floats(12), floats(24), inputs.ofPrevious)).toThrow(refused);
  });

  it("a probability of 1", () => {
    expect(() => engine.run("dropout", { x: floats(3), out: floats(3), seed: 1, probability: 1 })).toThrow(refused);
  });

  it("sizes that are no counts", () => {
    expect(() => engine.run("gatherRows", { x: floats(2), index: indices(0), out: floats(1), width: 0.5 })).toThrow(
      refused,
    );
  });
});
