import { DataError } from "@vicinal/core";

/**
 * The type of a node or an edge: a text that is not empty.
 *
 * @param which Names the node or the edge.
 * @throws DataError `missing-type` or `wrong-type`.
 */
export function checkedType(which: string, what: string, type: unknown): string {
  if (typeof type === "string" && type !== "") return type;
  if (type === undefined || type === null || type === "") {
    throw new DataError(
      "missing-type",
      `${which} lacks ${what}; expected a text that names its type. Set it, or pass a getter that gives one.`,
    );
  }
  throw new DataError(
    "wrong-type",
    `${which} has ${what} of type ${typeof type}; expected a text that names its type. Convert it, or pass a getter that does.`,
  );
}

/** How messages call what a getter reads. */
export function typeSource(getter: string | ((...of: never[]) => unknown)): string {
  return typeof getter === "string" ? `the attribute "${getter}"` : "a type from the getter";
}
