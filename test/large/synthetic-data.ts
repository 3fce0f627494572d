import { type DenseMatrix, Random } from "@vicinal/core";

/** Nodes with random features, and classes that follow from them. */
export interface SyntheticNodes {
  readonly features: DenseMatrix;
  readonly labels: Int32Array;
}

/** The class of a node is that of `classes` random directions in which its features, drawn from the normal distribution, point the most. */
export function syntheticNodes(nodes: number, width: number, classes: number, seed: number): SyntheticNodes {
  const random = new Random(seed);
  const directions = Float64Array.from({ length: classes * width }, () => random.normal());
  const values = new Float32Array(nodes * width);
  const labels = new Int32Array(nodes);
  for (let node = 0; node < nodes; node++) {
    const own = values.subarray(node * width, (node + 1) * width);
    for (let column = 0; column < width; column++) own[column] = random.normal();
    let best = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) {
      let along = 0;
      for (let column = 0; column < width; column++) along += directions[c * width + column]! * own[column]!;
      if (along <= best) continue;
      best = along;
      labels[node] = c;
    }
  }
  return { features: { kind: "dense", rows: nodes, columns: width, values }, labels };
}
