import { describe, expect, it } from "vitest";
import { createReferenceEngine } from "../engine/reference/reference.ts";
import { tensor } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { extendKeyValue, type KeyValue, overTime, selectKeyValue } from "./key-value.ts";

const engine = createReferenceEngine();

/** One head of one channel: element `t` of sequence `b` has the key `10 t + b` and the value `10 t + b + 100`. */
function step(t: number, batch: number): KeyValue {
  const numbers = Array.from({ length: batch }, (_, b) => 10 * t + b);
  const of = (values: number[]): Tensor => tensor(values, [batch, 1, 1], { engine });
  return { key: of(numbers), value: of(numbers.map((number) => number + 100)) };
}

function numbersOf({ key, value }: KeyValue): readonly number[][] {
  return [Array.from(key.dataSync()), Array.from(value.dataSync())];
}

describe("a key/value cache by time", () => {
  const three = [1, 2].reduce<KeyValue>((cache, t) => extendKeyValue(cache, step(t, 2)), step(0, 2));

  it("has the elements of a step after those of the step before", () => {
    expect(numbersOf(three)).toEqual([
      [0, 1, 10, 11, 20, 21],
      [100, 101, 110, 111, 120, 121],
    ]);
  });

  it("starts with the first that is remembered", () => {
    const first = step(0, 2);
    expect(extendKeyValue(undefined, first)).toBe(first);
  });

  it("can be had for other sequences, more or fewer of them", () => {
    expect(numbersOf(selectKeyValue(three, 2, Uint32Array.of(1, 1, 0)))[0]).toEqual([1, 1, 0, 11, 11, 10, 21, 21, 20]);
    expect(numbersOf(selectKeyValue(three, 2, Uint32Array.of(1)))[0]).toEqual([1, 11, 21]);
    expect(selectKeyValue(three, 2, new Uint32Array(0)).key.shape).toEqual([0, 1, 1]);
  });

  it("lets each sequence attend to its own elements", () => {
    const { receivers, senders } = overTime(2, 3);
    const { offsets, senderOf } = overTime(2, 3).sparse();
    expect([receivers, senders]).toEqual([2, 6]);
    expect([Array.from(offsets), Array.from(senderOf)]).toEqual([
      [0, 3, 6],
      [0, 2, 4, 1, 3, 5],
    ]);
  });

  it("refuses counts that cannot be", () => {
    for (const [batch, steps] of [
      [0, 1],
      [1, 0],
      [1.5, 1],
    ] as const) {
      expect(() => overTime(batch, steps)).toThrow(expect.objectContaining({ code: "out-of-range" }));
    }
  });
});
