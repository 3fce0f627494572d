import { describe, expect, it } from "vitest";
import { checkKindOptions, readableFeatures } from "./feature-source.ts";

/** As a caller without types would. */
const read = (...sources: unknown[]) => Reflect.apply(readableFeatures, undefined, [sources]);

describe("readableFeatures", () => {
  it("names a feature after its attribute unless told otherwise", () => {
    const get = () => 1;
    const features = readableFeatures([
      "age",
      { attribute: "city" },
      { attribute: "city", name: "town" },
      { get, name: "one" },
    ]);
    expect(features.map(({ name, attribute }) => [name, attribute])).toEqual([
      ["age", "age"],
      ["city", "city"],
      ["town", "city"],
      ["one", undefined],
    ]);
    expect(features.map((feature) => feature.read("node", { age: 7, city: "Lyon" }))).toEqual([7, "Lyon", "Lyon", 1]);
  });

  it.each([
    ["no-features"],
    ["duplicate-feature", "age", "age"],
    ["duplicate-feature", "age", { attribute: "years", name: "age" }],
    ["wrong-type", 3],
    ["wrong-type", null],
    ["wrong-type", {}],
    ["wrong-type", { name: "age" }],
    ["wrong-type", { get: (): number => 1 }],
    ["wrong-type", { attribute: "age", get: (): number => 1, name: "age" }],
    ["unknown-option", { attribute: "age", standardise: true }],
    ["out-of-range", { attribute: "age", kind: "integer" }],
    ["out-of-range", { attribute: "age", missing: "mean" }],
    ["out-of-range", { attribute: "age", standardize: "yes" }],
    ["out-of-range", { attribute: "words", kind: "set", size: 0 }],
    ["out-of-range", { attribute: "words", kind: "set", size: 2.5 }],
    ["out-of-range", { attribute: "words", kind: "set", size: 2 ** 31 }],
  ])("refuses with %s: %j", (code, ...sources) => {
    expect(() => read(...sources)).toThrow(expect.objectContaining({ name: "OptionError", code }));
  });
});

describe("checkKindOptions", () => {
  it("refuses options that the kind does not read", () => {
    const [scaled, sized] = readableFeatures([
      { attribute: "a", standardize: true },
      { attribute: "b", size: 3 },
    ]);
    for (const kind of ["boolean", "category", "set"] as const) {
      expect(() => checkKindOptions(scaled!, kind)).toThrow(expect.objectContaining({ code: "unused-option" }));
    }
    for (const kind of ["number", "vector", "boolean", "category"] as const) {
      expect(() => checkKindOptions(sized!, kind)).toThrow(expect.objectContaining({ code: "unused-option" }));
    }
    checkKindOptions(scaled!, "vector");
    checkKindOptions(sized!, "set");
  });
});
