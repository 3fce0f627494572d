import { InvalidArgumentError } from "commander";

/** What is said about the command line itself: the help text and usage errors. */
export interface ArgumentsOutput {
  readonly writeOut?: (text: string) => void;
  readonly writeErr?: (text: string) => void;
}

/** Reads a whole number of a command line. @throws InvalidArgumentError of commander for anything else. */
export function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`Expected a whole number, at least ${least}.`);
  };
}

/** Reads names with commas between them. @throws InvalidArgumentError of commander for an empty one, or one that comes twice. */
export function namesBetweenCommas(list: string): string[] {
  const parts = list.split(",").map((name) => name.trim());
  if (parts.includes("")) throw new InvalidArgumentError("Expected names with commas between them, such as age,city.");
  const repeated = parts.find((name, place) => parts.indexOf(name) !== place);
  if (repeated !== undefined) throw new InvalidArgumentError(`Expected each name once; got "${repeated}" again.`);
  return parts;
}
