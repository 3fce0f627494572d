import { describe, expect, it } from "vitest";
import { Random } from "../../random.ts";
import type { Engine } from "../engine.ts";
import { setThreads } from "./threads.ts";
import { createWasmEngine, WasmEngine } from "./wasm-engine.ts";

interface Sizes {
  readonly receivers: number;
  readonly senders: number;
  readonly heads: number;
  /** How many senders each receiver attends to, at most. */
  readonly reach: number;
}

/** The gradients of query, key and value. */
function gradients(engine: Engine, { receivers, senders, heads, reach }: Sizes): readonly ArrayLike<number>[] {
  const random = new Random(4);
  const [channels, valueChannels] = [5, 9];
  const draw = (length: number) => engine.upload(Float32Array.from({ length }, () => random.uniform(-1, 1)));
  const starts = Uint32Array.from({ length: receivers }, () => random.integer(senders));
  const query = draw(receivers * heads * channels);
  const key = draw(senders * heads * channels);
  const value = draw(senders * heads * valueChannels);
  const inputs = {
    ...{ query, key, value, senders, heads, channels, valueChannels, scale: 0.5, probability: 0.3, seed: 9 },
    starts: engine.uploadIndices(starts),
    ends: engine.uploadIndices(starts.map((start) => Math.min(senders, start + reach))),
  };
  const output = engine.allocate(receivers * heads * valueChannels);
  const logSum = engine.allocate(receivers * heads);
  engine.run("denseAttention", { ...inputs, out: output, logSum });
  const [ofQuery, ofKey, ofValue] = [query, key, value].map(({ length }) => engine.allocate(length));
  engine.run("denseAttentionGradient", {
    ...{ ...inputs, output, logSum, gradient: draw(output.length) },
    ...{ queryGradient: ofQuery!, keyGradient: ofKey!, valueGradient: ofValue! },
  });
  return [ofQuery!, ofKey!, ofValue!].map((buffer) => engine.readSync(buffer));
}

/** An engine that divides all work, with `count` threads at work. */
function engineWithThreads(count: number): Engine {
  setThreads(count);
  const engine = new WasmEngine({ pool: { smallWork: 0 } });
  const numbers = engine.upload(new Float32Array(1000));
  while (engine.readyWorkers() < count - 1) engine.run("fill", { out: numbers, value: 1 });
  return engine;
}

describe("the gradients of dense attention, a head in parts where there are few", () => {
  const alone = createWasmEngine();
  it.each([2, 3])("have the same bits with %d threads as with one", (count) => {
    for (const sizes of [
      { receivers: 700, senders: 700, heads: 1, reach: 700 },
      { receivers: 1100, senders: 300, heads: 3, reach: 40 },
      { receivers: 90, senders: 2100, heads: 2, reach: 900 },
    ]) {
      setThreads(1);
      const expected = gradients(alone, sizes);
      expect(gradients(engineWithThreads(count), sizes)).toEqual(expected);
    }
  });
});
