import { describe, expect, it } from "vitest";
import type { MoleculeRow } from "./page-state.ts";
import { type Ranking, ranked } from "./ranking.ts";

function row(place: number, value?: number, uncertainty?: number, known?: number): MoleculeRow {
  const prediction =
    value === undefined
      ? undefined
      : {
          place,
          values: [value],
          uncertainty: uncertainty === undefined ? undefined : [uncertainty],
          attention: undefined,
          known: [known],
          part: undefined,
        };
  return { place, line: place + 1, smiles: "C", name: "methane", formula: "CH4", elements: ["C"], prediction };
}

const rows = [row(0, 2, 0.1, 2), row(1), row(2, -3, 0.5, 1), row(3, 5, 0.2), row(4, 2, 0.1, -1)];

describe("ranked", () => {
  it.each([
    ["written", [0, 1, 2, 3, 4]],
    ["highest", [3, 0, 4, 2, 1]],
    ["lowest", [2, 0, 4, 3, 1]],
    ["uncertain", [2, 3, 0, 4, 1]],
    ["farthest", [2, 4, 0, 1, 3]],
  ] satisfies [Ranking, number[]][])("puts molecules in the order %s, unknown ones last", (ranking, places) => {
    expect(ranked(rows, ranking).map(({ place }) => place)).toEqual(places);
  });

  it("leaves the list as it was", () => {
    const before = [...rows];
    ranked(rows, "highest");
    expect(rows).toEqual(before);
  });
});
