import { EngineError } from "../../errors.ts";
import type { FloatBuffer } from "../buffers.ts";
import type { Engine } from "../engine.ts";

/** What an engine promises of its buffers. */
export interface BufferCase {
  readonly name: string;
  run(makeEngine: () => Engine): void;
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}

function refusedAs(code: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError && error.code === code) return;
    throw error;
  }
  throw new Error(`expected EngineError ${code}`);
}

function holds(engine: Engine, buffer: FloatBuffer, values: readonly number[]): void {
  const held = engine.readSync(buffer);
  expect(held.length === values.length && values.every((value, i) => held[i] === value), `${values}, got ${held}`);
}

export const bufferCases: readonly BufferCase[] = [
  {
    name: "buffers: a new one is zero, where another was freed too",
    run(makeEngine) {
      const engine = makeEngine();
      engine.free(engine.upload([1, 2, 3, 4, 5]));
      holds(engine, engine.allocate(5), [0, 0, 0, 0, 0]);
      engine.free(engine.upload([1, 2, 3]));
      const sum = engine.allocate(3);
      engine.run("accumulate", { x: engine.upload([4, 5, 6]), out: sum, scale: 1 });
      holds(engine, sum, [4, 5, 6]);
    },
  },
  {
    name: "buffers: hold what was uploaded, then what was written",
    run(makeEngine) {
      const engine = makeEngine();
      const buffer = engine.upload([1, 2.5, -3]);
      holds(engine, buffer, [1, 2.5, -3]);
      engine.write(buffer, Float64Array.of(7, 8, 9));
      holds(engine, buffer, [7, 8, 9]);
      refusedAs("wrong-length", () => engine.write(buffer, [1, 2]));
    },
  },
  {
    name: "buffers: what was read or uploaded is a copy",
    run(makeEngine) {
      const engine = makeEngine();
      const values = Float64Array.of(1, 2);
      const rows = Uint32Array.of(1, 0);
      const buffer = engine.upload(values);
      const index = engine.uploadIndices(rows);
      values[0] = 9;
      rows[0] = 0;
      engine.readSync(buffer)[1] = 9;
      const out = engine.allocate(2);
      engine.run("gatherRows", { x: buffer, index, out, width: 1 });
      holds(engine, out, [2, 1]);
    },
  },
  {
    name: "buffers: may be empty",
    run(makeEngine) {
      const engine = makeEngine();
      const before = engine.memory();
      const empty = engine.allocate(0);
      const noRows = engine.uploadIndices(new Uint32Array(0));
      holds(engine, empty, []);
      holds(engine, engine.upload([]), []);
      engine.run("gatherRows", { x: empty, index: noRows, out: engine.allocate(0), width: 3 });
      engine.run("fill", { out: empty, value: 1 });
      engine.free(empty);
      engine.free(noRows);
      expect(engine.memory().bytes === before.bytes, "no bytes for empty buffers");
    },
  },
  {
    name: "buffers: freed twice, used after that, or another engine's are refused",
    run(makeEngine) {
      const engine = makeEngine();
      const buffer = engine.upload([1]);
      const index = engine.uploadIndices(Uint32Array.of(0));
      engine.free(buffer);
      engine.free(index);
      refusedAs("freed-buffer", () => engine.free(buffer));
      refusedAs("freed-buffer", () => engine.free(index));
      refusedAs("freed-buffer", () => engine.readSync(buffer));
      refusedAs("freed-buffer", () => engine.run("fill", { out: buffer, value: 1 }));
      const other = makeEngine().upload([1]);
      refusedAs("foreign-buffer", () => engine.free(other));
      refusedAs("foreign-buffer", () => engine.readSync(other));
      refusedAs("foreign-buffer", () => engine.run("fill", { out: other, value: 1 }));
    },
  },
  {
    name: "buffers: a length that is no count is refused",
    run(makeEngine) {
      const engine = makeEngine();
      for (const length of [-1, 1.5, Number.NaN]) refusedAs("invalid-length", () => engine.allocate(length));
    },
  },
  {
    name: "memory: counts live buffers, their bytes, and the peak",
    run(makeEngine) {
      const engine = makeEngine();
      const start = engine.memory();
      const a = engine.allocate(100);
      const withOne = engine.memory();
      const size = withOne.bytes - start.bytes;
      expect(size === 100 * (engine.precision === "float32" ? 4 : 8), "as many bytes as the numbers take");
      const b = engine.allocate(100);
      engine.free(a);
      const after = engine.memory();
      expect(after.bytes === start.bytes + size, "the bytes of one buffer");
      expect(after.peakBytes === start.bytes + 2 * size, "the peak of both");
      expect(after.buffers === start.buffers + 1, "one buffer");
      engine.resetPeak();
      expect(engine.memory().peakBytes === after.bytes, "the peak to start again from what is live");
      engine.free(b);
      expect(engine.memory().buffers === start.buffers, "no buffer");
    },
  },
];
