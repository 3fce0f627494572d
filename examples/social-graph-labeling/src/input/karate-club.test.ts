import { knownLabel, testLabel } from "@vicinal/example-graph-files";
import { describe, expect, it } from "vitest";
import { readKarateClub } from "./karate-club.ts";

describe("readKarateClub", () => {
  it("knows the two leaders, and holds the other 32 members back", () => {
    const input = readKarateClub();
    const nodes = input.graph.nodes();
    expect(nodes.flatMap((node) => knownLabel(input, node) ?? [])).toEqual(["Mr. Hi", "Officer"]);
    expect(nodes.filter((node) => testLabel(input, node) !== undefined)).toHaveLength(32);
    expect(input.nodeName("33")).toBe("Officer");
    expect(input.nodeName("5")).toBe("5");
  });
});
