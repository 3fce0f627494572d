import { Vocabulary } from "@vicinal/core";
import { elements, type Structure } from "./structure.ts";

/** The letters of formulae: elements, and digits, so that a count need not have been seen to be written. */
export const vocabulary = new Vocabulary([...elements, "H", ..."0123456789"], ["begin", "end"]);

/**
 * The formula by the system of Hill (1900): carbon, hydrogen, then the other elements by the alphabet, and all by the alphabet where there is no carbon;
 * each with its count if that is more than 1. Charges and isotopes are not written.
 */
export function hillFormula({ atoms }: Structure): string {
  const counts = new Map<string, number>();
  const count = (element: string, more: number) => counts.set(element, (counts.get(element) ?? 0) + more);
  for (const { element, hydrogens } of atoms) {
    count(element, 1);
    if (hydrogens > 0) count("H", hydrogens);
  }
  const first = counts.has("C") ? ["C", "H"] : [];
  const others = [...counts.keys()].filter((element) => !first.includes(element)).sort();
  return [...first, ...others]
    .filter((element) => counts.has(element))
    .map((element) => `${element}${counts.get(element) === 1 ? "" : counts.get(element)}`)
    .join("");
}

/** A formula as its tokens: `"C2H6O"` as C, 2, H, 6, O. */
export function formulaTokens(formula: string): string[] {
  return formula.match(/[A-Z][a-z]?|\d/g) ?? [];
}
