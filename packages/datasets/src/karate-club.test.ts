import { describe, expect, it } from "vitest";
import { karateClub } from "./karate-club.ts";

describe("karateClub", () => {
  it("is Zachary's graph", () => {
    const graph = karateClub();
    expect([graph.order, graph.size]).toEqual([34, 78]);
    expect(graph.type).toBe("undirected");
    // The degrees that Zachary's matrix gives the two leaders and the member who joined only to finish his course.
    expect([graph.degree("0"), graph.degree("33"), graph.degree("8")]).toEqual([16, 17, 5]);
  });

  it("knows who followed whom", () => {
    const graph = karateClub();
    // Table 3 of Zachary 1977, in the numbering from 0; the same assignment as networkx.karate_club_graph().
    expect(graph.filterNodes((_, { club }) => club === "Mr. Hi").map(Number)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 16, 17, 19, 21,
    ]);
    expect(graph.filterNodes((_, { club }) => club === "Officer")).toHaveLength(17);
  });

  it("is a new graph each time", () => {
    karateClub().dropNode("0");
    expect(karateClub().order).toBe(34);
  });
});
