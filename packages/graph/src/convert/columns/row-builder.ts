import type { FeatureMatrix } from "@vicinal/core";

/** A matrix with at most this share of other values than zero is kept sparse: below it, products with it are faster that way. */
const SPARSE_SHARE = 1 / 8;

/** Collects a matrix row by row. */
export class RowBuilder {
  readonly #starts: Uint32Array;
  #rows = 0;
  #length = 0;
  #indices = new Uint32Array(1024);
  #values = new Float32Array(1024);
  #onlyOnes = true;

  constructor(rows: number) {
    this.#starts = new Uint32Array(rows + 1);
  }

  /** Adds a value to the open row; a column takes one value a row. */
  set(column: number, value: number): void {
    if (value === 0) return;
    if (this.#length === this.#indices.length) this.#grow();
    this.#indices[this.#length] = column;
    this.#values[this.#length++] = value;
    if (value !== 1) this.#onlyOnes = false;
  }

  endRow(): void {
    this.#starts[++this.#rows] = this.#length;
  }

  /** The rows so far, as compressed rows if they are mostly zero, else dense. */
  matrix(columns: number): FeatureMatrix {
    const rows = this.#rows;
    const indptr = this.#starts.slice(0, rows + 1);
    if (this.#length > SPARSE_SHARE * rows * columns) {
      const values = new Float32Array(rows * columns);
      for (let r = 0; r < rows; r++) {
        for (let p = indptr[r]!; p < indptr[r + 1]!; p++) values[r * columns + this.#indices[p]!] = this.#values[p]!;
      }
      return { kind: "dense", rows, columns, values };
    }
    return {
      kind: "csr",
      rows,
      columns,
      indptr,
      indices: this.#indices.slice(0, this.#length),
      values: this.#onlyOnes ? undefined : this.#values.slice(0, this.#length),
    };
  }

  #grow(): void {
    const indices = new Uint32Array(2 * this.#length);
    const values = new Float32Array(2 * this.#length);
    indices.set(this.#indices);
    values.set(this.#values);
    this.#indices = indices;
    this.#values = values;
  }
}
