import { Random } from "@vicinal/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Day, everyDay, write, years } from "./written-dates.ts";

const days = everyDay();
const day = fc.constantFrom(...days);
const seeds = fc.nat({ max: 2 ** 32 });

const english = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en", { ...options, timeZone: "UTC" });
const [weekdayOf, monthOf] = [english({ weekday: "long" }), english({ month: "long" })];
const march3: Day = { year: 1987, month: 3, day: 3, weekday: 2 };

describe("every day", () => {
  it("of a hundred years is there once, in order", () => {
    expect(days).toHaveLength(100 * 365 + 25);
    const isos = days.map((some) => write(some, new Random(0)).iso);
    expect(isos).toEqual([...new Set(isos)].sort());
    expect([isos[0], isos.at(-1)]).toEqual([`${years.first}-01-01`, `${years.last}-12-31`]);
  });
});

describe("a written date", () => {
  it("is the same for the same seed", () => {
    fc.assert(
      fc.property(day, seeds, (some, seed) => {
        expect(write(some, new Random(seed))).toEqual(write(some, new Random(seed)));
      }),
    );
  });

  it("comes with its ISO form, which JavaScript reads as the same day", () => {
    fc.assert(
      fc.property(day, seeds, (some, seed) => {
        const { iso } = write(some, new Random(seed));
        expect(iso).toMatch(/^\d{4}-\d\d-\d\d$/);
        const read = new Date(`${iso}T00:00:00Z`);
        expect(read.toISOString().slice(0, 10)).toBe(iso);
        expect([read.getUTCFullYear(), read.getUTCMonth() + 1, read.getUTCDate(), read.getUTCDay()]).toEqual([
          some.year,
          some.month,
          some.day,
          some.weekday,
        ]);
      }),
    );
  });

  it("names the year, and the month and the weekday of that day if any", () => {
    fc.assert(
      fc.property(day, seeds, (some, seed) => {
        const { written, iso } = write(some, new Random(seed));
        const text = written.toLowerCase();
        expect(text).toContain(iso.slice(2, 4));
        const date = new Date(iso);
        const months = text.match(/jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec/g) ?? [];
        expect(months.every((name) => monthOf.format(date).toLowerCase().startsWith(name))).toBe(true);
        const weekdays = text.match(/\b(sun|mon|tue|wed|thu|fri|sat)/g) ?? [];
        expect(weekdays.every((name) => weekdayOf.format(date).toLowerCase().startsWith(name))).toBe(true);
      }),
    );
  });

  it("means one day only", () => {
    const random = new Random(1);
    const meanings = new Map<string, string>();
    for (let k = 0; k < 100_000; k++) {
      const { written, iso } = write(days[random.integer(days.length)]!, random);
      const text = written.toLowerCase();
      if ((meanings.get(text) ?? iso) !== iso) expect.fail(`${written} is ${iso} and ${meanings.get(text)}`);
      meanings.set(text, iso);
    }
  });

  it("comes in many forms", () => {
    const random = new Random(2);
    const forms = new Set(Array.from({ length: 3000 }, () => write(march3, random).written));
    expect(new Set([...forms].map((form) => form.toLowerCase())).size).toBe(22);
    for (const form of [
      "Tuesday, 3rd of March 1987",
      "03.03.87",
      "March 3, '87",
      "the third of March 1987",
      "3/3/1987",
      "03-mar-87",
      "MARCH THE THIRD, 1987",
    ]) {
      expect(forms).toContain(form);
    }
  });

  it.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [4, "4th"],
    [11, "11th"],
    [12, "12th"],
    [13, "13th"],
    [21, "21st"],
    [22, "22nd"],
    [23, "23rd"],
    [30, "30th"],
    [31, "31st"],
  ])("writes day %i as %s", (number, nth) => {
    const random = new Random(number);
    const forms = Array.from({ length: 1000 }, () => write({ ...march3, day: number }, random).written);
    expect(forms).toContain(`${nth} of March 1987`);
  });
});
