import type { ColumnEncoder } from "./column-encoder.ts";
import { valueError } from "./feature-values.ts";

/** Booleans have nothing to learn. */
export interface FittedBooleans {
  /** Tells it from what was learned of other features. */
  readonly kind: "boolean";
}

/** One column: 1 for true, 0 for false. */
export function booleanColumns(name: string): ColumnEncoder<FittedBooleans> {
  return {
    fitted: { kind: "boolean" },
    columns: [{ name, category: undefined }],
    write(rows, offset, value, node) {
      if (value === true || value === 1) rows.set(offset, 1);
      else if (value !== false && value !== 0) {
        throw valueError("wrong-type", name, node, value, {
          expected: "true or false, or 1 or 0",
          advice: "Pass a getter that gives one of these.",
        });
      }
    },
  };
}
