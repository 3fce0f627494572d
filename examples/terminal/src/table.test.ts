import { describe, expect, it } from "vitest";
import { counted, percent } from "./in-words.ts";
import { printable } from "./printable.ts";
import { choicesInText, tableInText } from "./table.ts";

describe("tableInText", () => {
  it("aligns words to the left and figures to the right", () => {
    const rows = [
      ["Majority class", percent(0.5), "-"],
      ["Graph attention", percent(0.9167), counted(1200, "node")],
    ];
    expect(tableInText(["", "accuracy", "of"], rows).split("\n")).toEqual([
      "                   accuracy           of",
      "  Majority class     50.0 %            -",
      "  Graph attention    91.7 %  1,200 nodes",
    ]);
    expect(tableInText(["a", "long name"], [["x", "1"]], { leftColumns: 2 })).toBe("  a  long name\n  x  1");
  });

  it("cannot be used to control the terminal", () => {
    expect(printable("\u001b[2Jgone\u0007\u202e")).toBe("\uFFFD[2Jgone\uFFFD\uFFFD");
    const text = tableInText(["\u001b]0;title\u0007x"], [["two\nlines"]]);
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    expect(text.split("\n")).toHaveLength(2);
  });
});

it("tells what was chosen", () => {
  const text = choicesInText([{ option: "heads", value: 8, reason: "Given." }]);
  expect(text).toMatch(/heads\s+8\s+Given\./);
  expect(choicesInText([{ option: "\u001b", value: 8, reason: "Given." }])).not.toContain("\u001b");
});

it("counts in words", () => {
  expect([counted(1, "node"), counted(0, "node")]).toEqual(["1 node", "0 nodes"]);
});
