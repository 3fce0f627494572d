import { describe, expect, it } from "vitest";
import { refusalOf, sizeInWords } from "./file-size.ts";

const limits = { endings: [".csv", ".gexf"], mostBytes: 32e6, mostFiles: 2 };

describe("sizeInWords", () => {
  it.each([
    [12, "12 bytes"],
    [1500, "1.5 kB"],
    [32e6, "32 MB"],
    [2.5e9, "2.5 GB"],
  ])("says %d as %s", (bytes, words) => {
    expect(sizeInWords(bytes)).toBe(words);
  });
});

describe("refusalOf", () => {
  it("takes what is named and sized right", () => {
    expect(
      refusalOf(
        [
          { name: "Edges.CSV", size: 10 },
          { name: "nodes.csv", size: 32e6 },
        ],
        limits,
      ),
    ).toBeUndefined();
  });

  it.each([
    ["nothing", [], /No file/],
    ["too many", [1, 2, 3].map((i) => ({ name: `${i}.csv`, size: 1 })), /at most 2/],
    ["another ending", [{ name: "photo.png", size: 1 }], /ends in \.csv, \.gexf/],
    ["one too large", [{ name: "a.csv", size: 33e6 }], /33 MB; this page reads files up to 32 MB, and has not read it/],
    ["an empty one", [{ name: "a.csv", size: 0 }], /is empty/],
  ])("refuses %s", (_what, files, reason) => {
    expect(refusalOf(files, limits)).toMatch(reason);
  });
});
