import { describe, expect, it } from "vitest";
import { layOut } from "./layout.ts";

const frame = { width: 400, height: 300, margin: 20 };
const nodes = Array.from({ length: 12 }, (_, i) => ({ key: `n${i}`, radius: 8 }));
const edges = nodes.slice(1).map(({ key }, i): [string, string] => [`n${i}`, key]);

describe("layOut", () => {
  it("places every node within the frame, the wide side first", () => {
    const { places, height } = layOut(nodes, edges, frame);
    expect(places.size).toBe(12);
    const [xs, ys] = [[...places.values()].map(({ x }) => x), [...places.values()].map(({ y }) => y)];
    expect(Math.min(...xs)).toBeGreaterThanOrEqual(19.9);
    expect(Math.max(...xs)).toBeLessThanOrEqual(380.1);
    expect(Math.min(...ys)).toBeCloseTo(20);
    expect(Math.max(...ys)).toBeLessThanOrEqual(height - 19.9);
    // A path is long and thin: it lies down, and the picture gets lower.
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(Math.max(...ys) - Math.min(...ys));
    expect(height).toBeLessThanOrEqual(300);
  });

  it("gives the same places for the same graph", () => {
    expect(layOut(nodes, edges, frame)).toEqual(layOut(nodes, edges, frame));
  });

  it("places one node, nodes without edges, and none", () => {
    expect(layOut(nodes.slice(0, 1), [["n0", "n0"]], frame).places.get("n0")).toEqual({ x: 200, y: 20 });
    const apart = [...layOut(nodes, [], frame).places.values()];
    expect(apart.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
    expect(layOut([], [], frame)).toEqual({ places: new Map(), height: 40 });
  });
});
