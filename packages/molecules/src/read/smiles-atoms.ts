import { Unreadable } from "./unreadable.ts";

/** An atom as a SMILES spells it. */
export interface SpelledAtom {
  /** Where its symbol or bracket begins. */
  readonly start: number;
  /** The first character behind it. */
  readonly end: number;
  /** The symbol as written: lower-case for an aromatic atom. */
  readonly symbol: string;
  readonly bracket: boolean;
}

/** What a SMILES spells. */
export interface SpelledSmiles {
  /** In the order in which they are written. */
  readonly atoms: readonly SpelledAtom[];
  /** Count of bonds: between atoms that follow each other, and of closed rings. */
  readonly bonds: number;
}

/** A symbol, in brackets with what may stand around it: isotope, chirality, hydrogens, charge, atom class. */
const inBrackets = /\[\d*([A-Z][a-z]?|[a-z]{1,2})[^[\]]*\]/y;
/** The symbols that may stand without brackets. */
const alone = /Cl|Br|[BCNOPSFI]|[bcnops]/y;
/** A bond, its direction, or an end of a ring. A backslash may be doubled, as it is in text that was escaped once too often. */
const bondOrRing = /\\{1,2}|[-=#$:/]|%\d\d|%\(\d{1,5}\)|\d/y;
const wildcard = /\*|~|\?|!|&|;|,/;

/**
 * The atoms of a SMILES, and the count of its bonds. Checks what the grammar (OpenSMILES 1.0, section 2) says of branches and dots,
 * which openchemlib lets pass; the rest of the grammar is left to openchemlib.
 */
export function smilesAtoms(smiles: string): SpelledSmiles {
  const atoms: SpelledAtom[] = [];
  let open = 0;
  let dots = 0;
  let ringEnds = 0;
  // What the next character may not be: a branch, a dot or an end needs an atom before it.
  let before: "start" | "atom" | "bond" | "opened" | "closed" | "dot" = "start";
  let place = 0;
  while (place < smiles.length) {
    const character = smiles[place]!;
    if (character === "(" || character === ")" || character === ".") {
      const fits = before === "atom" || before === "closed" || (character === "." && before === "opened");
      if (!fits) throw malformed(smiles, place, `got ${JSON.stringify(character)}; expected an atom before it`);
      open += character === "(" ? 1 : character === ")" ? -1 : 0;
      if (open < 0) throw malformed(smiles, place, 'got ")" without a "(" before it');
      before = character === "(" ? "opened" : character === ")" ? "closed" : "dot";
      dots += character === "." ? 1 : 0;
      place++;
      continue;
    }
    bondOrRing.lastIndex = place;
    const bond = bondOrRing.exec(smiles);
    if (bond !== null) {
      const ring = /\d/.test(bond[0]);
      if (before === "start" || before === "dot" || (before === "bond" && !ring) || (before === "opened" && ring)) {
        throw malformed(
          smiles,
          place,
          `got ${JSON.stringify(bond[0])}; expected an atom ${before === "bond" ? "or a ring number" : "before it"}`,
        );
      }
      ringEnds += ring ? 1 : 0;
      before = ring ? "atom" : "bond";
      place = bondOrRing.lastIndex;
      continue;
    }
    const atom = atomAt(smiles, place);
    atoms.push(atom);
    before = "atom";
    place = atom.end;
  }
  if (open > 0) throw malformed(smiles, smiles.length, `${open} "(" without a ")"`);
  if (before !== "atom" && before !== "closed") {
    throw malformed(smiles, smiles.length, "it ends where an atom is expected");
  }
  return { atoms, bonds: atoms.length - 1 - dots + ringEnds / 2 };
}

function atomAt(smiles: string, start: number): SpelledAtom {
  const bracket = smiles[start] === "[";
  const expression = bracket ? inBrackets : alone;
  expression.lastIndex = start;
  const match = expression.exec(smiles);
  if (match !== null && /^\[\d*HH/.test(match[0])) {
    throw malformed(smiles, start, "got a hydrogen that carries hydrogens; hydrogen is written [H][H]");
  }
  if (match !== null) return { start, end: expression.lastIndex, symbol: match[1] ?? match[0], bracket };
  if (wildcard.test(bracket ? smiles.slice(start).split("]", 1)[0]! : smiles[start]!)) {
    throw new Unreadable(
      "query-molecule",
      `it is a pattern for many molecules (character ${start + 1}); expected one molecule`,
    );
  }
  if (bracket) throw malformed(smiles, start, "got a bracket that holds no atom, or has no end");
  throw malformed(
    smiles,
    start,
    `got ${JSON.stringify(smiles[start])}; expected an atom, a bond, a branch or a ring number`,
  );
}

function malformed(smiles: string, place: number, what: string): Unreadable {
  const at = place < smiles.length ? `character ${place + 1}` : "the end";
  return new Unreadable("malformed-smiles", `at ${at}: ${what}`);
}
