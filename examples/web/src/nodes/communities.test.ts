import { OptionError } from "@vicinal/core";
import { describe, expect, it } from "vitest";
import { type CommunityOptions, communityGraph, pageCommunities } from "./communities.ts";

const small: CommunityOptions = {
  nodes: 120,
  communities: 4,
  degree: 6,
  inside: 0.8,
  features: 3,
  noise: 0.5,
  known: 0.1,
  seed: 3,
};

describe("communityGraph", () => {
  it("gives the same graph for the same seed, and another for another", () => {
    expect(communityGraph(small).export()).toEqual(communityGraph(small).export());
    expect(communityGraph({ ...small, seed: 4 }).export()).not.toEqual(communityGraph(small).export());
  });

  it("has as many nodes as asked for, nearly as many in each community, each with numbers", () => {
    const graph = communityGraph(small);
    const sizes = new Map<string, number>();
    graph.forEachNode((_, { community, traits }) => {
      sizes.set(community, (sizes.get(community) ?? 0) + 1);
      expect(traits).toHaveLength(3);
      expect(traits.every(Number.isFinite)).toBe(true);
    });
    expect([...sizes.keys()].sort()).toEqual(["Group A", "Group B", "Group C", "Group D"]);
    expect([...sizes.values()]).toEqual([30, 30, 30, 30]);
  });

  it("knows the asked share of labels in each community", () => {
    const graph = communityGraph(small);
    const known = graph.filterNodes((_, { part }) => part === "train");
    expect(known).toHaveLength(12);
    expect(new Set(known.map((node) => graph.getNodeAttribute(node, "community"))).size).toBe(4);
  });

  it("draws the asked share of edges within communities, without loops or parallels", () => {
    const graph = communityGraph({ ...small, nodes: 1000, degree: 10 });
    expect(graph.selfLoopCount).toBe(0);
    expect(graph.size).toBeGreaterThan(4700);
    expect(graph.size).toBeLessThanOrEqual(5000);
    const within = graph.filterEdges(
      (_edge, _attributes, _source, _target, source, target) => source.community === target.community,
    );
    expect(within.length / graph.size).toBeCloseTo(0.8, 1);
  });

  it("makes the page's graph of 2,000 nodes", () => {
    expect(communityGraph({ ...pageCommunities, seed: 1 }).order).toBe(2000);
  });

  it.each([
    { communities: 0 },
    { communities: 27 },
    { communities: 200 },
    { features: 1.5 },
    { nodes: 10.5 },
    { degree: Number.NaN },
    { inside: 1.1 },
    { known: -0.1 },
  ])("refuses %o", (wrong) => {
    expect(() => communityGraph({ ...small, ...wrong })).toThrow(OptionError);
  });
});
