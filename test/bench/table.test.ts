import { expect, it } from "vitest";
import { boundTable, milliseconds, rowTable, table, verdictTable } from "./table.ts";

const row = { work: "w", threads: 1, peer: "p", ratio: 2, difference: 0 };

it("shows what programs took, parts where there are several, and memory where it is known", () => {
  const shown = table([
    { ...row, name: "ours", parts: { forward: 1.234, backward: 20 }, total: 21.2, peakBytes: 3 * 2 ** 20 },
    { ...row, name: "theirs", parts: { epoch: 1234.5 }, total: 1234.5, peakBytes: undefined },
  ]);
  expect(shown).toMatch(/ours\s+│ 21\.2\s+│ forward 1\.23, backward 20\.0\s+│ 2\.00\s+│ 3 /);
  expect(shown).toMatch(/theirs\s+│ 1235\s+│\s+│ 2\.00\s+│\s+│/);
  expect([0.5, 12.34, 123.4].map(milliseconds)).toEqual(["0.50", "12.3", "123"]);
});

it("says which floors and bounds are reached", () => {
  const verdict = { work: "w", threads: 1, name: "theirs", against: "them", of: "time", atLeast: 3 } as const;
  expect(verdictTable([{ ...verdict, reached: 2.5, isReached: false }])).toMatch(
    /time\s+│ 2\.50\s+│ 3\s+│ not reached/,
  );
  expect(boundTable([{ what: "bytes", reached: 11.25, sense: "at most", bound: 12 }])).toMatch(
    /bytes\s+│ 11\.3\s+│ at most 12\s+│ reached/,
  );
});

it("shows lines by the columns of the first", () => {
  const shown = rowTable([
    { kernel: "a", ms: 1.5, threads: 2 },
    { threads: 1, ms: 150.25, kernel: "b" },
  ]);
  expect(shown).toMatch(/kernel\s+│ ms\s+│ threads/);
  expect(shown).toMatch(/ b\s+│ 150\.3\s+│ 1 /);
});

it("shows the same as Markdown", () => {
  expect(rowTable([{ kernel: "a", ms: 1.5 }], "markdown")).toBe("| kernel | ms |\n| --- | --- |\n| a | 1.50 |\n");
});
