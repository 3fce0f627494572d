/** One dimension of a walk over several operands at once. */
export interface Dimension {
  readonly size: number;
  /** The step of each operand, in numbers. */
  readonly strides: readonly number[];
}

/**
 * The fewest dimensions that walk the same numbers in the same order: those of size 1 fall away, and two neighbors become one
 * where every operand goes on from the one as it would within the other. At least one dimension remains.
 */
export function mergeDimensions(shape: readonly number[], strides: readonly (readonly number[])[]): Dimension[] {
  const merged: Dimension[] = [];
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d]!;
    if (size === 1) continue;
    const steps = strides.map((operand) => operand[d]!);
    const before = merged.at(-1);
    if (before?.strides.every((step, operand) => step === size * steps[operand]!)) {
      merged[merged.length - 1] = { size: before.size * size, strides: steps };
    } else {
      merged.push({ size, strides: steps });
    }
  }
  return merged.length > 0 ? merged : [{ size: 1, strides: strides.map(() => 1) }];
}
