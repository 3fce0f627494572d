/** How an atom is coloured. */
export interface AtomColor {
  /** Whether it got more attention than an equal share, or less. */
  readonly side: "more" | "less";
  /** From 0 to {@link strongest}: how far from an equal share. */
  readonly opacity: number;
}

/** Opacity at full strength: the symbol of the atom stays readable. */
export const strongest = 0.75;

/** How far from an equal share an atom is at full strength, at least: where a network attends to all alike, nothing stands out. */
const clear = 0.5;

/**
 * The colour of each atom by its share of the attention, `w_i n - 1`: 0 where it got as much as the atoms of its molecule on average.
 *
 * @param attention `[atoms]`, summing to 1.
 */
export function atomColors(attention: readonly number[]): readonly AtomColor[] {
  const beyond = attention.map((weight) => weight * attention.length - 1);
  const most = Math.max(clear, ...beyond.map(Math.abs));
  return beyond.map((share) => ({
    side: share > 0 ? "more" : "less",
    opacity: (strongest * Math.abs(share)) / most,
  }));
}

/** An atom that a network attended to. */
export interface AttendedAtom {
  /** Such as `"Cl"`. */
  readonly element: string;
  /** Counted from 1, in the order of the SMILES. */
  readonly atom: number;
  /** Its share of the attention, from 0 to 1. */
  readonly share: number;
}

/** The atoms that got most attention, the first before the others. */
export function mostAttended(
  elements: readonly string[],
  attention: readonly number[],
  count = 3,
): readonly AttendedAtom[] {
  return attention
    .map((share, k) => ({ element: elements[k] ?? "?", atom: k + 1, share }))
    .sort((a, b) => b.share - a.share || a.atom - b.atom)
    .slice(0, count);
}
