import { Random } from "../../random.ts";

/** A source of choices. A property-testing library that shrinks can stand behind it; `seededDraw` needs none. */
export interface Draw {
  /** A whole number from `least` to `most`, both included. */
  integer(least: number, most: number): number;
}

export function seededDraw(seed: number): Draw {
  const random = new Random(seed);
  return { integer: (least, most) => least + random.integer(most - least + 1) };
}

/** Sizes that find the edges of vector code: none, one, around four, eight and sixteen, and more. */
export function drawSize(draw: Draw, least = 0, most = 40): number {
  return draw.integer(least, most);
}

export function drawFrom<Item>(draw: Draw, items: readonly Item[]): Item {
  return items[draw.integer(0, items.length - 1)]!;
}

export function drawBoolean(draw: Draw): boolean {
  return draw.integer(0, 1) === 1;
}

/** The randomness of numbers, as opposed to shapes: one choice, so that shrinking keeps to the shapes. */
export function drawRandom(draw: Draw): Random {
  return new Random(draw.integer(0, 0xffff_ffff));
}

/** `length` numbers from -2 to 2. */
export function floats(random: Random, length: number, low = -2, high = 2): Float32Array {
  return new Float32Array(length).map(() => random.uniform(low, high));
}

/** `length` numbers below `count`. */
export function indices(random: Random, length: number, count: number): Uint32Array {
  return new Uint32Array(length).map(() => random.integer(count));
}

/** A random order of `length` entries. */
export function permutation(random: Random, length: number): Uint32Array {
  return random.shuffle(Uint32Array.from({ length }, (_, p) => p));
}

/** Edges in compressed rows: empty rows, rows of many lengths, repeated edges and loops occur. */
export interface DrawnRows {
  readonly rows: number;
  readonly columnCount: number;
  readonly positions: number;
  readonly offsets: Uint32Array;
  readonly columns: Uint32Array;
  /** Null half of the time. */
  readonly permutation: Uint32Array | null;
}

export function drawRows(draw: Draw, random: Random): DrawnRows {
  const rows = drawSize(draw, 0, 12);
  const columnCount = drawSize(draw, 1, 12);
  const longest = drawFrom(draw, [0, 1, 3, 9, 40]);
  const permuted = drawBoolean(draw);
  const offsets = new Uint32Array(rows + 1);
  for (let row = 0; row < rows; row++) {
    const isolated = random.integer(4) === 0;
    offsets[row + 1] = offsets[row]! + (isolated ? 0 : random.integer(longest + 1));
  }
  const positions = offsets[rows]!;
  return {
    rows,
    columnCount,
    positions,
    offsets,
    columns: indices(random, positions, columnCount),
    permutation: permuted ? permutation(random, positions) : null,
  };
}
