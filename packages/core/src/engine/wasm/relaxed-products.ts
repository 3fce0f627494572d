const NOP = 0x01;
/** `f32x4.mul`, behind which each of the places has `local.get` and `f32x4.add`: each is as long as `f32x4.relaxed_madd`. */
const MULTIPLY_BYTES = 3;
/** The second and third byte of `f32x4.relaxed_madd`. */
const RELAXED_MADD = [0x85, 0x02] as const;

/**
 * The kernels with a fused multiply-add in the innermost loops of dense products: `a b mul c add` becomes `a b c relaxed_madd`. The two modules differ
 * in these bytes alone, so that one build serves both.
 *
 * @param sites - Where the module's products are.
 */
export function withRelaxedProducts(
  module: Uint8Array<ArrayBuffer>,
  sites: readonly number[],
): Uint8Array<ArrayBuffer> {
  const bytes = module.slice();
  for (const site of sites) {
    bytes.fill(NOP, site, site + MULTIPLY_BYTES);
    let add = site + MULTIPLY_BYTES + 1;
    // The number of the local, in LEB128.
    while (bytes[add]! >= 0x80) add++;
    bytes.set(RELAXED_MADD, add + 2);
  }
  return bytes;
}
