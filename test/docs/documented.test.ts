import { describe, expect, it } from "vitest";
import { lookAtDocumentation } from "./documented.ts";

describe("every public name", () => {
  const { names, optionalFields, throwing, withoutComment, withoutDefault, withoutError } = lookAtDocumentation();

  it("is looked at", () => {
    expect(names).toBeGreaterThan(1000);
    expect(optionalFields).toBeGreaterThan(500);
    expect(throwing).toBeGreaterThan(100);
  });

  it("has a comment", () => {
    expect(withoutComment).toEqual([]);
  });

  it("says of each field of its options that may be left out what then holds", () => {
    expect(withoutDefault).toEqual([]);
  });

  it("names the errors that it throws by itself", () => {
    expect(withoutError).toEqual([]);
  });
});
