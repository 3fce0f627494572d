import type { Product } from "./product-work.ts";

/**
 * The product by the definition, in float64. Row after row, one rank-one step at a time, so that the innermost loop reads what follows each other wherever the form
 * allows.
 */
export function multiplyByDefinition(
  { form, rows, inner, columns }: Product,
  a: Float32Array,
  b: Float32Array,
): Float64Array {
  const [aRow, aColumn] = form === "A^T B" ? [1, rows] : [inner, 1];
  const [bRow, bColumn] = form === "A B^T" ? [1, inner] : [columns, 1];
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let l = 0; l < inner; l++) {
      const left = a[i * aRow + l * aColumn]!;
      for (let j = 0; j < columns; j++) out[i * columns + j]! += left * b[l * bRow + j * bColumn]!;
    }
  }
  return out;
}
