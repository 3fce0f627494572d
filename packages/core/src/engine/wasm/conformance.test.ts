import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Draw, engineConformance, engineProperties } from "../conformance.ts";
import type { Engine } from "../engine.ts";
import { createWasmEngine, WasmEngine } from "./wasm-engine.ts";

/** Shapes chosen by fast-check, which shrinks them when a kernel fails. */
function forEveryShape(check: (draw: Draw) => void): void {
  fc.assert(
    fc.property(fc.gen(), (generate) => {
      check({ integer: (least, most) => generate(fc.integer, { min: least, max: most }) });
    }),
    { numRuns: 200 },
  );
}

describe("the wasm engine computes what the reference computes", () => {
  for (const { name, run } of engineConformance(createWasmEngine, { tolerance: 1e-5 })) it(name, run);
});

describe("every wasm kernel, over shapes that shrink", () => {
  for (const { name, check } of engineProperties(createWasmEngine(), { tolerance: 1e-5 })) {
    it(name, () => forEveryShape(check));
  }
});

/** An engine that cuts the range of every kernel call into pieces, as threads would. */
function splittingEngine(pieces: number): { engine: Engine; calls: () => number } {
  let calls = 0;
  const wrap = <Exports extends object>(exports: Exports): Exports => {
    const split = (kernel: (...numbers: number[]) => void) => {
      return (...numbers: number[]) => {
        const [start, end] = numbers.splice(-2);
        for (let piece = 0; piece < pieces; piece++) {
          const from = start! + Math.floor(((end! - start!) * piece) / pieces);
          const to = start! + Math.floor(((end! - start!) * (piece + 1)) / pieces);
          calls++;
          kernel(...numbers, from, to);
        }
      };
    };
    const wrapped = { ...exports };
    for (const [name, kernel] of Object.entries(exports)) {
      if (!name.endsWith("ScratchBytes")) Object.assign(wrapped, { [name]: split(kernel) });
    }
    return wrapped;
  };
  return { engine: new WasmEngine({ wrap }), calls: () => calls };
}

describe("the result of a kernel does not depend on how its range is split", () => {
  const { engine, calls } = splittingEngine(3);
  for (const { name, check } of engineProperties(engine, { tolerance: 0, reference: createWasmEngine() })) {
    it(name, () => {
      const before = calls();
      forEveryShape(check);
      expect(calls()).toBeGreaterThan(before);
    });
  }
});
