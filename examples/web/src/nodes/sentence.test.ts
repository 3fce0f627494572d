import { DataError } from "@vicinal/core";
import { GraphFileError } from "@vicinal/example-graph-files";
import { describe, expect, it } from "vitest";
import { sentenceOf } from "./sentence.ts";

describe("sentenceOf", () => {
  it("leaves out the function that noticed", () => {
    expect(sentenceOf(new DataError("x", "labelNodes: got nothing"))).toBe("Got nothing.");
    expect(sentenceOf(new DataError("x", "node features: got nothing."))).toBe("Got nothing.");
  });

  it("keeps the name of the file", () => {
    expect(sentenceOf(new GraphFileError("x", "bad.gexf: this is no graph."))).toBe("bad.gexf: this is no graph.");
  });

  it("makes one line of anything that was thrown", () => {
    expect(sentenceOf(new Error("two\nlines"))).toBe("Two lines.");
    expect(sentenceOf("text!")).toBe("Text!");
    expect(sentenceOf(new Error(""))).toMatch(/nothing said what/);
  });
});
