/** A molecule as it stands in the text box. */
export interface WrittenMolecule {
  /** Counted from 1. */
  readonly line: number;
  readonly smiles: string;
  /** The SMILES where no name is given. */
  readonly name: string;
}

/** What stands in the text box. */
export interface WrittenList {
  readonly molecules: readonly WrittenMolecule[];
  /** Count of molecules behind the last one that is read. */
  readonly leftOut: number;
}

/** The most molecules that are read of the text box: what a page can draw and scroll through. */
export const mostWritten = 1000;

/**
 * Reads one molecule a line: its SMILES and, behind spaces, a tab, a comma or a semicolon, a name. Empty lines and those that begin with `#` say
 * nothing: no SMILES begins so.
 */
export function readWrittenList(text: string): WrittenList {
  const molecules: WrittenMolecule[] = [];
  let leftOut = 0;
  for (const [index, written] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = written.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (molecules.length === mostWritten) {
      leftOut++;
      continue;
    }
    const [, smiles = line, name = ""] = /^([^\s,;]+)(?:[\s,;]+(.*))?$/s.exec(line) ?? [];
    molecules.push({ line: index + 1, smiles, name: name.trim() || smiles });
  }
  return { molecules, leftOut };
}
