import { describe, expect, it } from "vitest";
import { unitOfColumn } from "./unit-of-column.ts";

describe("unitOfColumn", () => {
  it.each([
    ["logS (mol/l)", "mol/l"],
    ["boiling point [°C]", "°C"],
    ["logP", ""],
    ["f(x) of y", ""],
  ])("finds in %j the unit %j", (column, unit) => expect(unitOfColumn(column)).toBe(unit));
});
