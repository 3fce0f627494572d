/** IEEE 754 binary16 to float32: 1 bit of sign, 5 of exponent, 10 of fraction. Every one of them is a float32. */
export function fromHalfFloat(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (bits) => {
    const [exponent, fraction] = [(bits >>> 10) & 0x1f, bits & 0x3ff];
    const sign = bits >>> 15 === 0 ? 1 : -1;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

/** bfloat16 to float32, of which it is the upper half. */
export function fromBrainFloat(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  const bits = new Uint32Array(values.buffer);
  for (let k = 0; k < halves.length; k++) bits[k] = halves[k]! << 16;
  return values;
}
