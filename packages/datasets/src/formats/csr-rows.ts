import type { CsrMatrix } from "@vicinal/core";

/** Builds a sparse matrix row by row, columns ascending within a row, whatever order the file has them in. */
export class CsrRows {
  readonly #indptr: number[] = [0];
  readonly #indices: number[] = [];
  readonly #values: number[] = [];

  /** Appends a row that holds 1 in the given columns; a column named twice counts once. */
  addSet(columns: Iterable<number>): void {
    for (const column of [...new Set(columns)].sort((a, b) => a - b)) {
      this.#indices.push(column);
      this.#values.push(1);
    }
    this.#indptr.push(this.#indices.length);
  }

  /** Appends a row that holds `values[p]` in column `columns[p]` for `p` from `start` to `end - 1`; zeros are left out. */
  addEntries(columns: ArrayLike<number>, values: ArrayLike<number>, start: number, end: number): void {
    const positions: number[] = [];
    for (let p = start; p < end; p++) if (values[p] !== 0) positions.push(p);
    for (const p of positions.sort((a, b) => columns[a]! - columns[b]!)) {
      this.#indices.push(columns[p]!);
      this.#values.push(values[p]!);
    }
    this.#indptr.push(this.#indices.length);
  }

  /** Appends a row without entries. */
  addEmpty(): void {
    this.#indptr.push(this.#indices.length);
  }

  /** The matrix; its `values` are undefined when every one of them is 1. */
  finish(columns: number): CsrMatrix {
    return {
      kind: "csr",
      rows: this.#indptr.length - 1,
      columns,
      indptr: Uint32Array.from(this.#indptr),
      indices: Uint32Array.from(this.#indices),
      values: this.#values.every((value) => value === 1) ? undefined : Float32Array.from(this.#values),
    };
  }
}
