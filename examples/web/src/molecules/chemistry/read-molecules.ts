import { type Molecule, moleculesFromSmiles } from "@vicinal/molecules";
import type { UnreadMolecule } from "../protocol.ts";

/** Molecules that could be read, and those that could not. */
export interface ReadList {
  readonly molecules: readonly Molecule[];
  /** `[molecules]`: the place of each in the list, from 0. */
  readonly places: Uint32Array;
  readonly unread: readonly UnreadMolecule[];
}

/** The longest SMILES that is read: the double bonds and the drawing of longer ones can take minutes. */
export const longestSmiles = 1000;

/** Reads what can be read. Salts are one molecule of several fragments. */
export function readList(smiles: readonly string[]): ReadList {
  const tooLong = smiles.flatMap((text, place) => (text.length > longestSmiles ? [place] : []));
  const skipped = new Set(tooLong);
  const places = smiles.flatMap((_, place) => (skipped.has(place) ? [] : [place]));
  const { molecules, rows, invalid } = moleculesFromSmiles(
    places.map((place) => smiles[place]!),
    { onInvalid: "skip" },
  );
  const unread = [
    ...invalid.map(({ row, smiles: text, reason }) => ({
      place: places[row]!,
      smiles: text,
      reason: sentence(reason),
    })),
    ...tooLong.map((place) => ({
      place,
      smiles: smiles[place]!,
      reason: `It has ${smiles[place]!.length.toLocaleString("en")} characters; at most ${longestSmiles.toLocaleString("en")} are read.`,
    })),
  ].sort((a, b) => a.place - b.place);
  return { molecules, places: rows.map((row) => places[row]!), unread };
}

function sentence(reason: string): string {
  const text = reason.replace(/\s+/g, " ").trim();
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? "" : "."}`;
}
