import { describe, expect, it } from "vitest";
import { NodeNumbers } from "./node-numbers.ts";

describe("NodeNumbers", () => {
  it("numbers nodes in the order in which they come, each once", () => {
    const numbers = new NodeNumbers(10);
    expect([7, 0, 7, 9, 0].map((node) => numbers.number(node))).toEqual([0, 1, 0, 2, 1]);
    expect(numbers.count).toBe(3);
    expect([...numbers.nodes()]).toEqual([7, 0, 9]);
    expect([0, 1, 2].map((number) => numbers.node(number))).toEqual([7, 0, 9]);
  });

  it("does not find a node that has no number", () => {
    const numbers = new NodeNumbers(3);
    expect(numbers.find(0)).toBe(-1);
    numbers.number(2);
    expect([0, 1, 2].map((node) => numbers.find(node))).toEqual([-1, -1, 0]);
  });

  it("knows nothing of what came before it began anew", () => {
    const numbers = new NodeNumbers(4);
    for (const node of [3, 1, 0]) numbers.number(node);
    numbers.restart();
    expect(numbers.count).toBe(0);
    expect([0, 1, 2, 3].map((node) => numbers.find(node))).toEqual([-1, -1, -1, -1]);
    // Both have the number 0 or 1 from before, which now belongs to another.
    expect([1, 2].map((node) => numbers.number(node))).toEqual([0, 1]);
    expect([0, 1, 2, 3].map((node) => numbers.find(node))).toEqual([-1, 0, 1, -1]);
  });

  it("hands out copies that later numbers do not change", () => {
    const numbers = new NodeNumbers(2000);
    numbers.number(5);
    const before = numbers.nodes();
    for (let node = 0; node < 2000; node++) numbers.number(node);
    expect([...before]).toEqual([5]);
    expect(numbers.count).toBe(2000);
    expect(numbers.node(1999)).toBe(1999);
  });
});
