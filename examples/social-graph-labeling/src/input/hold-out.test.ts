import { describe, expect, it } from "vitest";
import { holdOut } from "./hold-out.ts";

const labels = new Map(Array.from({ length: 100 }, (_, i) => [`n${i}`, i < 80 ? "common" : "rare"]));

describe("holdOut", () => {
  it("holds a fifth of each class out, and leaves nodes without a label alone", () => {
    const part = holdOut(labels, 0)!;
    const heldOut = [...labels].filter(([node]) => part(node) === "validation").map(([, label]) => label);
    expect(heldOut.filter((label) => label === "common")).toHaveLength(16);
    expect(heldOut.filter((label) => label === "rare")).toHaveLength(4);
    expect(part("somebody else")).toBeUndefined();
  });

  it("follows the seed", () => {
    const chosen = (seed: number) => [...labels.keys()].filter((node) => holdOut(labels, seed)!(node) === "validation");
    expect(chosen(1)).toEqual(chosen(1));
    expect(chosen(1)).not.toEqual(chosen(2));
  });

  it("holds nothing out when there are few labels", () => {
    expect(holdOut(new Map([...labels].slice(0, 49)), 0)).toBeUndefined();
  });
});
