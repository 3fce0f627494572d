// Attention over rows that were computed in parts. The range is of heads.

import { expBounded, log } from "./functions";
import { storeLanes } from "./lanes";

/**
 * One row from its parts: `partials` is `[parts, heads, channels]`, each the softmax-weighted mean of its part, and `partialSums`,
 * `[parts, heads]`, the logarithms of their sums of exponentials. A part weighs as much as its sum: `exp(partialSum - logSum)`. Replaces
 * the partial sums by these weights.
 */
export function mergeParts(
  partials: usize, partialSums: usize, parts: u32, heads: u32, channels: u32, out: usize, logSum: usize, start: u32, end: u32,
): void {
  const span = channels << 2;
  const pitch = heads * span;
  const sumPitch = heads << 2;
  for (let h = start; h < end; h++) {
    const sums = partialSums + (h << 2);
    let most = load<f32>(sums);
    for (let p: u32 = 1; p < parts; p++) most = max(most, load<f32>(sums + p * sumPitch));
    // Parts of -Infinity have no maximum to subtract.
    const shift = f32x4.splat(most == -Infinity ? 0 : most);
    let total: f64 = 0;
    for (let p: u32 = 0; p < parts; p++) {
      const weight = f32x4.extract_lane(expBounded(f32x4.sub(v128.load_splat<f32>(sums + p * sumPitch), shift)), 0);
      store<f32>(sums + p * sumPitch, weight);
      total += <f64>weight;
    }
    store<f32>(logSum + (h << 2), f32x4.extract_lane(f32x4.add(shift, log(f32x4.splat(<f32>total))), 0));
    const scale = f32x4.splat(total == 0 ? 0 : <f32>(1 / total));
    const from = partials + h * span;
    const to = out + h * span;
    for (let c: u32 = 0; c < span; c += 16) {
      let sum = f32x4.splat(0);
      let at = from + c;
      for (let p: u32 = 0; p < parts; p++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load_splat<f32>(sums + p * sumPitch), v128.load(at)));
        at += pitch;
      }
      storeLanes(to + c, f32x4.mul(sum, scale), (span - c) >> 2);
    }
  }
}
