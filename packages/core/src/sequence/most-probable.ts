import type { Tensor } from "../tensor/tensor.ts";

/** For each row of `[rows, columns]` the column of its largest number, the first one of equals. */
export function mostProbable(x: Tensor): Uint32Array {
  const [rows = 0, columns = 0] = x.shape;
  const values = x.dataSync();
  return Uint32Array.from({ length: rows }, (_, r) => {
    let best = 0;
    for (let c = 1; c < columns; c++) if (values[r * columns + c]! > values[r * columns + best]!) best = c;
    return best;
  });
}
