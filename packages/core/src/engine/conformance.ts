import { bufferCases } from "./conformance/buffer-cases.ts";
import { denseAttentionEdgeCases } from "./conformance/dense-attention-edge-cases.ts";
import { type Draw, seededDraw } from "./conformance/draw.ts";
import { edgeCases } from "./conformance/edge-cases.ts";
import { kernelProperties } from "./conformance/properties.ts";
import { recurrentEdgeCases } from "./conformance/recurrent-edge-cases.ts";
import { type KernelProperty, Trial } from "./conformance/trial.ts";
import type { Engine } from "./engine.ts";
import { createReferenceEngine } from "./reference/reference.ts";

export type { Draw } from "./conformance/draw.ts";

/** Options of {@link engineConformance} and {@link engineProperties}. */
export interface ConformanceOptions {
  /**
   * How far a result may be from the reference: relative to the largest magnitude of that result, or to 1 where that is larger.
   * Default 1e-5, for float32.
   */
  readonly tolerance?: number;
  /** Random shapes for each kernel. Default 40. */
  readonly samples?: number;
  /** What the random shapes and numbers follow from. Default 1. */
  readonly seed?: number;
  /** The engine to compare with. Default a new reference engine. */
  readonly reference?: Engine;
}

/** A test that any test runner can run. */
export interface ConformanceCase {
  /** The kernel or the promise that is tested, in words. */
  readonly name: string;
  /** Runs the test; throws an Error that says what differs. */
  run(): void;
}

/** One kernel over shapes that `draw` chooses, for a property-testing library that shrinks. */
export interface ConformanceProperty {
  /** The kernel's name. */
  readonly name: string;
  /** Throws an Error that says what differs. */
  check(draw: Draw): void;
}

/**
 * What every engine must do, compared with the reference engine: every kernel over random shapes (odd widths, no rows, empty rows,
 * repeated edges, with and without a permutation), twice with the same bits, inputs left as they were; special numbers;
 * dropout masks; what it promises of buffers and of its memory report.
 *
 * `makeEngine` makes an engine of its own at each call. It must be able to read synchronously.
 */
export function engineConformance(makeEngine: () => Engine, options: ConformanceOptions = {}): ConformanceCase[] {
  const { tolerance = 1e-5, samples = 40, seed = 1, reference = createReferenceEngine() } = options;
  const engine = makeEngine();
  const trial = new Trial(engine, reference, tolerance);
  return [
    ...engineProperties(engine, options).map(({ name, check }) => ({
      name: `${name}: over ${samples} random shapes`,
      run() {
        for (let sample = 0; sample < samples; sample++) check(seededDraw(seed * 1_000_003 + sample));
      },
    })),
    ...[...edgeCases, ...denseAttentionEdgeCases, ...recurrentEdgeCases].map(({ name, run }) => ({
      name,
      run: () => run(trial, engine),
    })),
    ...bufferCases.map(({ name, run }) => ({ name, run: () => run(makeEngine) })),
  ];
}

/**
 * The kernels of {@link engineConformance} one by one, with the shapes left to the caller. `check` of each throws an Error that says what differs, or that
 * memory was left behind.
 */
export function engineProperties(engine: Engine, options: ConformanceOptions = {}): ConformanceProperty[] {
  const { tolerance = 1e-5, reference = createReferenceEngine() } = options;
  const trial = new Trial(engine, reference, tolerance);
  return Object.entries<KernelProperty>(kernelProperties).map(([name, property]) => ({
    name,
    check(draw) {
      const before = engine.memory().bytes;
      property(draw, trial);
      if (engine.memory().bytes !== before) throw new Error(`${name}: left memory behind`);
    },
  }));
}
