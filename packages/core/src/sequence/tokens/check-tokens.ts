import { OptionError } from "../../errors.ts";
import { isIndex } from "../../is-index.ts";

/** @throws OptionError `out-of-range` naming the first that is no number of a token. */
export function checkTokens(where: string, named: Readonly<Record<string, number | undefined>>, tokens: number): void {
  for (const [name, token] of Object.entries(named)) {
    if (token === undefined || isIndex(token, tokens)) continue;
    throw new OptionError(
      "out-of-range",
      `${where}: got ${name} ${token}; expected a whole number from 0, below ${tokens}, the count of tokens.`,
    );
  }
}
