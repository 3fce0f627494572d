import type { Atom, Bond } from "../molecule/atom.ts";

/** One or more columns of numbers that describe an atom or a bond. */
export interface Feature<Item> {
  /** What it describes, such as `"degree"`. */
  readonly name: string;
  /** A name for each of its columns, such as `"degree=2"`. */
  readonly columns: readonly string[];
  /** Writes its columns of `item` to `row[start]` and after it. They hold 0 before. */
  write(item: Item, row: Float32Array, start: number): void;
}

/** A feature with a column for each of some values: 1 in that of the item's value, 0 in the others; `other` takes what is not among them. */
export function oneOf<Item, Value extends string | number>(
  name: string,
  values: readonly Value[],
  read: (item: Item) => Value | undefined,
  other?: "other" | "last" | "none",
): Feature<Item> {
  const places = new Map(values.map((value, place) => [value, place] as const));
  const columns = values.map((value) => `${name}=${value}`);
  if (other === "other") columns.push(`${name}=other`);
  if (other === "last") columns[columns.length - 1] += " or more";
  return {
    name,
    columns,
    write(item, row, start) {
      const value = read(item);
      const place = value === undefined ? undefined : places.get(value);
      if (place !== undefined) row[start + place] = 1;
      else if (value !== undefined && other !== "none") row[start + columns.length - 1] = 1;
    },
  };
}

/** A feature of one column. */
export function number<Item>(name: string, read: (item: Item) => number): Feature<Item> {
  return {
    name,
    columns: [name],
    write(item, row, start) {
      row[start] = read(item);
    },
  };
}

/** A feature of one column that is 1 or 0. */
export function flag<Item>(name: string, holds: (item: Item) => boolean): Feature<Item> {
  return number(name, (item) => (holds(item) ? 1 : 0));
}

/** Features of atoms and bonds. */
export interface FeatureSet {
  readonly atoms: readonly Feature<Atom>[];
  readonly bonds: readonly Feature<Bond>[];
}
