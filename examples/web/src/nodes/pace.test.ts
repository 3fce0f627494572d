import { describe, expect, it } from "vitest";
import { type Clock, Pace } from "./pace.ts";

/** A clock whose time is set, with frames of a length that is set. */
class FakeClock implements Clock {
  time = 0;
  frame = 17;
  readonly #due: { at: number; act: () => void }[] = [];
  now(): number {
    return this.time;
  }
  whenDrawn(act: () => void): void {
    this.later(act, 2 * this.frame);
  }
  later(act: () => void, milliseconds: number): void {
    this.#due.push({ at: this.time + milliseconds, act });
  }
  runUntil(time: number): void {
    for (;;) {
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due[0];
      if (next === undefined || next.at > time) break;
      this.#due.shift();
      this.time = Math.max(this.time, next.at);
      next.act();
    }
    this.time = time;
  }
}

describe("Pace", () => {
  it("does at once what is asked first, and of what is asked meanwhile the last", () => {
    const clock = new FakeClock();
    const pace = new Pace(100, clock);
    const done: string[] = [];
    for (const what of ["first", "second", "third"]) pace.ask(() => done.push(what));
    expect(done).toEqual(["first"]);
    clock.runUntil(99);
    expect(done).toEqual(["first"]);
    clock.runUntil(101);
    expect(done).toEqual(["first", "third"]);
    clock.runUntil(1000);
    expect(done).toEqual(["first", "third"]);
  });

  it("waits the longer, the longer the picture took", () => {
    const count = (frame: number) => {
      const clock = new FakeClock();
      clock.frame = frame;
      const pace = new Pace(50, clock);
      let drawn = 0;
      for (let time = 0; time < 10_000; time += 10) {
        clock.runUntil(time);
        pace.ask(() => {
          drawn += 1;
        });
      }
      return drawn;
    };
    expect(count(17)).toBeGreaterThan(100);
    expect(count(200)).toBeLessThan(6);
  });
});
