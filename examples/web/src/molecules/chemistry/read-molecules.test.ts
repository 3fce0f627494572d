import { describe, expect, it } from "vitest";
import { longestSmiles, readList } from "./read-molecules.ts";

describe("readList", () => {
  it("goes on behind what cannot be read, and says of each where it stands and why", () => {
    const { molecules, places, unread } = readList([
      "CCO",
      "C1CC",
      "<b>",
      "C".repeat(longestSmiles + 1),
      "c1cccc1",
      "C",
    ]);
    expect(molecules.map(({ formula }) => formula)).toEqual(["C2H6O", "CH4"]);
    expect([...places]).toEqual([0, 5]);
    expect(unread.map(({ place }) => place)).toEqual([1, 2, 3, 4]);
    expect(unread[0]).toMatchObject({ smiles: "C1CC", reason: expect.stringMatching(/^Dangling ring closure.*\.$/) });
    expect(unread[2]?.reason).toContain("1,001 characters");
  });

  it("reads an empty list, and one of which nothing can be read", () => {
    expect(readList([])).toMatchObject({ molecules: [], unread: [] });
    expect(readList(["?"])).toMatchObject({ molecules: [], unread: [{ place: 0 }] });
  });
});
