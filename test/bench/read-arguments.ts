import { InvalidArgumentError } from "commander";

/** For commander: a whole number above 0, also as in 1e6. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError("Expected a whole number above 0.");
  return value;
}

/** For commander: what `read` makes of each of some words with commas between. */
export function list<Value>(read: (text: string) => Value): (text: string) => readonly Value[] {
  return (text) => text.split(",").map((part) => read(part.trim()));
}

/** For commander: one of `choices`; anything else is refused with all of them. */
export function oneOf<Choice extends string>(choices: readonly Choice[]): (text: string) => Choice {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new InvalidArgumentError(`Got "${text}"; expected ${choices.join(", ")}.`);
    return found;
  };
}

/** For commander: heads x channels, as in 8x8. */
export function shape(text: string): { readonly heads: number; readonly channels: number } {
  const found = /^([1-9]\d*)x([1-9]\d*)$/.exec(text);
  if (found === null) throw new InvalidArgumentError("Expected shapes such as 8x8,4x64: heads x channels.");
  return { heads: Number(found[1]), channels: Number(found[2]) };
}
