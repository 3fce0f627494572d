import type { RowBuilder } from "./row-builder.ts";

/** Turns the values of one feature into columns. */
export interface ColumnEncoder<Fitted> {
  /** What was learned of the values, as plain data. */
  readonly fitted: Fitted;
  /** The columns in order, with the category, member or place that each stands for. */
  readonly columns: readonly { readonly name: string; readonly category: string | undefined }[];
  /**
   * Writes a value that is not missing into the open row, its first column at `offset`.
   *
   * @throws DataError naming the node, for a value that is not of the kind.
   */
  write(rows: RowBuilder, offset: number, value: unknown, node: string): void;
}
