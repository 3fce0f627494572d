import type { ColumnEncoder } from "./column-encoder.ts";
import { isList } from "./feature-kind.ts";
import { type FeatureValues, valueError } from "./feature-values.ts";
import type { RowBuilder } from "./row-builder.ts";

/** The members that were seen. */
export interface FittedSets {
  /** Tells it from what was learned of other features. */
  readonly kind: "set";
  /** One for each column, in their order: strings by UTF-16 code units, numbers by size. Undefined where member `c` is column `c`. */
  readonly members: readonly string[] | readonly number[] | undefined;
  /** Count of columns. */
  readonly size: number;
}

/**
 * One column a member, 1 in the columns of the node's members: a bag of words. A member that is repeated counts once. Members
 * that were not seen when fitting are left out.
 *
 * @param size Where it is given, members are column numbers below it, and nothing is left out.
 */
export function fitSets(feature: FeatureValues, size?: number): ColumnEncoder<FittedSets> {
  return size === undefined ? setsOfMembers(feature) : setsOfColumns(feature.name, size);
}

/** The columns of sets that were fitted. */
export function setColumns(name: string, { members, size }: FittedSets): ColumnEncoder<FittedSets> {
  return members === undefined ? setsOfColumns(name, size) : memberColumns(name, members);
}

function setsOfColumns(name: string, size: number): ColumnEncoder<FittedSets> {
  const write = distinctColumns(size);
  return {
    fitted: { kind: "set", members: undefined, size },
    columns: Array.from({ length: size }, (_, c) => ({ name: `${name} has ${c}`, category: String(c) })),
    write(rows, offset, value, node) {
      const list = listOf(name, value, node);
      write(rows, offset, list.length, (k) => {
        const member = list[k];
        if (typeof member === "number" && Number.isInteger(member) && member >= 0 && member < size) return member;
        throw valueError(typeof member === "number" ? "index-out-of-range" : "wrong-type", name, node, member, {
          expected: `whole numbers from 0 to ${size - 1}, the columns that \`size\` names`,
          advice: "Correct the members, or leave out `size` so that a column is made for each member.",
        });
      });
    },
  };
}

function setsOfMembers(feature: FeatureValues): ColumnEncoder<FittedSets> {
  const { name } = feature;
  const strings = new Set<string>();
  const numbers = new Set<number>();
  for (const [i, value] of feature.values.entries()) {
    if (value === undefined) continue;
    const node = feature.nodes[i]!;
    const list = listOf(name, value, node);
    for (let k = 0; k < list.length; k++) {
      const member = checkedMember(name, list[k], node);
      if (typeof member === "string") strings.add(member);
      else numbers.add(member);
    }
    if (strings.size > 0 && numbers.size > 0) {
      throw valueError("mixed-types", name, node, value, {
        expected: "sets of strings alone or of whole numbers alone",
        advice: "Make the members alike on all nodes.",
      });
    }
  }
  return memberColumns(name, strings.size > 0 ? [...strings].sort() : [...numbers].sort((a, b) => a - b));
}

function memberColumns(name: string, members: readonly string[] | readonly number[]): ColumnEncoder<FittedSets> {
  const columnOf = new Map<string | number, number>(members.map((member, c) => [member, c]));
  const write = distinctColumns(members.length);
  return {
    fitted: { kind: "set", members, size: members.length },
    columns: members.map((member) => ({ name: `${name} has ${member}`, category: String(member) })),
    write(rows, offset, value, node) {
      const list = listOf(name, value, node);
      write(rows, offset, list.length, (k) => columnOf.get(checkedMember(name, list[k], node)));
    },
  };
}

/** Writes the columns of one row in ascending order, each once, so that a set gives the same bits in whatever order it is kept. */
function distinctColumns(size: number) {
  const lastRow = new Uint32Array(size);
  let row = 0;
  let found = new Uint32Array(64);
  return (rows: RowBuilder, offset: number, count: number, columnAt: (k: number) => number | undefined): void => {
    row++;
    if (count > found.length) found = new Uint32Array(2 * count);
    let length = 0;
    for (let k = 0; k < count; k++) {
      const column = columnAt(k);
      if (column === undefined || lastRow[column] === row) continue;
      lastRow[column] = row;
      found[length++] = column;
    }
    const columns = found.subarray(0, length).sort();
    for (let k = 0; k < length; k++) rows.set(offset + columns[k]!, 1);
  };
}

function listOf(feature: string, value: unknown, node: string): ArrayLike<unknown> {
  if (value instanceof Set) return [...value];
  if (isList(value)) return value;
  throw valueError("wrong-type", feature, node, value, {
    expected: "the members of a set: an array, a `Set` or a typed array",
    advice: "Put a single member into an array, or leave the value out so that it counts as missing.",
  });
}

function checkedMember(feature: string, member: unknown, node: string): string | number {
  if (typeof member === "string" || (typeof member === "number" && Number.isSafeInteger(member))) return member;
  throw valueError("wrong-type", feature, node, member, {
    expected: "members that are strings or whole numbers",
    advice: "Correct the members, or pass a getter that gives such ones.",
  });
}
