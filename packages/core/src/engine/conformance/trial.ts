import type { FloatBuffer, IndexBuffer } from "../buffers.ts";
import type { Engine } from "../engine.ts";
import type { KernelArguments, KernelName } from "../kernels.ts";
import type { Draw } from "./draw.ts";

type Numbers = Float32Array | Float64Array;

/** One kernel over arguments that `draw` chooses. Throws when the engine of the trial and the reference differ. */
export type KernelProperty = (draw: Draw, trial: Trial) => void;

/** What random numbers seldom meet. Throws when the engine of the trial and the reference differ. */
export interface EdgeCase {
  readonly name: string;
  run(trial: Trial, engine: Engine): void;
}

/** Makes the buffers of a kernel's arguments on one engine. */
export interface Bench {
  /** A buffer that the kernel reads and must leave as it is. */
  floats(values: ArrayLike<number>): FloatBuffer;
  indices(values: Uint32Array): IndexBuffer;
  indices(values: Uint32Array | null): IndexBuffer | null;
  /** A buffer that the kernel must write whole: it holds NaN before. */
  out(length: number): FloatBuffer;
  /** A buffer that the kernel reads and writes. */
  inOut(values: ArrayLike<number>): FloatBuffer;
}

class EngineBench implements Bench {
  readonly #engine: Engine;
  readonly #all: (FloatBuffer | IndexBuffer)[] = [];
  readonly #inputs: { buffer: FloatBuffer; before: Numbers }[] = [];
  readonly #outputs: FloatBuffer[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  floats(values: ArrayLike<number>): FloatBuffer {
    const buffer = this.#keep(this.#engine.upload(values));
    this.#inputs.push({ buffer, before: this.#engine.readSync(buffer) });
    return buffer;
  }

  indices(values: Uint32Array): IndexBuffer;
  indices(values: Uint32Array | null): IndexBuffer | null;
  indices(values: Uint32Array | null): IndexBuffer | null {
    return values === null ? null : this.#keep(this.#engine.uploadIndices(values));
  }

  out(length: number): FloatBuffer {
    return this.inOut(new Float32Array(length).fill(Number.NaN));
  }

  inOut(values: ArrayLike<number>): FloatBuffer {
    const buffer = this.#keep(this.#engine.upload(values));
    this.#outputs.push(buffer);
    return buffer;
  }

  /** What the outputs hold, after a check that the inputs hold what they held. */
  results(): Numbers[] {
    for (const { buffer, before } of this.#inputs) {
      if (!sameBits(this.#engine.readSync(buffer), before)) throw new Error("an input was written to");
    }
    return this.#outputs.map((buffer) => this.#engine.readSync(buffer));
  }

  free(): void {
    for (const buffer of this.#all) this.#engine.free(buffer);
  }

  #keep<Buffer extends FloatBuffer | IndexBuffer>(buffer: Buffer): Buffer {
    this.#all.push(buffer);
    return buffer;
  }
}

/** Runs the same kernels on an engine and on the reference, and compares. */
export class Trial {
  readonly #engine: Engine;
  readonly #reference: Engine;
  readonly #tolerance: number;

  /** `tolerance` is relative to the largest magnitude of a result, or to 1 where that is larger. */
  constructor(engine: Engine, reference: Engine, tolerance: number) {
    this.#engine = engine;
    this.#reference = reference;
    this.#tolerance = tolerance;
  }

  /**
   * Runs one kernel twice on the engine and once on the reference.
   *
   * @throws Error when the results differ, when two runs differ in a bit, or when an input changed.
   */
  run<Name extends KernelName>(name: Name, build: (bench: Bench) => KernelArguments[Name]): void {
    const actual = outcome(this.#engine, name, build);
    const again = outcome(this.#engine, name, build);
    const expected = outcome(this.#reference, name, build);
    for (let o = 0; o < expected.length; o++) {
      if (!sameBits(actual[o]!, again[o]!)) throw new Error(`${name}: two runs differ`);
      this.#compare(name, actual[o]!, this.#rounded(expected[o]!));
    }
  }

  /** What the engine would hold of exact numbers: beyond float32's range, Infinity. */
  #rounded(values: Numbers): Numbers {
    return this.#engine.precision === "float32" ? Float32Array.from(values) : values;
  }

  #compare(name: string, actual: Numbers, expected: Numbers): void {
    if (actual.length !== expected.length) throw new Error(`${name}: got ${actual.length} numbers`);
    let largest = 1;
    for (const value of expected) if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    for (let i = 0; i < expected.length; i++) {
      const close =
        Object.is(actual[i], expected[i]) || Math.abs(actual[i]! - expected[i]!) <= this.#tolerance * largest;
      if (close) continue;
      throw new Error(
        `${name}: got ${actual[i]} at ${i} of ${expected.length}; expected ${expected[i]}, where the largest is ${largest}`,
      );
    }
  }
}

function outcome<Name extends KernelName>(
  engine: Engine,
  name: Name,
  build: (bench: Bench) => KernelArguments[Name],
): Numbers[] {
  const bench = new EngineBench(engine);
  engine.run(name, build(bench));
  const results = bench.results();
  bench.free();
  return results;
}

function sameBits(a: Numbers, b: Numbers): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}
