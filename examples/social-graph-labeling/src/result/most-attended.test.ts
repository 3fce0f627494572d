import type { AttendedEdge } from "@vicinal/graph";
import { describe, expect, it } from "vitest";
import { mostAttended } from "./most-attended.ts";

function attends(target: string, weights: Readonly<Record<string, number>>): AttendedEdge[] {
  return Object.entries(weights).map(([source, weight]) => ({
    edge: undefined,
    source,
    target,
    heads: [weight],
    weight,
  }));
}

describe("mostAttended", () => {
  it("ranks by how far the attention is above an equal share, so that leaves do not always win", () => {
    const leaf = attends("leaf", { leaf: 0.45, hub: 0.55 });
    const chooser = attends("chooser", { chooser: 0.1, friend: 0.5, other: 0.2, another: 0.2 });
    const ranked = mostAttended([...leaf, ...chooser], 2);
    expect(ranked[0]).toEqual({ target: "chooser", source: "friend", weight: 0.5, equalShare: 0.25 });
    expect(ranked[1]).toMatchObject({ target: "leaf", source: "hub", equalShare: 0.5 });
  });

  it("leaves out the attention of a node to itself", () => {
    expect(mostAttended(attends("alone", { alone: 1 }), 5)).toEqual([]);
  });
});
