import { describe, expect, it } from "vitest";
import type { UnaryOperation } from "../kernels.ts";
import { createReferenceEngine } from "../reference/reference.ts";
import { createWasmEngine } from "./wasm-engine.ts";

const wasm = createWasmEngine();
const reference = createReferenceEngine();

/** The largest error over evenly spaced numbers, relative to each result by itself, or to `least` where that is larger. */
function worstRelativeError(operation: UnaryOperation, low: number, high: number, least = 1e-37): number {
  const count = 200_003;
  const numbers = new Float32Array(count).map((_, i) => low + ((high - low) * i) / (count - 1));
  const [actual, expected] = [wasm, reference].map((engine) => {
    const x = engine.upload(numbers);
    const out = engine.allocate(count);
    engine.run("unary", { operation, x, out, parameter: 1 });
    const values = engine.readSync(out);
    engine.free(x);
    engine.free(out);
    return values;
  });
  let worst = 0;
  for (let i = 0; i < count; i++) {
    const error = Math.abs(actual![i]! - expected![i]!) / Math.max(Math.abs(expected![i]!), least);
    worst = Math.max(worst, error);
  }
  return worst;
}

describe("elementary functions in float32: error relative to each result", () => {
  it.each<[operation: UnaryOperation, low: number, high: number]>([
    ["exp", -87, 88.7],
    ["exp", -1e-3, 1e-3],
    ["log", 1e-30, 1e-25],
    ["log", 1e-3, 0.99],
    ["log", 1.01, 1e6],
    ["tanh", -12, 12],
    ["tanh", -1e-3, 1e-3],
    ["sigmoid", -80, 80],
    ["elu", -20, 1],
    ["elu", -1e-3, 0],
    ["softplus", -80, 80],
    ["gelu", -3, 20],
    ["gelu", -1e-3, 1e-3],
    ["sqrt", 0, 1e6],
    ["reciprocal", 1e-3, 1e3],
    ["sin", -1.5, 1.5],
    ["cos", -1.5, 1.5],
  ])("%s from %d to %d: below 1e-6", (operation, low, high) => {
    expect(worstRelativeError(operation, low, high)).toBeLessThan(1e-6);
  });

  it("gelu over the whole range: below 1e-6 of the larger of 1 and its argument", () => {
    const worst = (low: number, high: number) => worstRelativeError("gelu", low, high, 1);
    for (const [low, high] of [
      [-1, 1],
      [-5, -1],
      [-40, -5],
      [1, 40],
      [-1e5, -40],
      [40, 1e5],
    ] as const) {
      expect(worst(low, high)).toBeLessThan(1e-6);
    }
  });

  it("the derivative of gelu: below 1e-6", () => {
    const points = new Float32Array(20_001).map((_, i) => (i - 10_000) / 1000);
    const [actual, expected] = [wasm, reference].map((engine) => {
      const x = engine.upload(points);
      const gradient = engine.upload(points.map(() => 1));
      const out = engine.allocate(points.length);
      engine.run("unaryGradient", { operation: "gelu", x, y: x, gradient, out, parameter: 0 });
      return engine.readSync(out);
    });
    let worst = 0;
    expected!.forEach((slope, i) => {
      worst = Math.max(worst, Math.abs(actual![i]! - slope));
    });
    expect(worst).toBeLessThan(1e-6);
  });

  it("log near 1, where it is near 0", () => {
    expect(worstRelativeError("log", 0.9, 1.1)).toBeLessThan(1e-6);
  });
});
