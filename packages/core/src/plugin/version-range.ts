import { satisfies, validate, validateStrict } from "compare-versions";

/** Whether a text is a version: three numbers, and what semver allows after them. */
export function isVersion(text: unknown): text is string {
  return typeof text === "string" && validateStrict(text);
}

/** Whether a text is a range of versions: `*`, or comparators such as `^1.2.0`, `~1.2.0`, `1.2.x`, `>=1.2.0 <3.0.0`, joined by `||` if several. */
export function isRange(text: unknown): text is string {
  if (typeof text !== "string" || text.length > 200) return false;
  if (text === "*") return true;
  const comparators = text.replace(/([<>=~^]+)\s+/g, "$1").split(/\s*\|\|\s*|\s+-\s+|\s+/);
  return comparators.every((each) => validate(each.replace(/^(<=|>=|<|>|=|\^|~)/, "")));
}

/** Whether a version lies in a range. Both have been checked. */
export function isInRange(version: string, range: string): boolean {
  return range === "*" || satisfies(version, range);
}
