// WebAssembly's binary format: what generated kernels are written in, and those that travel packed.

/** Bytes, in parts. */
export type Code = readonly (readonly number[])[];

/** The section of the code of all functions. */
export function codeSection(functions: readonly Code[]): Code {
  const parts = [unsigned(functions.length), ...functions.flat()];
  return [[10, ...unsigned(lengthOf(parts))], ...parts];
}

/** Bytes one after the other. */
export function joined(parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function lengthOf(parts: readonly ArrayLike<number>[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

/** What a function's body begins with: the types of its locals, neighbors that are alike together. */
export function declareLocals(types: readonly number[]): number[] {
  const groups: { count: number; type: number }[] = [];
  for (const type of types) {
    const last = groups[groups.length - 1];
    if (last?.type === type) last.count++;
    else groups.push({ count: 1, type });
  }
  return vector(groups.map(({ count, type }) => [...unsigned(count), type]));
}

/** A section: its number, its length, its content. */
export function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** A vector as the format has them: how many items, and the items. */
export function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

export function name(text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}

/** A number that is not negative in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  pushUnsigned(bytes, value);
  return bytes;
}

export function pushUnsigned(bytes: number[], value: number): void {
  let rest = value >>> 0;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
}

/** Signed LEB128. */
export function pushSigned(bytes: number[], value: number): void {
  let rest = value;
  while (rest < -0x40 || rest > 0x3f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>= 7;
  }
  bytes.push(rest & 0x7f);
}

/** A 32-bit integer in four bytes. */
export function pushInteger(bytes: number[], value: number): void {
  bytes.push(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff);
}
