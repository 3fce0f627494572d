import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonObject, parseJson } from "./parse-json.ts";

describe("parseJson", () => {
  it("gives what JSON.parse gives, in objects without a prototype", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom("", " \t\r\n"), (text, space) => {
        const value = parseJson("test", space + text + space);
        expect(JSON.parse(JSON.stringify(value))).toEqual(JSON.parse(text));
        if (isJsonObject(value)) expect(Object.getPrototypeOf(value)).toBeNull();
      }),
    );
  });

  it("takes __proto__ as a name, and leaves prototypes alone", () => {
    const value = parseJson("test", '{"__proto__":{"polluted":true}}');
    expect(isJsonObject(value) && Object.keys(value)).toEqual(["__proto__"]);
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ["nothing", "", "invalid-json"],
    ["a word", "undefined", "invalid-json"],
    ["what is no number", "NaN", "invalid-json"],
    ["a number that a double does not hold", "1e999", "invalid-json"],
    ["a number of a million digits", "1".repeat(1_000_000), "invalid-json"],
    ["a string without an end", '"\\"', "invalid-json"],
    ["a string of half a character", '"\\udfff"', "invalid-json"],
    ["two values", "1 2", "invalid-json"],
    ["a missing value", '{"a":}', "invalid-json"],
    ["a missing comma", "[1 2]", "invalid-json"],
    ["a name twice", '{"a":1,"a":1}', "duplicate-name"],
    ["a name twice, deep inside", '[{"b":{"a":1,"\\u0061":2}}]', "duplicate-name"],
    ["__proto__ twice", '{"__proto__":1,"__proto__":2}', "duplicate-name"],
    ["33 levels", "[".repeat(33) + "]".repeat(33), "too-deep"],
    ["a million levels", '{"a":['.repeat(500_000), "too-deep"],
    ["200,001 values", `[${"0,".repeat(199_999)}0]`, "too-large"],
  ])("refuses %s", (_what, text, code) => {
    expect(() => parseJson("the file", text)).toThrow(
      expect.objectContaining({ name: "FileError", code, message: expect.stringMatching(/^the file: .{10,300}$/s) }),
    );
  });

  it("takes other limits", () => {
    expect(parseJson("test", "[[]]", { depth: 2 })).toEqual([[]]);
    expect(() => parseJson("test", "[[]]", { depth: 1 })).toThrow(expect.objectContaining({ code: "too-deep" }));
    expect(parseJson("test", "[1]", { values: 2 })).toEqual([1]);
    expect(() => parseJson("test", "[1]", { values: 1 })).toThrow(expect.objectContaining({ code: "too-large" }));
    const misspelt = Object.assign({ depth: 1 }, { levels: 1 });
    expect(() => parseJson("test", "1", misspelt)).toThrow(expect.objectContaining({ code: "unknown-option" }));
  });

  it("goes 32 levels deep by default", () => {
    expect(() => parseJson("test", "[".repeat(32) + "]".repeat(32))).not.toThrow();
  });
});
