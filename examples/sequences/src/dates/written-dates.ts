import type { Random } from "@vicinal/core";

/** A day of the calendar. */
export interface Day {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  /** Of the month, from 1. */
  readonly day: number;
  /** From 0, Sunday. */
  readonly weekday: number;
}

/** A date as a person writes it, and in ISO 8601. */
export interface WrittenDate {
  readonly written: string;
  readonly iso: string;
}

const months = "January February March April May June July August September October November December".split(" ");
const weekdays = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
const ordinals = (
  "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth " +
  "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth " +
  "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split(" ");

/** The years of all dates: a hundred, so that the last two digits name one of them. */
export const years = { first: 1930, last: 2029 } as const;

/** Every day of {@link years}. */
export function everyDay(): Day[] {
  const days: Day[] = [];
  const end = Date.UTC(years.last + 1, 0, 1);
  for (let time = Date.UTC(years.first, 0, 1); time < end; time += 24 * 60 * 60 * 1000) {
    const date = new Date(time);
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
    days.push({ year, month, day, weekday: date.getUTCDay() });
  }
  return days;
}

/** ISO 8601, such as 1987-03-31. */
function isoOf({ year, month, day }: Day): string {
  return `${year}-${twoDigits(month)}-${twoDigits(day)}`;
}

/**
 * A day in one of the ways of writing, each equally probable. Dots put the day first, slashes the month. The weekday, where there is one, is
 * that of the day.
 */
export function write(day: Day, random: Random): WrittenDate {
  const written = formats[random.integer(formats.length)]!(wordsOf(day));
  const letterCase = random.uniform();
  const spelled = letterCase < 0.1 ? written.toUpperCase() : letterCase < 0.2 ? written.toLowerCase() : written;
  return { written: spelled, iso: isoOf(day) };
}

/** The words that formats put together. */
interface DateWords {
  /** 1987 */
  readonly yyyy: string;
  /** 87 */
  readonly yy: string;
  /** March */
  readonly month: string;
  /** Mar */
  readonly mon: string;
  /** 3 */
  readonly m: string;
  /** 03 */
  readonly mm: string;
  /** 3 */
  readonly d: string;
  /** 03 */
  readonly dd: string;
  /** 3rd */
  readonly nth: string;
  /** third */
  readonly ordinal: string;
  /** Tuesday */
  readonly weekday: string;
}

const formats: readonly ((date: DateWords) => string)[] = [
  ({ d, month, yyyy }) => `${d} ${month} ${yyyy}`,
  ({ d, mon, yyyy }) => `${d} ${mon} ${yyyy}`,
  ({ dd, mon, yy }) => `${dd}-${mon}-${yy}`,
  ({ nth, month, yyyy }) => `${nth} of ${month} ${yyyy}`,
  ({ nth, month, yyyy }) => `the ${nth} of ${month}, ${yyyy}`,
  ({ ordinal, month, yyyy }) => `the ${ordinal} of ${month} ${yyyy}`,
  ({ ordinal, month, yyyy }) => `${month} the ${ordinal}, ${yyyy}`,
  ({ d, month, yyyy }) => `${month} ${d}, ${yyyy}`,
  ({ nth, month, yyyy }) => `${month} ${nth}, ${yyyy}`,
  ({ d, month, yy }) => `${month} ${d}, '${yy}`,
  ({ d, mon, yy }) => `${mon}. ${d} '${yy}`,
  ({ weekday, nth, month, yyyy }) => `${weekday}, ${nth} of ${month} ${yyyy}`,
  ({ weekday, month, d, yyyy }) => `${weekday}, ${month} ${d}, ${yyyy}`,
  ({ weekday, d, mon, yy }) => `${weekday.slice(0, 3)} ${d} ${mon} ${yy}`,
  ({ weekday, d, m, yyyy }) => `${weekday} ${d}.${m}.${yyyy}`,
  ({ dd, mm, yyyy }) => `${dd}.${mm}.${yyyy}`,
  ({ dd, mm, yy }) => `${dd}.${mm}.${yy}`,
  ({ d, m, yy }) => `${d}.${m}.${yy}`,
  ({ d, m, yyyy }) => `${m}/${d}/${yyyy}`,
  ({ dd, mm, yy }) => `${mm}/${dd}/${yy}`,
  ({ dd, mm, yyyy }) => `${yyyy}/${mm}/${dd}`,
  ({ yyyy, month, d }) => `${yyyy} ${month} ${d}`,
];

function wordsOf({ year, month, day, weekday }: Day): DateWords {
  const name = months[month - 1]!;
  return {
    yyyy: String(year),
    yy: twoDigits(year % 100),
    month: name,
    mon: name.slice(0, 3),
    m: String(month),
    mm: twoDigits(month),
    d: String(day),
    dd: twoDigits(day),
    nth: `${day}${suffixOf(day)}`,
    ordinal: ordinals[day - 1]!,
    weekday: weekdays[weekday]!,
  };
}

function suffixOf(day: number): string {
  if (day > 10 && day < 14) return "th";
  return ["th", "st", "nd", "rd"][day % 10] ?? "th";
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}
